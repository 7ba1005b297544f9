import { expect, test } from 'vitest';
import { secondNameOf, singular, verbNameOf, wholeNameOf } from '../../../src/cli/generated/verb-names.ts';

test.each([
  ['GET /users', true, 'user list'],
  ['POST /users', false, 'user create'],
  ['GET /users/{userName}', false, 'user show'],
  ['PATCH /users/by-id/{userId}', false, 'user update-by-id'],
  ['GET /users/{userName}/login-profile', false, 'user show-login-profile'],
  ['PUT /users/{userName}/login-profile', false, 'user set-login-profile'],
  ['GET /users/{userName}/access-keys', true, 'access-key list'],
  ['PUT /users/{userName}/policies/{policyType}/{policyName}', false, 'user attach-policy'],
  ['DELETE /groups/{groupName}/policies/{policyType}/{policyName}', false, 'group detach-policy'],
  ['PUT /groups/{groupName}/users/{userName}', false, 'group add-user'],
  ['GET /groups/{groupName}/users', true, 'group list-users'],
  ['POST /policies/{policyType}/{policyName}/versions', false, 'policy create-version'],
  ['PUT /policies/{policyType}/{policyName}/default-version', false, 'policy set-default-version'],
  ['GET /account/security-preferences', false, 'account show-security-preferences'],
  ['GET /accounts', true, 'platform-account list'],
  ['DELETE /users/{userName}/mfa-devices', false, 'user reset-mfa'],
  ['GET /things/{thingId}/parts/{partId}', false, 'thing show-part'],
  ['DELETE /things/{thingId}/parts', false, 'thing delete-parts'],
])('%s (a list: %s) is "%s"', (line, isList, name) => {
  const [method = '', path = ''] = line.split(' ');
  const { noun, verb } = verbNameOf({ method, path, isList }) ?? {};
  expect(`${noun} ${verb}`).toBe(name);
});

test('the double of an endpoint has no verb of its own', () => {
  expect(verbNameOf({ method: 'POST', path: '/me/password', isList: false })).toBeUndefined();
});

test('a membership has a verb under either noun, and a list that can be had whole one more', () => {
  const membership = { method: 'PUT', path: '/groups/{groupName}/users/{userName}', isList: false };
  expect(secondNameOf(membership)).toEqual({ noun: 'user', verb: 'add-to-group' });
  expect(wholeNameOf({ method: 'GET', path: '/audit-events', isList: true })).toEqual({
    noun: 'audit',
    verb: 'export',
  });
});

test.each([
  ['policies', 'policy'],
  ['aliases', 'alias'],
  ['access-keys', 'access-key'],
  ['alias', 'alias'],
  ['status', 'status'],
  ['redirect-uris', 'redirect-uri'],
  ['boxes', 'box'],
  ['me', 'me'],
])('one of %s is a %s', (many, one) => {
  expect(singular(many)).toBe(one);
});
