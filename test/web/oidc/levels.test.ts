import { describe, expect, it } from 'vitest';
import {
  amrOf,
  essentialAcrValues,
  type Factors,
  type Level,
  levelOf,
  passkeyMethod,
  readLevel,
  readLevelWish,
  readMethods,
  reachWithBinding,
  satisfies,
  strongest,
  worthTrying,
} from '../../../src/web/oidc/levels.ts';

type Claims = Parameters<typeof essentialAcrValues>[0];

const [pwd, mfa, phr] = ['urn:postern:acr:pwd', 'urn:postern:acr:mfa', 'urn:postern:acr:phr'] as const;

const inIdToken = (acr: unknown) => ({ id_token: { acr } }) as Claims;

describe('the claim acr as a must', () => {
  it.each<[string, Claims, string[]]>([
    ['nothing', {}, []],
    ['acr as a wish', inIdToken(null), []],
    ['a value that is not essential', inIdToken({ value: 'a' }), []],
    ['values that are not essential', inIdToken({ values: ['a', 'b'], essential: false }), []],
    ['one value', inIdToken({ essential: true, value: 'a' }), ['a']],
    ['several values', inIdToken({ essential: true, values: ['a', 'b'] }), ['a', 'b']],
    ['essential without any value', inIdToken({ essential: true }), []],
    ['no values at all', inIdToken({ essential: true, values: [] }), []],
    ['essential as a text', inIdToken({ essential: 'true', value: 'a' }), []],
    ['asked for of userinfo only', { userinfo: { acr: { essential: true, value: 'a' } } } as Claims, []],
  ])('%s', (_what, claims, expected) => expect(essentialAcrValues(claims)).toEqual(expected));

  it.each<[string, unknown]>([
    ['values that are no texts', { essential: true, values: [1, null, 'b', {}] }],
    ['values that are no list', { essential: true, values: 'urn:postern:acr:mfa' }],
    ['a value that is no text', { essential: true, value: 5 }],
  ])('%s are refused, not passed over as if nothing had been asked', (_what, acr) => {
    expect(() => essentialAcrValues(inIdToken(acr))).toThrow(expect.objectContaining({ error: 'invalid_request' }));
  });
});

describe('what is asked of a logon', () => {
  const wishOf = (acrValues: string, acr?: unknown, requiredAcr: Level | null = null) =>
    readLevelWish({ acrValues, claims: acr === undefined ? {} : inIdToken(acr), requiredAcr });

  it.each<[string, ReturnType<typeof wishOf>, Level | undefined, Level[]]>([
    ['nothing', wishOf(''), pwd, []],
    ['acr_values, in their order, those of others left out', wishOf(`x ${phr} ${mfa}`), pwd, [phr, mfa]],
    ['a claim that is not essential', wishOf('', { values: [mfa, phr] }), pwd, [mfa, phr]],
    ['a claim that is not essential and no list', wishOf('', { values: 'x' }), pwd, []],
    ['an essential value', wishOf('', { essential: true, value: phr }), phr, []],
    ['essential values: the weakest will do', wishOf('', { essential: true, values: [phr, 'x', mfa] }), mfa, []],
    ['essential values that nobody can reach', wishOf('', { essential: true, values: ['x'] }), undefined, []],
    ['the application’s own demand', wishOf('', undefined, mfa), mfa, []],
    ['the stronger of both', wishOf('', { essential: true, value: mfa }, phr), phr, []],
    ['the stronger of both, the other way round', wishOf('', { essential: true, value: phr }, mfa), phr, []],
    ['both at once', wishOf(phr, { essential: true, value: mfa }), mfa, [phr]],
  ])('%s', (_what, wish, needed, preferred) => expect(wish).toEqual({ needed, preferred }));
});

describe('levels', () => {
  it('a stronger one satisfies a weaker wish, and not the other way round', () => {
    const levels = [pwd, mfa, phr];
    for (const [at, level] of levels.entries())
      expect(levels.map((wanted) => satisfies(level, wanted))).toEqual([0, 1, 2].map((wanted) => wanted <= at));
    expect([strongest(pwd, phr, mfa), strongest(mfa), strongest(mfa, pwd)]).toEqual([phr, mfa, mfa]);
  });

  it('come of what was shown, and say so in amr', () => {
    expect([levelOf([]), levelOf(['pwd']), levelOf(['pwd', 'otp'])]).toEqual([pwd, pwd, mfa]);
    expect([levelOf(['pwd', 'hwk']), levelOf(['swk', 'user'])]).toEqual([phr, phr]);
    expect([amrOf(['pwd']), amrOf(['pwd', 'otp']), amrOf(['hwk', 'user'])]).toEqual([
      ['pwd'],
      ['pwd', 'otp', 'mfa'],
      ['hwk', 'user', 'mfa'],
    ]);
    expect([passkeyMethod(true), passkeyMethod(false), passkeyMethod()]).toEqual(['swk', 'hwk', 'hwk']);
    expect(readMethods(['pwd', 'otp', 'mfa', 'x'])).toEqual(['pwd', 'otp']);
    expect(readMethods()).toEqual([]);
  });

  it('unknown ones count as the weakest', () => {
    expect([readLevel(undefined), readLevel('x'), readLevel('__proto__'), readLevel(phr)]).toEqual([
      pwd,
      pwd,
      pwd,
      phr,
    ]);
  });

  it('a wish is worth trying where the user gets further by it, and the first such is tried', () => {
    const wish = (...preferred: Level[]) => ({ needed: pwd, preferred });
    const [none, app, key] = [
      { hasMfa: false, hasCredential: false },
      { hasMfa: true, hasCredential: false },
      { hasMfa: true, hasCredential: true },
    ];
    expect(worthTrying(wish(phr, mfa), key, pwd)).toBe(phr);
    expect(worthTrying(wish(phr, mfa), app, pwd)).toBe(mfa);
    expect(worthTrying(wish(phr, mfa), none, pwd)).toBeUndefined();
    expect(worthTrying(wish(phr, mfa), key, mfa)).toBeUndefined();
    expect(worthTrying(wish(phr), key, mfa)).toBe(phr);
    expect(worthTrying(wish(phr), app, mfa)).toBeUndefined();
    expect(worthTrying(wish(), key, pwd)).toBeUndefined();
    const reach = (factors: Factors, mayBind: boolean, mfaRequired = false) =>
      reachWithBinding({ ...factors, mfaRequired }, { allowUserToManageMFADevices: mayBind });
    expect(reach(none, false, true)).toBe(reach(none, true));
    expect([reach(none, true), reach(none, false), reach(key, true)]).toEqual([mfa, pwd, phr]);
  });
});
