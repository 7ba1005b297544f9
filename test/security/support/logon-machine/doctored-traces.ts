import {
  acts,
  alice,
  answers,
  bob,
  brings,
  bySessionAlone,
  counts,
  honest,
  type MadeUpTrace,
  passkey,
  password,
  proveNothing,
  recovery,
  redeems,
  secret,
  shows,
  starts,
  startsAgain,
  totp,
  traceOf,
} from './made-up-traces.ts';

interface DoctoredTrace {
  /** What the judge must say of it. */
  readonly fault: string;
  readonly trace: () => MadeUpTrace;
}

const before = 'before a first factor that still holds';

/** One for each thing that the judge is there to notice. */
export const doctoredTraces: readonly DoctoredTrace[] = [
  { fault: 'an answer was 500', trace: traceOf([starts({ status: 500, at: 'elsewhere' })]) },
  {
    fault: `the step "totp" was shown ${before}`,
    trace: traceOf([starts(shows('password')), answers(password('1', 'wrong'), shows('totp'))]),
  },
  {
    fault: 'a step was passed without its proof',
    trace: traceOf([starts(shows('password')), proveNothing('reset', shows('bind'))]),
  },
  {
    fault: 'a logon was complete without a first factor that still holds',
    trace: traceOf([starts(shows('password')), proveNothing('consent', brings('code1'))]),
  },
  {
    fault: 'a logon was complete without the second factor',
    trace: traceOf([starts(shows('password')), answers(password(), brings('code1'))]),
  },
  {
    fault: 'a logon was complete without the second factor',
    // The code was used in another logon before.
    trace: traceOf([
      ...honest,
      startsAgain(shows('password', 'L2'), { isFresh: true }),
      answers(password(), shows('totp', 'L2'), { logon: 'L2' }),
      answers(totp(), brings('code2', 'R2'), { logon: 'L2' }),
    ]),
  },
  {
    fault: 'a logon was complete without the second factor',
    trace: traceOf([
      starts(shows('password')),
      answers(password(), shows('totp')),
      answers(recovery(), brings('code1')),
      startsAgain(shows('password', 'L2'), { isFresh: true }),
      answers(password(), shows('totp', 'L2'), { logon: 'L2' }),
      answers(recovery(), brings('code2', 'R2'), { logon: 'L2' }),
    ]),
  },
  {
    fault: 'a logon was complete without a first factor that still holds',
    // The passkey answered what another logon's page had asked.
    trace: traceOf(
      [starts(shows('password')), answers(passkey('L0'), brings('code1'))],
      alice({ hasCredential: true }),
    ),
  },
  {
    fault: 'a logon was complete without a first factor that still holds',
    trace: traceOf(
      [
        starts(shows('password')),
        answers(passkey(), brings('code1')),
        acts('force reset'),
        startsAgain(shows('password', 'L2')),
        answers(passkey(), brings('code2', 'R2'), { logon: 'L2' }),
      ],
      alice({ hasCredential: true }),
    ),
  },
  {
    fault: 'a logon was complete below the level that was demanded',
    trace: traceOf([
      starts(shows('password'), { needed: 'urn:postern:acr:phr' }),
      answers(password(), shows('totp')),
      answers(totp(), brings('code1')),
    ]),
  },
  {
    fault: 'a logon was complete below the level that was demanded',
    trace: bySessionAlone({ needed: 'urn:postern:acr:phr' }),
  },
  { fault: 'a logon was complete without a first factor that still holds', trace: bySessionAlone({ isFresh: true }) },
  {
    fault: 'a logon was complete below the level that was demanded',
    trace: traceOf(
      [starts(shows('password')), answers(password('2', 'other'), brings('code1'))],
      bob({ mfaRequired: true }),
    ),
  },
  {
    fault: 'a logon was complete with a password that was to be reset',
    trace: traceOf(
      [starts(shows('password')), answers(password('2', 'other'), brings('code1'))],
      bob({ resetRequired: true }),
    ),
  },
  {
    fault: 'a logon was complete before the recovery codes were seen',
    trace: traceOf(
      [
        starts(shows('password')),
        answers(password('2', 'other'), shows('bind', 'L1', { offered: secret })),
        answers({ kind: 'bind', secret, timeStep: 5 }, brings('code1')),
      ],
      bob({ mfaRequired: true }),
    ),
  },
  {
    fault: 'the step "reset" was shown before the second factor',
    trace: traceOf([starts(shows('password')), answers(password(), shows('reset'))], alice({ resetRequired: true })),
  },
  {
    fault: 'the step "reset" was shown where no password is to be reset',
    trace: traceOf([starts(shows('password')), answers(password('2', 'other'), shows('reset'))]),
  },
  {
    fault: `the step "reset" was shown ${before}`,
    trace: traceOf([starts(shows('reset'))], bob({ resetRequired: true })),
  },
  {
    fault: 'the step "bind" was shown before the password was reset',
    trace: traceOf(
      [starts(shows('password')), answers(password('2', 'other'), shows('bind'))],
      bob({ resetRequired: true, mfaRequired: true }),
    ),
  },
  {
    fault: 'the step "bind" was shown to a user who has a second factor',
    trace: traceOf([starts(shows('password')), answers(password(), shows('bind'))]),
  },
  {
    fault: 'the step "totp" was shown to a user who has no second factor',
    trace: traceOf([starts(shows('password')), answers(password('2', 'other'), shows('totp'))]),
  },
  {
    fault: 'the step "recovery-codes" was shown without a factor that was bound',
    trace: traceOf([starts(shows('password')), answers(password('2', 'other'), shows('recovery-codes'))]),
  },
  { fault: 'the step "consent" was shown without a session', trace: traceOf([starts(shows('consent'))]) },
  {
    fault: 'the step "consent" was shown at the level urn:postern:acr:pwd',
    trace: traceOf([
      starts(shows('password')),
      answers(password('2', 'other'), brings('code1')),
      startsAgain(shows('consent', 'L2'), { needed: 'urn:postern:acr:mfa' }),
    ]),
  },
  {
    fault: 'somebody else than the user who consented was led on',
    trace: traceOf([
      ...honest,
      startsAgain(shows('consent', 'L2')),
      startsAgain(shows('password', 'L3'), { id: 'R3', isFresh: true }),
      answers(password('2', 'other'), brings('code3', 'R3'), { logon: 'L3' }),
      answers({ kind: 'consent' }, brings('code2', 'R2'), { logon: 'L2' }),
    ]),
  },
  { fault: 'a code came without a session', trace: traceOf([starts(brings('code1'))]) },
  {
    fault: 'a code came without a session',
    trace: traceOf([...honest, acts('disable'), startsAgain(brings('code2', 'R2'))]),
  },
  {
    fault: 'a code came without a session',
    trace: traceOf([...honest, acts('delete MFA devices'), startsAgain(brings('code2', 'R2'))]),
  },
  {
    fault: 'a code came for a request of another browser',
    trace: traceOf([...honest, { kind: 'looked', browser: 1, logon: 'L1', isResumed: true, landing: brings('code2') }]),
  },
  {
    fault: 'a code came without the logon that was asked for',
    trace: traceOf([...honest, startsAgain(brings('code2', 'R2'), { isFresh: true })]),
  },
  {
    fault: 'a code came below the level that the app must have',
    trace: traceOf([...honest, startsAgain(brings('code2', 'R2'), { needed: 'urn:postern:acr:phr' })]),
  },
  { fault: 'a code came twice', trace: traceOf([...honest, startsAgain(brings('code1', 'R2'))]) },
  {
    fault: 'a request was answered with two codes',
    trace: traceOf([...honest, { kind: 'looked', browser: 0, logon: 'L1', isResumed: true, landing: brings('code2') }]),
  },
  {
    fault: 'a logon that was finished led on once more',
    trace: traceOf([...honest, answers(totp(), brings('code2'))]),
  },
  {
    fault: 'a logon that was finished showed a step',
    trace: traceOf([
      ...honest,
      { kind: 'looked', browser: 0, logon: 'L1', isResumed: false, landing: shows('password') },
    ]),
  },
  {
    fault: 'a logon was shown to another browser',
    trace: traceOf([starts(shows('password')), answers(password(), shows('totp'), { browser: 1 })]),
  },
  {
    fault: 'a logon was shown by another account',
    trace: traceOf([
      starts(shows('password')),
      {
        kind: 'looked',
        browser: 0,
        logon: 'L1',
        isResumed: false,
        landing: shows('password', 'L1', { alias: 'other' }),
      },
    ]),
  },
  {
    fault: `the step "totp" was shown ${before}`,
    trace: traceOf([
      starts(shows('password')),
      answers(password(), shows('totp')),
      acts('disable'),
      { kind: 'looked', browser: 0, logon: 'L1', isResumed: false, landing: shows('totp') },
    ]),
  },
  {
    fault: 'a code came of what belongs to another account',
    trace: traceOf([{ kind: 'crossed', landing: brings('code1') }]),
  },
  {
    fault: 'a step was shown for what belongs to another account',
    trace: traceOf([{ kind: 'crossed', landing: shows('totp') }]),
  },
  { fault: 'a code that nobody was given was redeemed', trace: traceOf([redeems()]) },
  { fault: 'a code was redeemed twice', trace: traceOf([...honest, redeems(), redeems()]) },
  { fault: 'a code was redeemed at another account', trace: traceOf([...honest, redeems({}, 'other')]) },
  {
    fault: 'a code was redeemed after all of its user was ended',
    trace: traceOf([...honest, acts('disable'), redeems()]),
  },
  {
    fault: 'a code was redeemed after all of its user was ended',
    trace: traceOf([...honest, acts('force reset'), redeems()]),
  },
  {
    fault: 'a token worked after all of its user was ended',
    trace: traceOf([...honest, redeems(), acts('disable'), { kind: 'used', token: 'token1', status: 200 }]),
  },
  {
    fault: 'a token speaks of another user than the one who logged on',
    trace: traceOf([...honest, redeems({ sub: '2' })]),
  },
  { fault: 'a token speaks of another account', trace: traceOf([...honest, redeems({ aid: '11' })]) },
  {
    fault: 'a token tells another level than was proved',
    trace: traceOf([...honest, redeems({ acr: 'urn:postern:acr:phr' })]),
  },
  {
    fault: 'a token tells other methods than were shown',
    trace: traceOf([...honest, redeems({ amr: ['pwd', 'hwk', 'mfa'] })]),
  },
  {
    fault: 'the password of a user is stolen, and should be hash',
    trace: traceOf([counts({ passwordHash: 'stolen' })]),
  },
  { fault: 'the epoch of a user is 1, and should be 0', trace: traceOf([counts({ epoch: 1 })]) },
  {
    fault: 'the duty to reset of a user is true, and should be false',
    trace: traceOf([counts({ resetRequired: true })]),
  },
  {
    fault: 'the authenticator app of a user is false, and should be true',
    trace: traceOf([counts({ hasTotp: false })]),
  },
  { fault: 'the passkey of a user is true, and should be false', trace: traceOf([counts({ hasCredential: true })]) },
  { fault: 'the recovery codes of a user is 1, and should be 2', trace: traceOf([counts({ unusedRecoveryCodes: 1 })]) },
];
