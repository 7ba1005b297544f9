import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseLogonName, userPrincipalName } from '../../../src/domain/logon/logon-name.ts';

const domain = 'logon.example.com';

it.each([
  ['alice', 'alice', undefined],
  ['  alice  ', 'alice', undefined],
  ['Alice', 'Alice', undefined],
  ['alice@acme', 'alice', 'acme'],
  ['alice@ACME', 'alice', 'acme'],
  ['alice@acme.logon.example.com', 'alice', 'acme'],
  ['alice@acme.LOGON.Example.COM', 'alice', 'acme'],
  ['alice@1234567890123456', 'alice', '1234567890123456'],
  ['a.b_c-d@acme', 'a.b_c-d', 'acme'],
  ['alice@acme.other.example', 'alice', 'acme.other.example'],
  ['alice@evil.acme.logon.example.com', 'alice', 'evil.acme'],
])('"%s" is read as %s at %s', (typed, userName, accountName) => {
  expect(parseLogonName(typed, domain)).toEqual({ userName, accountName });
});

it.each([
  '',
  '   ',
  '@',
  '@acme',
  'alice@',
  'alice@acme@beta',
  '@@',
  'alice@.logon.example.com',
  'x'.repeat(129),
  `alice@${'x'.repeat(130)}`,
])('"%s" can be nobody', (typed) => expect(parseLogonName(typed, domain)).toBeUndefined());

it('reads back what it writes', () => {
  const userName = fc.stringMatching(/^[A-Za-z0-9._-]{1,40}$/);
  const alias = fc.stringMatching(/^[a-z][a-z0-9]{2,40}$/);
  fc.assert(
    fc.property(userName, alias, (name, account) => {
      expect(parseLogonName(userPrincipalName(name, account, domain), domain)).toEqual({
        userName: name,
        accountName: account,
      });
      expect(parseLogonName(`${name}@${account}`, domain)).toEqual({ userName: name, accountName: account });
    }),
  );
});

it('throws at nothing that is typed', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (typed) => {
      const name = parseLogonName(typed, domain);
      if (name !== undefined) expect(name.userName).not.toContain('@');
    }),
  );
});
