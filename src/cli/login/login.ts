import type { Command } from 'commander';
import { connect } from '../client/access-tokens.ts';
import { fetchAs, printResult } from '../client/api-verb.ts';
import { findCredentials, plainIssuer } from '../client/credentials.ts';
import {
  changeProfiles,
  chosenProfile,
  isLogin,
  type Login,
  profileName,
  readProfiles,
  usualProfile,
} from '../client/profiles-file.ts';
import { CliFailure, usageFailure } from '../failure.ts';
import { wholeNumber } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { printable } from '../text.ts';
import { userAnswer } from '../users/user-answers.ts';
import { authorizationAddress, discover, newSecret, redeem } from './authorization.ts';
import { listenOnLoopback } from './loopback-listener.ts';

interface LoginOptions {
  readonly issuer?: string;
  readonly profile?: string;
  readonly readOnly?: boolean;
  readonly browser: boolean;
  readonly port?: number;
  readonly json?: boolean;
}

/** A logon may take a while: binding a second factor, choosing a password. */
const patienceMs = 10 * 60_000;

const help = `
The browser asks for your name and password, and whether the command line may act as you. What it gets is kept in
~/.config/postern/profiles.json, which only you can read, is renewed as long as the session in the browser lasts, and ends when
you sign out there or run "postern logout".

The browser must be on this machine. From elsewhere: ssh -L 8250:127.0.0.1:8250 there, then postern login --port 8250 --no-browser.

Examples:
  postern login --issuer https://id.example.com/acme
  postern login --issuer https://id.example.com/test --profile test --read-only`;

/** `postern login` */
export function addLogin(command: Command, terminal: Terminal): void {
  command
    .option('--issuer <address>', 'the logon address; default: the one of the profile')
    .option('--profile <name>', 'where to keep the login')
    .option('--read-only', 'ask for no more than looking')
    .option('--no-browser', 'only print the address to open')
    .option(
      '--port <number>',
      'the port of this machine that the browser answers to; default: any',
      wholeNumber(65_535),
    )
    .option('--json', 'print JSON for programs')
    .addHelpText('after', help)
    .action(async (options: LoginOptions) => {
      const profile =
        options.profile ?? (terminal.env['POSTERN_PROFILE'] || (await chosenProfile(terminal)) || usualProfile);
      if (!profileName.test(profile)) throw usageFailure('The name of a profile has letters, digits and . _ - only.');
      await requireOwnPlace(terminal, profile);
      const issuer = await issuerOf(terminal, profile, options.issuer);
      const login = await signIn(terminal, issuer, options);
      const api = await connect(terminal, { issuer, profile, login });
      const user = await fetchAs(api, userAnswer, { method: 'GET', path: ['me'] });
      await changeProfiles(terminal, (profiles) => ({ ...profiles, [profile]: { issuer, login } }));
      printResult(terminal, options, { issuer, profile, user }, () =>
        printable(`Signed in to ${issuer} as ${user.logonName} (profile ${profile}).`),
      );
    });
}

async function issuerOf(terminal: Terminal, profile: string, given: string | undefined): Promise<string> {
  if (given !== undefined) return plainIssuer(given);
  const known = (await readProfiles(terminal))?.[profile]?.issuer ?? (terminal.env['POSTERN_ISSUER'] || undefined);
  if (known !== undefined) return plainIssuer(known);
  const found = await findCredentials(terminal).catch(() => undefined);
  if (found === undefined) throw usageFailure('Say where: --issuer https://id.example.com/<alias>.');
  return found.issuer;
}

async function signIn(terminal: Terminal, issuer: string, options: LoginOptions): Promise<Login> {
  const { authorizationEndpoint } = await discover(issuer);
  const [state, codeVerifier] = [newSecret(), newSecret()];
  const listener = await listenOnLoopback(state, options.port);
  try {
    const request = { issuer, redirectUri: listener.redirectUri, state, codeVerifier };
    const address = authorizationAddress(authorizationEndpoint, request, options.readOnly === true);
    const opened = options.browser && (await terminal.openBrowser(address));
    terminal.err(
      `${opened ? 'Sign in in the browser. If none opened' : 'To sign in'}, open this address:\n\n${address}\n`,
    );
    return await redeem(request, await listener.answer(patienceMs));
  } finally {
    await listener.close();
  }
}

/** An access key that somebody wrote down is not overwritten. */
async function requireOwnPlace(terminal: Terminal, profile: string): Promise<void> {
  const before = (await readProfiles(terminal))?.[profile];
  if (before === undefined || isLogin(before)) return;
  throw new CliFailure(`The profile "${profile}" holds an access key. Choose another name with --profile.`, {
    code: 'ProfileInUse',
  });
}
