import type { Page } from '../../src/web/views/pages.ts';

const logonForm = { action: '/acme/logon/7hQ2mXw0bT4nVd9zKc1sR', csrf: 'dGhlLXRva2VuLW9mLXRoaXMtbG9nb24' };
const principalForm = { ...logonForm, principal: 'alice@acme' };
const longName = 'Grundstücksverkehrsgenehmigungszuständigkeitsübertragungsverordnung';

const rules = [
  { id: 'min-length', text: 'At least 12 characters', check: { kind: 'min-length', value: 12 } },
  { id: 'uppercase', text: 'An upper-case letter', check: { kind: 'uppercase' } },
  { id: 'number', text: 'A number', check: { kind: 'number' } },
  { id: 'not-contain', text: 'Not your user name', check: { kind: 'not-contain', value: 'alice' } },
  { id: 'blocked', text: 'Not a password known from data breaches' },
] as const;

/** Every page at least once, and each state that changes how one looks. The key names the state. */
export const pageSamples = {
  general: { name: 'logon/general', username: '' },
  'general, refused': {
    name: 'logon/general',
    username: 'alice',
    error: 'Enter your name with the alias, like alice@acme.',
  },
  password: {
    name: 'logon/password',
    ...logonForm,
    alias: 'acme',
    accountName: 'Acme Corporation',
    upnSuffix: '@acme.logon.example',
    username: '',
    appName: 'Payroll',
  },
  'password, refused': {
    name: 'logon/password',
    ...logonForm,
    alias: 'acme',
    accountName: 'Acme Corporation',
    upnSuffix: '@acme.logon.example',
    username: 'alice',
    error: 'The user name or the password is not right.',
  },
  'password, locked, long names': {
    name: 'logon/password',
    ...logonForm,
    alias: 'the-longest-alias-that-an-account-can-have-is-51-ch',
    accountName: `${longName} 有限公司 شركة المدى`,
    upnSuffix: '@the-longest-alias-that-an-account-can-have-is-51-ch.identity.example.com',
    username: 'firstname.lastname-with-a-very-long-user-name',
    appName: `‮${longName}`,
    error: 'There were too many attempts.',
    retryAfterSeconds: 45,
  },
  totp: {
    name: 'logon/totp',
    ...principalForm,
    appName: 'Payroll',
    recoveryHref: '/acme/logon/7hQ2mXw0bT4nVd9zKc1sR?step=recovery',
  },
  'totp, refused': {
    name: 'logon/totp',
    ...principalForm,
    principal: 'firstname.lastname-with-a-very-long-user-name@the-longest-alias-that-an-account-can-have-is-51-ch',
    error: 'That code is not right, or it was used already. Wait for the next one.',
  },
  recovery: { name: 'logon/recovery', ...principalForm, totpHref: '/acme/logon/7hQ2mXw0bT4nVd9zKc1sR?step=totp' },
  'recovery, refused': {
    name: 'logon/recovery',
    ...principalForm,
    error: 'That code is not right, or it was used already.',
    totpHref: '/acme/logon/7hQ2mXw0bT4nVd9zKc1sR?step=totp',
  },
  'reset, first': { name: 'logon/reset', ...principalForm, reason: 'first', rules, errors: [] },
  'reset, expired, refused': {
    name: 'logon/reset',
    ...principalForm,
    reason: 'expired',
    rules,
    errors: ['Use at least 12 characters.', 'This password is known from a data breach. Choose another.'],
  },
  bind: {
    name: 'logon/bind',
    ...principalForm,
    secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
    otpauthUri:
      'otpauth://totp/Acme%20Corporation:alice%40acme?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Acme%20Corporation',
  },
  'bind, refused': {
    name: 'logon/bind',
    ...principalForm,
    secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
    otpauthUri:
      'otpauth://totp/Acme%20Corporation:alice%40acme?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Acme%20Corporation',
    error: 'That code is not right. Check that the time on your device is set by itself, and enter the code shown now.',
  },
  'recovery codes': {
    name: 'logon/recovery-codes',
    ...principalForm,
    codes: [
      'k7f2q-9xw4m',
      'p3hs8-ttn6c',
      'w5jv2-r8qda',
      'b9zkx-4mhe7',
      'n6ycp-3gsu8',
      'd2rwa-v7xtj',
      'h8qme-5kbf9',
      'z4uns-c6pgy',
    ],
  },
  consent: {
    name: 'logon/consent',
    ...principalForm,
    appName: 'Field Reports',
    redirectHost: 'reports.example.com',
    scopes: [
      { title: 'Your profile', description: 'Name and logon name' },
      { title: 'Your e-mail address', description: 'alice@example.com' },
    ],
    offline: true,
  },
  'consent, full access': {
    name: 'logon/consent',
    ...principalForm,
    appName: longName,
    redirectHost: 'the-longest-alias-that-an-account-can-have-is-51-ch.apps.identity.example.com',
    scopes: [{ title: 'Your profile', description: 'Name and logon name' }],
    offline: false,
    apiAccess: 'full',
  },
  'consent, read access': {
    name: 'logon/consent',
    ...principalForm,
    appName: 'Field Reports',
    redirectHost: 'com.example.reports',
    scopes: [],
    offline: false,
    apiAccess: 'read',
  },
  stale: { name: 'logon/stale', appName: 'Payroll', startOverHref: '/acme' },
  continue: { name: 'logon/continue', appName: 'Payroll', href: 'com.example.payroll:/callback?code=abc' },
  'portal, new user': {
    name: 'portal/overview',
    principal: 'alice@acme',
    displayName: 'Alice',
    alias: 'acme',
    signOutAction: '/acme/portal/sign-out',
    csrf: logonForm.csrf,
    mfaEnabled: false,
    hasPolicies: false,
    apps: [],
  },
  'portal, apps': {
    name: 'portal/overview',
    principal: 'firstname.lastname-with-a-very-long-user-name@the-longest-alias-that-an-account-can-have-is-51-ch',
    displayName: 'علياء المدى',
    alias: 'the-longest-alias-that-an-account-can-have-is-51-ch',
    signOutAction: '/acme/portal/sign-out',
    csrf: logonForm.csrf,
    lastLogonAt: new Date('2026-11-21T06:19:00Z'),
    mfaEnabled: true,
    hasPolicies: true,
    apps: [
      { name: 'Payroll', href: 'https://payroll.example.com/' },
      { name: 'Field Reports', href: 'https://reports.example.com/' },
      { name: longName, href: 'https://long.example.com/' },
    ],
  },
  'sign-out question': {
    name: 'sign-out/question',
    action: '/acme/oauth2/logout/confirm',
    hiddenFields: [{ name: 'xsrf', value: 'b1c2d3' }],
    appName: 'Payroll',
  },
  'sign-out question, no app': {
    name: 'sign-out/question',
    action: '/acme/oauth2/logout/confirm',
    hiddenFields: [{ name: 'xsrf', value: 'b1c2d3' }],
  },
  'sign-out done': { name: 'sign-out/done', alias: 'acme', logonHref: '/acme', appName: 'Payroll' },
  handover: {
    name: 'engine/handover',
    action: 'https://payroll.example.com/callback',
    hiddenFields: [
      { name: 'code', value: 'a1b2c3' },
      { name: 'state', value: 'd4e5f6' },
    ],
  },
  'error, not found': {
    name: 'errors/error',
    heading: 'There is nothing here',
    message: 'The address may be mistyped, or the page may have moved.',
    actionHref: '/',
    actionLabel: 'Go to logon',
  },
  'error, unavailable': {
    name: 'errors/error',
    heading: 'Not available right now',
    message: 'Something we depend on does not answer. Try again in a minute.',
    requestId: '4f1c2a9e-6b1d-4c59-9a51-0f5f8f1f7d22',
  },
} as const satisfies Record<string, Page>;
