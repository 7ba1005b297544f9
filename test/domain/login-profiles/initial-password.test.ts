import { expect, test } from 'vitest';
import { defaultPasswordPolicy } from '../../../src/domain/accounts/password-policy.ts';
import { newInitialPassword } from '../../../src/domain/login-profiles/initial-password.ts';
import { findNewPasswordFlaws } from '../../../src/domain/login-profiles/new-password.ts';

const strictest = {
  ...defaultPasswordPolicy,
  ...{ requireLowercaseCharacters: true, requireUppercaseCharacters: true, requireNumbers: true, requireSymbols: true },
  minimumPasswordDifferentCharacter: 8,
};

test.each([8, 20, 23, 24, 32, 64])(
  'a generated password meets the strictest policy with %i characters',
  async (length) => {
    const policy = { ...strictest, minimumPasswordLength: length };
    for (let count = 0; count < 50; count += 1) {
      const password = newInitialPassword(policy, 'alice');
      const context = { policy, userName: 'alice', accountNames: ['acme'] };
      expect(await findNewPasswordFlaws({ breachedPasswords: undefined }, password, context)).toEqual([]);
      expect([...password].length).toBeLessThanOrEqual(Math.max(23, length + 5));
    }
  },
);
