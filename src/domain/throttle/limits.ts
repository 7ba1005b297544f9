/**
 * What is tried. `reset` is the choice of a password in place of a given one: it proves nothing, but costs hashes. A `passkey` is never refused for
 * its tries (see passkey-refusals.ts).
 */
export type Factor = 'password' | 'passkey' | 'second-factor' | 'reset';

/**
 * How many tries are evaluated in a window. Of those of a user a success clears the count; over all names of a source or an account only those
 * count that failed, since an office may sit behind one address.
 */
export interface Limit {
  readonly per: 'device' | 'user and source' | 'source' | 'user' | 'account';
  readonly tries: number;
  readonly windowSeconds: number;
}

/** Whose tries: those of a device that the user is known on, or of anybody else. */
interface TriesAsked {
  readonly factor: Factor;
  readonly knownDevice?: string | undefined;
  readonly triesPerHour?: number | undefined;
}

const quarterOfAnHour = 900;
const hour = 3600;
const day = 86_400;

/** The owner at home, or whoever stole the device's cookie. */
const onKnownDevice: Limit = { per: 'device', tries: 10, windowSeconds: quarterOfAnHour };

/** The account's own limit holds there too. */
const ownersPasswords = (triesPerHour: number): readonly Limit[] =>
  triesPerHour === 0 ? [onKnownDevice] : [onKnownDevice, { per: 'device', tries: triesPerHour, windowSeconds: hour }];

const fromOneSource: Limit = { per: 'user and source', tries: 10, windowSeconds: quarterOfAnHour };

/** Where the account's policy sets none of its own. */
const guessesPerHour = 50;

const failuresOfSource: Limit = { per: 'source', tries: 100, windowSeconds: quarterOfAnHour };

/** Refusals of passkeys, whoever they are said to be: as many as the audit log is told of. */
const toldOfSource: Limit = { per: 'source', tries: 20, windowSeconds: quarterOfAnHour };

/** Passwords tried by strangers. Last what an attacker with many addresses meets, over one name and over all. */
const strangersPasswords = (triesPerHour: number): readonly (readonly Limit[])[] => [
  [fromOneSource, failuresOfSource],
  [
    { per: 'user', tries: triesPerHour === 0 ? guessesPerHour : triesPerHour, windowSeconds: hour },
    { per: 'account', tries: 2000, windowSeconds: quarterOfAnHour },
  ],
];

/** As many as NIST SP 800-63B-4, section 3.2.2, allows in a row; a day's window lets go of an owner who was guessed at. */
const codesPerDay = 100;

/** Only who has the first factor gets so far. */
const strangersSecondFactors: readonly Limit[] = [
  fromOneSource,
  { per: 'user', tries: codesPerDay, windowSeconds: day },
];

const ownersSecondFactors: readonly Limit[] = [
  onKnownDevice,
  { per: 'device', tries: codesPerDay, windowSeconds: day },
];

/**
 * The limits of a try, in their order, and in rounds of what is counted at once. A try that one limit refuses is not counted by the next: else
 * whoever is refused at one address could go on until nobody else is let in. Within a round such a count is taken back, which for a moment
 * others may meet: passwords, which anybody may try, are counted beyond their source in a round of their own. Tries on a known device are
 * counted for themselves alone, neither against the others nor because of them.
 */
export function limitsOf({ factor, knownDevice, triesPerHour = 0 }: TriesAsked): readonly (readonly Limit[])[] {
  if (factor === 'reset') return [[{ per: 'user and source', tries: 20, windowSeconds: quarterOfAnHour }]];
  if (factor === 'passkey') return [[toldOfSource]];
  if (factor === 'second-factor') return [knownDevice === undefined ? strangersSecondFactors : ownersSecondFactors];
  return knownDevice === undefined ? strangersPasswords(triesPerHour) : [ownersPasswords(triesPerHour)];
}
