import { expect, it } from 'vitest';
import type { ActivityView } from '../../../src/domain/audit/list-own-activity.ts';
import { activityWording } from '../../../src/web/portal/activity-words.ts';
import { loadCatalog } from '../../../src/web/views/messages/catalogs.ts';
import { createTranslate } from '../../../src/web/views/translate.ts';

const t = createTranslate('en', loadCatalog('en'));
const resource = 'acs:ram:*:5123456789012345:user/alice';
const scene = { resource, appNames: new Map([['app_1', 'Payroll']]) };

const event = (changes: Partial<ActivityView>): ActivityView => ({
  ...{ eventId: '1', at: new Date(0), isOwn: true, userName: 'alice', via: 'session', sourceIp: null },
  ...{ action: 'logon', resource, outcome: 'success', details: {} },
  ...changes,
});

function wordsOf(changes: Partial<ActivityView>): string {
  const said = t(activityWording(event(changes), scene));
  return typeof said === 'string' ? said : said.html.replace(/<[^>]*>/g, '');
}

it.each<[string, Partial<ActivityView>]>([
  ['You logged on', {}],
  ['You logged on to Payroll', { details: { app: 'app_1' } }],
  ['You logged on', { details: { app: 'app_gone' } }],
  ['You signed out', { action: 'signOut' }],
  ['You allowed Payroll what it asked for', { action: 'consent', details: { app: 'app_1' } }],
  ['You took back what Payroll was allowed', { action: 'ram:DeleteConsent', details: { clientId: 'app_1' } }],
  ['You changed your password', { action: 'ram:ChangePassword' }],
  ['You chose a new password while logging on', { action: 'ram:ChangePassword', details: { forced: true } }],
  ['You added a passkey', { action: 'ram:BindMFADevice', details: { type: 'passkey' } }],
  ['You added a second factor', { action: 'ram:BindMFADevice', details: { type: ['passkey'] } }],
  [
    'You began to set up an authenticator app',
    { action: 'ram:CreateVirtualMFADevice', resource: 'acs:ram:*:5123456789012345:mfa/*' },
  ],
  ['You created the access key PSTK1', { action: 'ram:CreateAccessKey', details: { accessKeyId: 'PSTK1' } }],
  ['You ended 2 sessions', { action: 'ram:DeleteSession', details: { sessions: 2 } }],
  ['You ended a session', { action: 'ram:DeleteSession', details: { sessionId: 'x' } }],
])('%s', (words, changes) => {
  expect(wordsOf(changes)).toBe(words);
});

it.each<[string, Partial<ActivityView>]>([
  ['Your user was frozen', { action: 'ram:UpdateUser', details: { status: 'frozen' } }],
  ['Your details were changed', { action: 'ram:UpdateUser', details: { changed: ['email'] } }],
  ['A new password was set for you', { action: 'ram:UpdateLoginProfile', details: { passwordChanged: true } }],
  ['Your logon settings were changed', { action: 'ram:UpdateLoginProfile', details: { passwordChanged: false } }],
  ['You were given the permissions of wiki', { action: 'ram:AttachPolicyToUser', details: { policyName: 'wiki' } }],
  ['You were added to the group ops', { action: 'ram:AddUserToGroup', details: { groupName: 'ops' } }],
  [
    'All your passkeys, authenticator apps and recovery codes were removed',
    { action: 'ram:UnbindMFADevice', details: { all: true } },
  ],
  ['A session of yours was ended', { action: 'ram:DeleteSession', details: { sessions: 3 } }],
])('done by somebody else: %s', (words, changes) => {
  expect(wordsOf({ ...changes, isOwn: false })).toBe(words);
});

it.each([
  ['the password was wrong', { factor: 'password', reason: 'wrong name or password' }],
  ['too many tries', { factor: 'totp', reason: 'throttled' }],
  ['a network that is not allowed', { factor: 'password', reason: 'network not allowed' }],
  ['the password had expired', { factor: 'password', reason: 'password expired' }],
  ['at the second step', { factor: 'recovery', reason: 'wrong' }],
  ['at the second step', { factor: 'bind', reason: 'wrong' }],
  ['a stronger proof than you have set up', { factor: 'level', reason: 'out of reach' }],
  ['the passkey was not accepted', { factor: 'passkey', reason: 'wrong' }],
  ['was refused', { factor: 'something-new', reason: {} }],
])('a logon that failed says why: %s', (words, details) => {
  expect(wordsOf({ outcome: 'refused', details })).toContain(words);
});

it('what has no words of its own is told by name, as is what was done to others and what was refused', () => {
  expect(wordsOf({ action: 'ram:NewThing' })).toBe('ram:NewThing on user/alice');
  const others = { action: 'ram:UnbindMFADevice', resource: 'acs:ram:*:5123456789012345:user/bob' };
  expect(wordsOf(others)).toBe('ram:UnbindMFADevice on user/bob');
  expect(wordsOf({ action: 'ram:ChangePassword', outcome: 'refused' })).toBe(
    'ram:ChangePassword on user/alice was refused',
  );
  expect(wordsOf({ action: '__proto__', isOwn: false })).toBe('__proto__ on user/alice');
  expect(wordsOf({ action: 'consent', outcome: 'refused', details: { app: 'app_gone' } })).toContain('was refused');
});

it('text in an event stays text', () => {
  const details = { policyName: '<img src=x onerror=alert(1)>' };
  const said = t(activityWording(event({ action: 'ram:AttachPolicyToUser', isOwn: false, details }), scene));
  expect(typeof said === 'string' ? said : said.html).not.toContain('<img');
});
