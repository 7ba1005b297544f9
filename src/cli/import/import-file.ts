import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { AppError } from '../../domain/app-error.ts';
import { groupNameField } from '../../domain/groups/group-fields.ts';
import { parseInput } from '../../domain/input-faults.ts';
import { createUser } from '../../domain/users/create-user.ts';
import { CliFailure, systemFault } from '../failure.ts';
import { columns } from './columns.ts';
import { CsvFault, type CsvRow, parseCsv, unharmed } from './csv.ts';

type Column = (typeof columns)[number];

/** A user as the file has it. */
export interface ImportedUser {
  readonly line: number;
  readonly userName: string;
  /** Names of groups. */
  readonly groups: readonly string[];
  /** Whether a password must be generated: the file has none, nor a hash of one. */
  readonly needsPassword: boolean;
  /** What the API takes, but for a generated password. */
  readonly input: { readonly consoleLogon?: Readonly<Record<string, unknown>> } & Readonly<Record<string, unknown>>;
}

/** What is wrong in a line. */
export interface RowFault {
  readonly line: number;
  readonly detail: string;
}

export interface ImportFile {
  readonly users: readonly ImportedUser[];
  readonly faults: readonly RowFault[];
  /** SHA-256 of the file as it stands. */
  readonly contentHash: string;
}

const truths: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  '1': true,
  false: false,
  no: false,
  '0': false,
};

/** Reads a file of users and says everything that is wrong with it. `consoleLogon`: whether they may log on to pages at all. */
export async function readImportFile(file: string, consoleLogon: boolean): Promise<ImportFile> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new CliFailure(`${file} cannot be read (${systemFault(cause)}).`);
  });
  const contentHash = createHash('sha256').update(bytes).digest('hex');
  try {
    const [head, ...rows] = parseCsv(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return { contentHash, ...readRows(head, rows, consoleLogon) };
  } catch (error) {
    if (error instanceof CsvFault)
      return { contentHash, users: [], faults: [{ line: error.line, detail: error.message }] };
    if (error instanceof TypeError)
      return { contentHash, users: [], faults: [{ line: 1, detail: 'The file is not UTF-8.' }] };
    throw error;
  }
}

function readRows(head: CsvRow | undefined, rows: readonly CsvRow[], consoleLogon: boolean) {
  const names = (head?.cells ?? []).map((name) => name.trim());
  const faults = headFaults(names);
  if (faults.length > 0 || head === undefined) return { users: [], faults };
  const read = rows.map((row) => readRow(names as Column[], row, consoleLogon));
  const users = read.flatMap(({ user }) => user ?? []);
  return { users, faults: [...read.flatMap((one) => one.faults), ...repeatedNames(users)].toSorted(byLine) };
}

const byLine = (left: RowFault, right: RowFault): number => left.line - right.line;

function headFaults(names: readonly string[]): RowFault[] {
  const known: readonly string[] = columns;
  const details = [
    ...names
      .filter((name) => !known.includes(name))
      .map((name) => `There is no column "${name}"; there are ${columns.join(', ')}.`),
    ...names.filter((name, at) => names.indexOf(name) !== at).map((name) => `The column "${name}" is there twice.`),
    ...(names.includes('userName') ? [] : ['The first line must name the columns, userName among them.']),
  ];
  return details.map((detail) => ({ line: 1, detail }));
}

function readRow(
  names: readonly Column[],
  { line, cells }: CsvRow,
  consoleLogon: boolean,
): { user?: ImportedUser; faults: RowFault[] } {
  const faults: string[] = [];
  if (cells.length > names.length) faults.push(`There are ${cells.length} cells, but ${names.length} columns.`);
  const value = (name: Column): string | undefined => unharmed(cells[names.indexOf(name)]?.trim() ?? '') || undefined;
  const flag = (name: Column): boolean | undefined => {
    const text = value(name)?.toLowerCase();
    const read = text === undefined ? undefined : truths[text];
    if (text !== undefined && read === undefined) faults.push(`${name}: Expected true or false.`);
    return read;
  };
  // A password is taken as it stands, spaces and all.
  const password = cells[names.indexOf('password')] || undefined;
  const passwordHash = value('passwordHash');
  const logon = present({
    password,
    passwordHash,
    resetRequired: flag('resetRequired'),
    mfaRequired: flag('mfaRequired'),
  });
  const groups = (value('groups') ?? '')
    .split(';')
    .map((name) => name.trim())
    .filter(Boolean);
  const userName = value('userName') ?? '';
  const personal = present({ email: value('email'), mobilePhone: value('mobilePhone'), comments: value('comments') });
  const input = {
    userName,
    displayName: value('displayName') ?? userName,
    ...personal,
    ...(consoleLogon ? { consoleLogon: logon } : {}),
  };
  if (!consoleLogon && Object.keys(logon).length > 0) faults.push('A password makes no sense without logon to pages.');
  const all = [...faults, ...inputFaults(input), ...groupFaults(groups)].map((detail) => ({ line, detail }));
  if (all.length > 0) return { faults: all };
  const needsPassword = consoleLogon && password === undefined && passwordHash === undefined;
  return { user: { line, userName, groups: [...new Set(groups)], needsPassword, input }, faults: [] };
}

const present = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** The very rules by which the server will judge. */
function inputFaults(input: object): string[] {
  try {
    parseInput(createUser.input, { users: [input] });
    return [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.faults.map(({ pointer, detail }) => `${pointer.split('/').at(-1) ?? ''}: ${detail}`);
  }
}

const groupFaults = (groups: readonly string[]): string[] =>
  groups
    .filter((name) => !groupNameField.safeParse(name).success)
    .map((name) => `groups: "${name}" cannot be the name of a group.`);

function repeatedNames(users: readonly ImportedUser[]): RowFault[] {
  const first = new Map<string, number>();
  return users.flatMap(({ userName, line }) => {
    const key = userName.toLowerCase();
    const before = first.get(key);
    if (before !== undefined) return [{ line, detail: `userName: ${userName} stands in line ${before} already.` }];
    first.set(key, line);
    return [];
  });
}
