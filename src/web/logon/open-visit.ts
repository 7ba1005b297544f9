import type { Context } from 'koa';
import { type Client, errors, type Interaction } from 'oidc-provider';
import { findLogonUserById, type LogonUser } from '../../domain/logon/logon-store.ts';
import type { RequestInfo } from '../http/request-info.ts';
import { clientOrigin } from '../oidc/clients.ts';
import type { HostedIssuer } from '../oidc/issuers.ts';
import { readLogonState, type LogonState } from './logon-state.ts';
import type { Situation } from './next-step.ts';
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
  return {
    deps,
    hosted,
    interaction,
    app: { client, name: appName(client) },
    info,
    stored,
    situation: await situationOf(deps, hosted, interaction, stored.state),
    action: `/${hosted.issuerName}/logon/${uid}`,
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

async function situationOf(
  deps: LogonDeps,
  hosted: HostedIssuer,
  interaction: Interaction,
  state: LogonState,
): Promise<Situation> {
  if (interaction.prompt.name === 'consent') {
    const user = await findLogonUserById(deps.db, hosted.accountId, interaction.session?.accountId ?? '');
    return { purpose: 'consent', state, user };
  }
  if (state.userId === undefined) return { purpose: 'login', state, user: undefined };
  const user = await findLogonUserById(deps.db, hosted.accountId, state.userId);
  return holds(user, state) ? { purpose: 'login', state, user } : { purpose: 'login', state: {}, user: undefined };
}

/** Whatever ends the user's sessions ends a logon half done: it begins again with the first step. */
const holds = (user: LogonUser | undefined, { userEpoch }: LogonState): user is LogonUser =>
  user?.mayLogOn === true && user.epoch === userEpoch;
