import { expect, it } from 'vitest';
import { waysToProve } from '../../../src/domain/mfa/ways-to-prove.ts';

const [totp, passkey, key] = [{ type: 'totp' }, { type: 'passkey' }, { type: 'security-key' }] as const;

it.each([
  ['nothing bound', [], true, ['password']],
  ['nothing bound, no second factor', [], false, ['password']],
  ['an app', [totp], false, ['code']],
  ['an app, having used a second factor', [totp], true, ['code', 'password']],
  ['a passkey', [passkey], false, ['passkey']],
  ['a security key', [key], true, ['passkey', 'password']],
  ['everything', [totp, key, passkey], true, ['passkey', 'code', 'password']],
])(
  'with %s one proves oneself by the strongest first, by a password alone only before there is more',
  (_what, devices, mfaPresent, ways) => {
    expect(waysToProve({ mfaPresent }, devices)).toEqual(ways);
  },
);
