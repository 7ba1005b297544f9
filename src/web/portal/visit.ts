import type { Context } from 'koa';
import { AppError } from '../../domain/app-error.ts';
import type { Caller } from '../../domain/caller.ts';
import { mayStaySignedIn } from '../../domain/logon/logon-demands.ts';
import { mayPerform, type Operation, performOperation } from '../../domain/operation.ts';
import { findUser, type UserRow } from '../../domain/users/users-store.ts';
import { requestInfo } from '../http/request-info.ts';
import { type SignedInSession, signedInUser } from '../oidc/browser-session.ts';
import { deviceTokenHashes } from '../oidc/device-token.ts';
import type { HostedIssuer } from '../oidc/issuers.ts';
import type { FramedPortalPage } from '../views/pages/portal-pages.ts';
import type { Form } from '../http/form-body.ts';
import { type NoticeName, takeNotice } from './notices.ts';
import type { PortalDeps } from './portal-deps.ts';
import type { Refusal } from './refusals.ts';
import type { SectionName } from './sections.ts';
import { sessionCaller } from './session-caller.ts';

/** A request to the portal by somebody who is signed in. */
export interface PortalVisit {
  readonly deps: PortalDeps;
  readonly ctx: Context;
  readonly hosted: HostedIssuer;
  readonly session: SignedInSession;
  readonly user: UserRow;
  readonly caller: Caller;
  /** What was done just before, for the page to tell. */
  readonly notice?: NoticeName | undefined;
  /** Why the form that was sent is shown again. */
  readonly refusal?: Refusal | undefined;
}

/** Where the browser goes on. */
export type LeadOn =
  | { readonly leadTo: string; readonly notice?: NoticeName | undefined }
  /** The session has ended with what was done. */
  | { readonly ended: 'password-changed' | 'device-removed' | undefined };

export type PortalAnswer = FramedPortalPage | LeadOn;

/** A form that is shown again. */
export interface Refused {
  readonly refusal: Refusal;
  readonly status: number;
}

/** A page of the portal, or what one of its forms does. */
export interface PortalRoute {
  /** What is shown after a logon to whoever comes here without one. */
  readonly section: SectionName;
  /** Below `/<alias>/portal`. */
  readonly path: string;
  readonly show?: (visit: PortalVisit) => Promise<PortalAnswer>;
  /** What a form does. Refusals of the domain are told on the page that `again` shows. */
  readonly act?: (visit: PortalVisit, form: Form) => Promise<LeadOn | Refused>;
  /** The page whose form was refused. */
  readonly again?: (visit: PortalVisit, form: Form) => Promise<PortalAnswer>;
}

/** Undefined where nobody is signed in at this issuer with this browser, or not in the way that the account asks for by now. */
export async function openVisit(deps: PortalDeps, ctx: Context): Promise<PortalVisit | undefined> {
  const hosted = hostedBy(ctx);
  const session = await signedInUser(ctx, hosted);
  if (session === undefined) return undefined;
  const user = await findUser(deps.db, hosted.accountId, { userId: session.accountId });
  if (user === undefined) return undefined;
  const info = requestInfo(ctx.req);
  if (!(await mayStaySignedIn(deps.db, hosted.settings, { ...user, sourceIp: info.sourceIp }))) return undefined;
  const { https } = deps;
  const tokenHashes = deviceTokenHashes(ctx.req, { issuerName: hosted.issuerName, https });
  const caller = sessionCaller({ session, user, info, https, deviceTokenHashes: tokenHashes });
  return { deps, ctx, hosted, session, user, caller };
}

/** The same with what was left for the page to tell. */
export const withNotice = (visit: PortalVisit): PortalVisit => ({
  ...visit,
  notice: takeNotice(visit.ctx, visit.deps, {
    issuerName: visit.hosted.issuerName,
    sessionUid: visit.session.uid,
  }),
});

/** The request's issuer, found live by the entrance. */
export const hostedBy = (ctx: Context): HostedIssuer => (ctx.state as { hosted: HostedIssuer }).hosted;

/** Calls an operation as the one who is signed in. */
export const perform = <Input, Prepared, Output>(
  { deps, caller }: PortalVisit,
  operation: Operation<Input, Prepared, Output>,
  input: unknown,
): Promise<Output> => performOperation(deps, caller, operation, input);

/** Whether they may. */
export const may = <Input, Prepared, Output>(
  { deps, caller }: PortalVisit,
  operation: Operation<Input, Prepared, Output>,
  input: Input,
): Promise<boolean> => mayPerform({ ...deps, caller }, operation, input);

/** Throws `NoPermission` unless they may: the page is closed to them. */
export async function requireMay<Input, Prepared, Output>(
  visit: PortalVisit,
  operation: Operation<Input, Prepared, Output>,
  input: Input,
): Promise<void> {
  if (!(await may(visit, operation, input))) throw new AppError('NoPermission', 'This page is closed to the user.');
}

/** A page of this issuer's portal. */
export const addressOf = ({ hosted }: PortalVisit, path: string): string => `/${hosted.issuerName}/portal${path}`;

/** What WebAuthn challenges of this session are made for. */
export const boundToSession = ({ hosted, session }: PortalVisit): string => `${hosted.issuerName}:${session.uid}`;

/** `user@alias` */
export const principalOf = ({ hosted, user }: PortalVisit): string => `${user.userName}@${hosted.currentAlias}`;

export const formSubject = ({ session }: Pick<PortalVisit, 'session'>): string => `portal:${session.uid}`;

/** One value of the query; undefined for none and for several. */
export function queryValue({ ctx }: PortalVisit, name: string): string | undefined {
  const value = ctx.query[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
