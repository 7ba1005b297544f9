import type { LogonPage } from '../../../src/web/views/pages/logon-pages.ts';
import { logonForm, longAlias, longName, principalForm } from './sample-parts.ts';

const rules = [
  { kind: 'too-short', value: 12, check: { kind: 'min-length', value: 12 } },
  { kind: 'no-uppercase', check: { kind: 'uppercase' } },
  { kind: 'no-number', check: { kind: 'number' } },
  { kind: 'contains-user-name', check: { kind: 'not-contain', value: 'alice' } },
  { kind: 'context' },
  { kind: 'common' },
  { kind: 'breached' },
] as const;

const challenge = 'AAECAwQFBgcICQoLDA0ODwAAaKq7zM3O';
const requestOptions = JSON.stringify({ challenge, rpId: 'localhost', allowCredentials: [] });
const creationOptions = JSON.stringify({
  challenge,
  rp: { id: 'localhost', name: 'localhost' },
  user: { id: 'MTox', name: 'alice@acme', displayName: 'Alice' },
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
});

const factorForm = { ...principalForm, others: [], mayDecline: false, mayRemember: false } as const;

const others = {
  passkey: { step: 'passkey-factor', href: `${logonForm.action}&factor=passkey-factor` },
  totp: { step: 'totp', href: `${logonForm.action}&factor=totp` },
  recovery: { step: 'recovery', href: `${logonForm.action}&factor=recovery` },
} as const;

/** Every page of the hosted logon, and each state that changes how one looks. */
export const logonSamples = {
  general: { name: 'logon/general', action: '/-/logon', username: '' },
  'general, refused': {
    name: 'logon/general',
    action: '/-/logon',
    username: 'alice',
    error: 'general.no-alias',
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
    error: 'password.wrong',
  },
  'password, locked, long names': {
    name: 'logon/password',
    ...logonForm,
    alias: longAlias,
    accountName: `${longName} 有限公司 شركة المدى`,
    upnSuffix: '@the-longest-alias-that-an-account-can-have-is-51-ch.identity.example.com',
    username: 'firstname.lastname-with-a-very-long-user-name',
    appName: `‮${longName}`,
    error: 'logon.too-many-tries',
    retryAfterSeconds: 45,
  },
  'password, begun again, with passkeys': {
    name: 'logon/password',
    ...logonForm,
    alias: 'acme',
    accountName: 'Acme Corporation',
    upnSuffix: '@acme.logon.example',
    username: '',
    notice: 'logon.begin-again-changed',
    passkeyOptions: requestOptions,
  },
  'password, somebody else': {
    name: 'logon/password',
    ...logonForm,
    alias: 'acme',
    accountName: 'Acme Corporation',
    upnSuffix: '@acme.logon.example',
    username: '',
    appName: 'Payroll',
    passkeyOptions: requestOptions,
    present: { principal: 'alice@acme', href: logonForm.action },
  },
  totp: { name: 'logon/totp', ...factorForm, appName: 'Payroll', others: [others.recovery] },
  'totp, refused': {
    name: 'logon/totp',
    ...factorForm,
    principal: `firstname.lastname-with-a-very-long-user-name@${longAlias}`,
    error: 'totp.wrong',
    mayRemember: true,
  },
  'passkey factor': {
    name: 'logon/passkey-factor',
    ...factorForm,
    others: [others.totp, others.recovery],
    passkeyOptions: requestOptions,
    credentialNames: ['Work laptop', longName],
    mayRemember: true,
  },
  'passkey factor, step-up, refused': {
    name: 'logon/passkey-factor',
    ...factorForm,
    appName: 'Payroll',
    passkeyOptions: requestOptions,
    credentialNames: ['مفتاح'],
    error: 'passkey-factor.wrong',
    mayDecline: true,
    stepUp: { somebodyElseHref: `${logonForm.action}&factor=password` },
  },
  recovery: { name: 'logon/recovery', ...factorForm, others: [others.passkey, others.totp] },
  'recovery, refused': { name: 'logon/recovery', ...factorForm, error: 'recovery.wrong', others: [others.totp] },
  'reset, first': { name: 'logon/reset', ...principalForm, reason: 'first', rules, errors: [] },
  'reset, expired, refused': {
    name: 'logon/reset',
    ...principalForm,
    reason: 'expired',
    rules,
    errors: [{ key: 'passwords.flaw.too-short', values: { value: 12 } }, 'passwords.flaw.common'],
  },
  bind: {
    name: 'logon/bind',
    ...principalForm,
    secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
    otpauthUri:
      'otpauth://totp/Acme%20Corporation:alice%40acme?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Acme%20Corporation',
    passkeyHref: `${logonForm.action}&factor=bind-passkey`,
  },
  'bind, refused': {
    name: 'logon/bind',
    ...principalForm,
    secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
    otpauthUri:
      'otpauth://totp/Acme%20Corporation:alice%40acme?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Acme%20Corporation',
    passkeyHref: `${logonForm.action}&factor=bind-passkey`,
    error: 'bind.wrong',
  },
  'bind, passkey': {
    name: 'logon/bind-passkey',
    ...principalForm,
    passkeyOptions: creationOptions,
    appHref: `${logonForm.action}&factor=bind`,
  },
  'bind, passkey, refused': {
    name: 'logon/bind-passkey',
    ...principalForm,
    passkeyOptions: creationOptions,
    appHref: `${logonForm.action}&factor=bind`,
    error: 'bind-passkey.wrong',
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
      { title: 'scope.profile', description: 'scope.profile-means' },
      { title: 'scope.email', description: 'scope.email-means' },
    ],
    offline: true,
  },
  'consent, full access': {
    name: 'logon/consent',
    ...principalForm,
    appName: longName,
    redirectHost: 'the-longest-alias-that-an-account-can-have-is-51-ch.apps.identity.example.com',
    scopes: [{ title: 'scope.profile', description: 'scope.profile-means' }],
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
} as const satisfies Record<string, LogonPage>;
