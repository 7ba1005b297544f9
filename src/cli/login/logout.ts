import type { Command } from 'commander';
import { printResult } from '../client/api-verb.ts';
import { changeProfiles, chosenProfile, isLogin, type Login, usualProfile } from '../client/profiles-file.ts';
import { usageFailure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';
import { revokeLogin } from './revoke-login.ts';

interface LogoutOptions {
  readonly profile?: string;
  readonly json?: boolean;
}

const help = `
Ends what the profile's login got at once, at the server and on this machine. The session in the browser stays.

Examples:
  postern logout
  postern logout --profile test`;

/** `postern logout` */
export function addLogout(command: Command, terminal: Terminal): void {
  command
    .option('--profile <name>', 'whose login')
    .option('--json', 'print JSON for programs')
    .addHelpText('after', help)
    .action(async (options: LogoutOptions) => {
      const profile =
        options.profile ?? (terminal.env['POSTERN_PROFILE'] || (await chosenProfile(terminal)) || usualProfile);
      const revoked = await forget(terminal, profile);
      if (!revoked)
        terminal.err('The server could not be told; what it gave ends by itself, with the session in the browser.');
      printResult(terminal, options, { profile, revoked }, () => `Signed out (profile ${profile}).`);
    });
}

/** Removes the login first, so that nobody renews it meanwhile, and takes it back at the server. Answers whether the server knows. */
async function forget(terminal: Terminal, profile: string): Promise<boolean> {
  let ended: { readonly issuer: string; readonly login: Login } | undefined;
  await changeProfiles(terminal, (profiles) => {
    const present = Object.hasOwn(profiles, profile) ? profiles[profile] : undefined;
    if (present === undefined || !isLogin(present)) {
      throw usageFailure(`The profile "${profile}" has no login.`);
    }
    ended = present;
    const { [profile]: _ended, ...others } = profiles;
    return others;
  });
  if (ended === undefined) return false;
  return await revokeLogin(ended).then(
    () => true,
    () => false,
  );
}
