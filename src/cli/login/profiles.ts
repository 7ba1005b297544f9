import type { Command } from 'commander';
import { printResult } from '../client/api-verb.ts';
import {
  chosenProfile,
  isLogin,
  type Profile,
  profilesFile,
  readProfiles,
  useProfile,
  usualProfile,
} from '../client/profiles-file.ts';
import { usageFailure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';
import { formatTable, printable, shortTime } from '../text.ts';

interface JsonOption {
  readonly json?: boolean;
}

/** `postern profile …` */
export function addProfileVerbs(noun: Command, terminal: Terminal): void {
  noun
    .command('list')
    .description('list the profiles; the one with a star is used')
    .option('--json', 'print JSON for programs')
    .addHelpText('after', '\nExample:\n  postern profile list')
    .action(async (options: JsonOption) => {
      const chosen = (await chosenProfile(terminal)) ?? usualProfile;
      const items = Object.entries((await readProfiles(terminal)) ?? {}).map(([name, profile]) => ({
        ...{ name, used: name === chosen, issuer: profile.issuer },
        ...outlineOf(profile),
      }));
      const rows = items.map(({ name, used, issuer, kind, accessKeyId, signedInAt }) => [
        used ? '*' : '',
        name,
        issuer,
        kind === 'login' ? `login of ${shortTime(signedInAt) ?? ''}` : `access key ${accessKeyId ?? ''}`,
      ]);
      printResult(terminal, options, { items }, () => formatTable(['', 'PROFILE', 'ISSUER', 'SIGNED IN BY'], rows));
    });
  noun
    .command('use <name>')
    .description('use a profile wherever none is named')
    .option('--json', 'print JSON for programs')
    .addHelpText('after', '\nExample:\n  postern profile use test')
    .action(async (name: string, options: JsonOption) => {
      const profiles = (await readProfiles(terminal)) ?? {};
      if (!Object.hasOwn(profiles, name)) {
        throw usageFailure(`There is no profile "${name}" in ${profilesFile(terminal)}.`);
      }
      await useProfile(terminal, name);
      printResult(terminal, options, { used: name }, () => printable(`Profile ${name} is used from now on.`));
    });
}

interface Outline {
  readonly kind: 'login' | 'accessKey';
  readonly accessKeyId?: string;
  readonly signedInAt?: string;
}

/** What may be told of a profile: no token, no secret. */
const outlineOf = (profile: Profile): Outline =>
  isLogin(profile)
    ? { kind: 'login', signedInAt: profile.login.signedInAt }
    : { kind: 'accessKey', accessKeyId: profile.accessKeyId };
