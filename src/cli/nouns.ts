import type { Command } from 'commander';
import type { Terminal } from './terminal.ts';

/** Gives a command, which bears its name already, what it does or its verbs. */
type Adding = (command: Command, terminal: Terminal) => void;

interface Noun {
  readonly name: string;
  readonly description: string;
  /** What is written by hand. Loaded when it is asked for: starting the server should not wait for the verbs. */
  readonly load?: () => Promise<Adding>;
  /** Further verbs come from the endpoints of the management API. */
  readonly overApi?: true;
}

/** The first word of every command line. A new one is a row here. */
export const nouns: readonly Noun[] = [
  {
    name: 'serve',
    description: 'serve until asked to stop (SIGTERM, SIGINT)',
    load: async () => (await import('./deployment/serve.ts')).addServe,
  },
  {
    name: 'init',
    description: 'make the first account and its administrator',
    load: async () => (await import('./deployment/init.ts')).addInit,
  },
  {
    name: 'migrate',
    description: 'bring the database to the schema of this release',
    load: async () => (await import('./deployment/migrate.ts')).addMigrate,
  },
  {
    name: 'recover',
    description: 'the way back in: restore one administrator',
    load: async () => (await import('./deployment/recover.ts')).addRecover,
  },
  {
    name: 'keys',
    description: 'the encryption keys of the deployment',
    load: async () => (await import('./deployment/keys.ts')).addEncryptionKeyVerbs,
  },
  {
    name: 'login',
    description: 'sign in in the browser; later verbs act as you',
    load: async () => (await import('./login/login.ts')).addLogin,
  },
  {
    name: 'logout',
    description: 'end the login of a profile and forget it',
    load: async () => (await import('./login/logout.ts')).addLogout,
  },
  {
    name: 'whoami',
    description: 'show as whom verbs act, and until when',
    load: async () => (await import('./login/whoami.ts')).addWhoami,
  },
  {
    name: 'profile',
    description: 'the servers and identities this machine knows',
    load: async () => (await import('./login/profiles.ts')).addProfileVerbs,
  },
  {
    name: 'account',
    description: 'the account itself: alias, rules, keys, limits',
    load: async () => (await import('./account.ts')).addAccountVerbs,
    overApi: true,
  },
  {
    name: 'user',
    description: 'RAM users: people and programs of the account',
    load: async () => (await import('./users/users.ts')).addUserVerbs,
    overApi: true,
  },
  { name: 'group', description: 'groups of users, with rights in common', overApi: true },
  { name: 'policy', description: 'what users and groups may do', overApi: true },
  {
    name: 'access-key',
    description: 'access keys of a user, for programs',
    load: async () => (await import('./access-keys.ts')).addAccessKeyVerbs,
    overApi: true,
  },
  {
    name: 'application',
    description: 'apps that sign people in through this account',
    load: async () => (await import('./applications/applications.ts')).addApplicationVerbs,
    overApi: true,
  },
  {
    name: 'audit',
    description: 'who did what, and with which outcome',
    overApi: true,
  },
  { name: 'me', description: 'your own password, keys, devices and sessions', overApi: true },
  {
    name: 'platform-account',
    description: 'the accounts of the deployment',
    load: async () => (await import('./platform-accounts.ts')).addPlatformAccountVerbs,
    overApi: true,
  },
  {
    name: 'completion',
    description: 'print what lets a shell complete command lines',
    load: async () => {
      const { addCompletion } = await import('./completion/completion.ts');
      return (command, terminal) => addCompletion(command, terminal, addAllNouns);
    },
  },
];

/** Builds the commands, of which only the one that `args` call for is loaded; the others stand there for the help. */
export async function addNouns(program: Command, terminal: Terminal, args: readonly string[]): Promise<void> {
  const [first, second, third] = args.filter((arg) => !arg.startsWith('-'));
  const [wanted, verb] = first === 'help' ? [second, third] : [first, second];
  for (const noun of nouns) {
    const command = program.command(noun.name).description(noun.description);
    if (noun.name === wanted) await load(noun, command, terminal, verb);
  }
}

/** Builds every command in full, for whoever wants to look at all of them. */
export async function addAllNouns(program: Command, terminal: Terminal): Promise<void> {
  for (const noun of nouns) await load(noun, program.command(noun.name).description(noun.description), terminal);
}

/** The endpoints are only read where the verb is none of those written by hand: that takes a moment. */
async function load(noun: Noun, command: Command, terminal: Terminal, verb?: string): Promise<void> {
  (await noun.load?.())?.(command, terminal);
  if (noun.overApi !== true || command.commands.some((known) => known.name() === verb)) return;
  const { addApiVerbs } = await import('./generated/api-verbs.ts');
  addApiVerbs(command, terminal);
}
