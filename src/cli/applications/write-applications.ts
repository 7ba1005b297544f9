import { type Command, InvalidArgumentError, Option } from 'commander';
import { fetchAs, openApi, printResult, withApiOptions } from '../client/api-verb.ts';
import { usageFailure } from '../failure.ts';
import { collect, emptyIsNull, onOrOff } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import {
  applicationAnswer,
  createdApplicationAnswer,
  formatApplication,
  formatCreatedApplication,
} from './application-answers.ts';

interface ApplicationOptions {
  readonly json?: boolean;
  readonly profile?: string;
  readonly displayName?: string;
  readonly type?: string;
  readonly redirectUri?: readonly string[];
  readonly postLogoutRedirectUri?: readonly string[];
  readonly backchannelLogoutUri?: string;
  readonly firstParty?: boolean;
  readonly apiAccess?: string;
  readonly resourceServer?: boolean;
  readonly refreshTokenGrace?: number | '';
  readonly requiredLevel?: keyof typeof levels;
}

/** What a logon for an application must reach at least. */
const levels = { none: null, mfa: 'urn:postern:acr:mfa', phr: 'urn:postern:acr:phr' } as const;

function readGrace(text: string): number | '' {
  if (text === '') return text;
  if (!/^\d{1,2}$/.test(text) || Number(text) > 60) throw new InvalidArgumentError('Expected a number from 0 to 60.');
  return Number(text);
}

const withApplicationOptions = (command: Command): Command =>
  withApiOptions(command)
    .option('--redirect-uri <uri>', 'where answers go; may be given several times', collect)
    .option('--post-logout-redirect-uri <uri>', 'where sign-out may lead; several times', collect)
    .option('--backchannel-logout-uri <uri>', 'where logout tokens go')
    .option('--first-party <on|off>', "the account's own app: no consent is asked", onOrOff)
    .addOption(new Option('--api-access <level>', 'to the management API').choices(['none', 'read', 'full']))
    .option('--resource-server <on|off>', "may introspect other applications' tokens", onOrOff)
    .option(
      '--refresh-token-grace <number>',
      'seconds in which a used refresh token gets the same answer (an empty text: as the type has it)',
      readGrace,
    )
    .addOption(
      new Option('--required-level <level>', 'of a logon: a second factor (mfa), a passkey (phr)').choices(
        Object.keys(levels),
      ),
    );

/** Only what was said: the server has the defaults, and a change names no other field. */
const fieldsOf = (options: ApplicationOptions): Record<string, unknown> => {
  const fields = {
    displayName: options.displayName,
    redirectUris: options.redirectUri,
    postLogoutRedirectUris: options.postLogoutRedirectUri,
    backchannelLogoutUri: emptyIsNull(options.backchannelLogoutUri),
    firstParty: options.firstParty,
    apiAccess: options.apiAccess,
    resourceServer: options.resourceServer,
    refreshTokenGraceSeconds: emptyIsNull(options.refreshTokenGrace),
    requiredAcr: options.requiredLevel === undefined ? undefined : levels[options.requiredLevel],
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
};

const createExamples = `
Examples:
  postern application create "Wiki" --redirect-uri https://wiki.example.com/oidc/callback
  postern application create "Desk" --type native --redirect-uri com.example.desk:/callback
  postern application create "Intranet" --first-party on --redirect-uri https://intranet.example.com/cb`;

export function addCreateApplication(noun: Command, terminal: Terminal): void {
  withApplicationOptions(noun.command('create <displayName>'))
    .description('register an application; prints what it is configured with')
    .addOption(new Option('--type <type>').choices(['web', 'native', 'spa', 'service']).default('web'))
    .addHelpText('after', createExamples)
    .action(async (displayName: string, options: ApplicationOptions) => {
      const api = await openApi(terminal, options);
      const body = { ...fieldsOf(options), displayName, type: options.type };
      const created = await fetchAs(api, createdApplicationAnswer, { method: 'POST', path: ['applications'], body });
      printResult(terminal, options, created, () => formatCreatedApplication(api.issuer, created));
    });
}

const updateExamples = `
Lists are replaced as a whole: give every address that is to stay.

Examples:
  postern application update app_… --display-name "Wiki"
  postern application update app_… --redirect-uri https://a.example/cb --redirect-uri https://b.example/cb`;

export function addUpdateApplication(noun: Command, terminal: Terminal): void {
  withApplicationOptions(noun.command('update <clientId>'))
    .description('change fields of an application')
    .option('--display-name <text>')
    .addHelpText('after', updateExamples)
    .action(async (clientId: string, options: ApplicationOptions) => {
      const changes = fieldsOf(options);
      if (Object.keys(changes).length === 0) throw usageFailure('Say what to change, e.g. --display-name "Wiki".');
      const api = await openApi(terminal, options);
      const request = { method: 'PATCH', path: ['applications', clientId], body: changes } as const;
      const changed = await fetchAs(api, applicationAnswer, request);
      printResult(terminal, options, changed, () => formatApplication(changed));
    });
}
