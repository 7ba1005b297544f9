import type { Carrier, Verdict } from './stale-access-carriers.ts';
import type { CauseName } from './stale-access-causes.ts';

/**
 * What becomes of everything that gives access in somebody's name when something is taken away, at its very next use on a process that did not take
 * it. A dot: it dies. A letter: it lives, for the reason below.
 */
const table = `
                                              ses els sil sso cod ref off usr int api ktk key con hlf rem dev
nothing at all                                 n   n   n   n   n   n   n   n   n   n   n   n   n   n   n   n
user disabled                                  .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
user disabled and enabled again                .   .   .   .   .   .   .   .   .   .   .   k   .   .   .   .
user deleted                                   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
password changed by the user, in the portal    .   .   .   .   .   .   .   .   .   .   .   k   .   .   .   .
password changed by the user, over REST        .   .   .   .   .   .   .   .   .   .   .   k   .   .   .   .
password reset by an administrator             .   .   .   .   .   .   .   .   .   .   .   k   .   .   .   .
login profile removed                          .   .   .   .   .   .   .   .   .   .   .   k   .   .   .   .
login profile removed and given again          .   .   .   .   .   .   .   .   .   .   .   k   .   .   .   .
login profile switched off and on              .   .   .   .   .   .   .   .   .   .   .   k   .   .   .   .
second factor demanded from now on             .   .   .   .   .   .   .   .   .   .   .   k   .   .   .   .

all second factors reset by an administrator   .   .   .   .   .   .   .   .   .   .   .   k   .   .   .   .
authenticator app removed by an administrator  .   .   .   .   .   .   .   .   .   .   .   k   .   .   .   .
security key removed by an administrator       .   .   .   .   .   .   .   .   .   .   .   k   .   .   .   .
authenticator app removed by the user          .   .   .   .   .   .   .   .   .   .   .   k   .   .   .   .
security key removed by the user               .   .   .   .   .   .   .   .   .   .   .   k   .   .   .   .
devices forgotten by an administrator          u   u   u   u   u   u   u   u   u   u   u   u   u   u   .   .
devices forgotten by the user                  u   u   u   u   u   u   u   u   u   u   u   u   u   u   .   .
access key disabled                            u   u   u   u   u   u   u   u   u   u   .   .   u   u   u   u
access key disabled and enabled again          u   u   u   u   u   u   u   u   u   u   .   k   u   u   u   u
access key removed                             u   u   u   u   u   u   u   u   u   u   .   .   u   u   u   u

one session ended by an administrator          .   o   .   .   .   .   f   .   .   .   k   k   .   h   d   d
one session ended by the user                  .   o   .   .   .   .   f   .   .   .   k   k   .   h   d   d
signed out of one session                      .   o   .   .   .   .   f   .   .   .   k   k   .   h   d   d
all other sessions ended by the user           .   o   .   .   .   .   f   .   .   .   k   k   .   h   e   e
all sessions ended by an administrator         .   .   .   .   .   .   f   .   .   .   k   k   .   h   .   .
all sessions ended by the user                 .   .   .   .   .   .   f   .   .   .   k   k   .   h   .   .

consent withdrawn by the user                  u   u   .   .   .   u   .   .   .   .   u   u   a   a   u   u
consent withdrawn by an administrator          u   u   .   .   .   u   .   .   .   .   u   u   a   a   u   u
application removed                            u   u   .   .   .   u   .   .   .   .   u   u   .   .   u   u
application’s access to the API withdrawn      u   u   a   a   .   u   .   .   .   .   u   u   a   a   u   u
application’s address replaced                 u   u   .   .   .   u   .   .   .   .   u   u   .   .   u   u
application’s secret replaced                  u   u   u   u   .   u   .   s   .   s   u   u   u   u   u   u

account suspended                              .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
account suspended and brought back             .   .   .   .   .   .   .   .   .   .   .   k   .   .   .   .
account deleted                                .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
account renamed                                r   r   r   r   r   r   r   r   r   r   r   r   r   r   r   r
alias released                                 .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
alias released and taken back                  .   .   .   .   .   .   .   .   .   .   .   k   .   .   .   .
`;

/** Why it lives. */
const reasons = {
  n: 'nothing was taken away: every one of them works to begin with',
  u: 'rests on nothing of what was taken away',
  k: 'an access key is a credential of its own, with a switch of its own, as in RAM: what changes about logons does not stop programs',
  o: 'rests on another session, which goes on',
  f: 'offline access outlives sessions (docs/applications.md): the consent is withdrawn, or the user disabled, to end it',
  h: 'no session yet: it still owes the second factor, and whoever has the password could begin anew',
  d: 'a device is forgotten by itself, or with all sessions of its user',
  e: 'the device that all other sessions are ended from; the others are forgotten',
  a: 'what comes of it is granted anew, by the rules as they are now, and asks the user where it must',
  s: 'was handed out before: the secret is needed to get more, and to ask about it',
  r: 'a former name goes on as an issuer until it is released',
} as const;

/** The columns: what they stand for, in this order. */
const columns: Readonly<Record<string, Carrier>> = {
  ses: 'session',
  els: 'elsewhere',
  sil: 'silent',
  sso: 'sso',
  cod: 'code',
  ref: 'refresh',
  off: 'offline',
  usr: 'userinfo',
  int: 'introspect',
  api: 'api',
  ktk: 'keyToken',
  key: 'key',
  con: 'consent',
  hlf: 'halfway',
  rem: 'remembered',
  dev: 'device',
};

/** A row of the table, read. */
export interface Row {
  readonly cause: CauseName;
  readonly verdicts: Readonly<Record<Carrier, Verdict>>;
}

const widthOfNames = 46;

function readRow(line: string): Row {
  const marks = line.slice(widthOfNames).trim().split(/ +/);
  const names = Object.values(columns);
  if (marks.length !== names.length) throw new Error(`${marks.length} verdicts: ${line}`);
  const verdicts = names.map((carrier, at) => [carrier, verdictOf(marks[at] ?? '')]);
  return {
    cause: line.slice(0, widthOfNames).trim() as CauseName,
    verdicts: Object.fromEntries(verdicts) as Row['verdicts'],
  };
}

function verdictOf(mark: string): Verdict {
  if (mark === '.') return 'dies';
  if (!Object.hasOwn(reasons, mark)) throw new Error(`lives for no reason: ${mark}`);
  return 'lives';
}

/** The table, row by row. Throws where a cell is missing or lives for no reason. */
export function readTable(): readonly Row[] {
  const [head = '', ...lines] = table.split('\n').filter((line) => line.trim() !== '');
  const named = head.trim().split(/ +/);
  if (named.join() !== Object.keys(columns).join()) throw new Error(`other columns: ${head}`);
  return lines.map(readRow);
}
