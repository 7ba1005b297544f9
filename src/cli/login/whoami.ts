import type { Command } from 'commander';
import { z } from 'zod';
import { connect } from '../client/access-tokens.ts';
import { fetchAs, printResult, withApiOptions } from '../client/api-verb.ts';
import { type Credentials, findCredentials } from '../client/credentials.ts';
import { clientId } from '../client/login-renewal.ts';
import { isLogin, readProfiles } from '../client/profiles-file.ts';
import { readJson, send } from '../client/requests.ts';
import type { Terminal } from '../terminal.ts';
import { formatFields, shortTime } from '../text.ts';
import { userAnswer } from '../users/user-answers.ts';

interface WhoamiOptions {
  readonly profile?: string;
  readonly json?: boolean;
}

const accessKeyAnswer = z.looseObject({ id: z.string(), expiresAt: z.string().nullish() });
const introspection = z.looseObject({ active: z.boolean(), exp: z.number().optional() });

/** `postern whoami` */
export function addWhoami(command: Command, terminal: Terminal): void {
  withApiOptions(command)
    .addHelpText('after', '\nExamples:\n  postern whoami\n  postern whoami --profile test --json')
    .action(async (options: WhoamiOptions) => {
      const credentials = await findCredentials(terminal, options.profile);
      const api = await connect(terminal, credentials);
      const user = await fetchAs(api, userAnswer, { method: 'GET', path: ['me'] });
      const signedInBy = 'login' in credentials ? 'browser' : 'accessKey';
      const endsAt =
        'login' in credentials
          ? await endOfLogin(terminal, credentials)
          : await fetchAs(api, accessKeyAnswer, {
              method: 'GET',
              path: ['users', user.userName, 'access-keys', credentials.accessKeyId],
            }).then(
              ({ expiresAt }) => expiresAt ?? null,
              // Not everybody may look at keys, their own included.
              () => null,
            );
      const who = 'login' in credentials ? { profile: credentials.profile } : { accessKeyId: credentials.accessKeyId };
      printResult(terminal, options, { issuer: api.issuer, user, signedInBy, ...who, endsAt }, () =>
        formatFields([
          ['Issuer', api.issuer],
          ['User', user.logonName],
          ['User id', user.userId],
          ['Signed in by', describe(credentials)],
          ['Until', shortTime(endsAt)],
        ]),
      );
    });
}

const describe = (credentials: Credentials): string =>
  'login' in credentials
    ? `postern login (profile ${credentials.profile}), ${shortTime(credentials.login.signedInAt) ?? ''}`
    : `access key ${credentials.accessKeyId}`;

/** When the refresh token ends at the latest (RFC 7662); signing out in the browser ends it before. */
async function endOfLogin(terminal: Terminal, credentials: Credentials & { profile: string }): Promise<string | null> {
  // Opening the API may have renewed it.
  const present = (await readProfiles(terminal))?.[credentials.profile];
  if (present === undefined || !isLogin(present)) return null;
  const body = new URLSearchParams({ token: present.login.refreshToken, client_id: clientId });
  const answer = await send(`${credentials.issuer}/oauth2/introspect`, { method: 'POST', body });
  const parsed = introspection.safeParse(await readJson(answer));
  const exp = parsed.success && parsed.data.active ? parsed.data.exp : undefined;
  return exp === undefined ? null : new Date(exp * 1000).toISOString();
}
