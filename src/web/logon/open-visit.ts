import type { Context } from 'koa';
import { type Client, errors, type Interaction } from 'oidc-provider';
import { findLogonUserById, type LogonUser } from '../../domain/logon/logon-store.ts';
import type { RequestInfo } from '../http/request-info.ts';
import { clientOrigin, requiredAcrOf } from '../oidc/clients.ts';
import { interactionAddress } from '../oidc/interaction-address.ts';
import type { HostedIssuer } from '../oidc/issuers.ts';
import { type LevelWish, readLevelWish } from '../oidc/levels.ts';
import { deviceTokenHashes } from './device-cookie.ts';
import { beginningAgain, readLogonState, type LogonState } from './logon-state.ts';
import type { Situation } from './next-step.ts';
import { keptFromSession } from './step-up.ts';
import { type LogonDeps, requestParameter, type Visit } from './visit.ts';

/** The logon an address speaks of, or undefined: finished, expired, another browser's, or another tab's cookie. */
async function findInteraction(ctx: Context, hosted: HostedIssuer, uid: string): Promise<Interaction | undefined> {
  try {
    const interaction = await hosted.provider.interactionDetails(ctx.req, ctx.res);
    return interaction.uid === uid && interaction.result === undefined ? interaction : undefined;
  } catch (error) {
    if (error instanceof errors.SessionNotFound) return undefined;
    throw error;
  }
}

export interface VisitRequest {
  readonly ctx: Context;
  readonly hosted: HostedIssuer;
  readonly info: RequestInfo;
  readonly uid: string;
}

/** Puts together what a request to a logon rests on. Undefined where there is no such logon under way in this browser. */
export async function openVisit(deps: LogonDeps, { ctx, hosted, info, uid }: VisitRequest): Promise<Visit | undefined> {
  const [interaction, stored] = await Promise.all([
    findInteraction(ctx, hosted, uid),
    readLogonState(deps.ephemeral, hosted.issuerName, uid),
  ]);
  const client =
    interaction === undefined
      ? undefined
      : await hosted.provider.Client.find(requestParameter(interaction, 'client_id'));
  if (interaction === undefined || client === undefined || !leadsBack(client, interaction)) return undefined;
  const beginning = { ctx, deps, hosted, interaction, app: { client, name: appName(client) } };
  return {
    ...beginning,
    info,
    stored,
    situation: await situationOf(beginning, stored.state),
    action: interactionAddress(hosted.issuerName, uid, client.clientId),
    csrf: deps.formTokens.issue(formSubject(hosted, uid)),
  };
}

/** An address that was removed while the logon waited is not led to, with a code or without. */
const leadsBack = (client: Client, interaction: Interaction): boolean =>
  client.redirectUriAllowed(requestParameter(interaction, 'redirect_uri'));

/** What the form token of a logon is bound to. */
export const formSubject = ({ issuerName }: HostedIssuer, uid: string): string => `logon:${issuerName}:${uid}`;

function appName(client: Client): string | undefined {
  const origin = clientOrigin(client);
  return origin.kind === 'application' ? origin.application.displayName : undefined;
}

type VisitBeginning = Pick<Visit, 'ctx' | 'deps' | 'hosted' | 'interaction' | 'app'>;

async function situationOf(visit: VisitBeginning, state: LogonState): Promise<Situation> {
  const { hosted, interaction } = visit;
  const demands = { wish: wishOf(visit), preferences: hosted.settings.securityPreferences };
  if (interaction.prompt.name === 'consent') {
    const user = await findUser(visit, interaction.session?.accountId ?? '');
    return { purpose: 'consent', state, user, ...demands };
  }
  return { purpose: 'login', ...(await whatHolds(visit, state)), ...demands };
}

const findUser = ({ ctx, deps, hosted }: VisitBeginning, userId: string): Promise<LogonUser | undefined> =>
  findLogonUserById(deps.db, hosted.accountId, userId, deviceTokenHashes({ ctx, deps, hosted }));

/** What was proved in this logon and still holds; before anything was, what the session brings to a step-up. */
async function whatHolds(visit: VisitBeginning, state: LogonState): Promise<Pick<Situation, 'state' | 'user'>> {
  if (state.userId !== undefined) {
    const user = await findUser(visit, state.userId);
    return holds(user, state)
      ? { state, user }
      : { state: beginningAgain('logon.begin-again-changed'), user: undefined };
  }
  const kept = state.fromStart === true ? undefined : await keptFromSession(visit);
  const user = kept?.userId === undefined ? undefined : await findUser(visit, kept.userId);
  // Whoever has no second factor yet gives the password before one is bound: the session may be a thief's.
  return kept !== undefined && holds(user, kept) && user.hasMfa ? { state: kept, user } : { state, user: undefined };
}

/** Whatever ends the user's sessions ends a logon half done: it begins again with the first step. */
const holds = (user: LogonUser | undefined, { userEpoch }: LogonState): user is LogonUser =>
  user?.mayLogOn === true && user.epoch === userEpoch;

/** The engine has refused what cannot be read. */
const wishOf = ({ interaction, app }: VisitBeginning): LevelWish =>
  readLevelWish({
    acrValues: requestParameter(interaction, 'acr_values'),
    claims: JSON.parse(requestParameter(interaction, 'claims') || '{}') as Parameters<
      typeof readLevelWish
    >[0]['claims'],
    requiredAcr: requiredAcrOf(app.client),
  });
