import type { PortalFrame, PortalPage } from '../../../src/web/views/pages/portal-pages.ts';
import { logonForm, longAlias, longName } from './sample-parts.ts';

const sections = [
  { label: 'portal.section.overview', href: '/acme/portal', current: true },
  { label: 'portal.section.details', href: '/acme/portal/details', current: false },
  { label: 'portal.section.password', href: '/acme/portal/password', current: false },
  { label: 'portal.section.security', href: '/acme/portal/security', current: false },
  { label: 'portal.section.access-keys', href: '/acme/portal/access-keys', current: false },
  { label: 'portal.section.sessions', href: '/acme/portal/sessions', current: false },
  { label: 'portal.section.apps', href: '/acme/portal/apps', current: false },
  { label: 'portal.section.activity', href: '/acme/portal/activity', current: false },
] as const satisfies PortalFrame['sections'];

const frame = {
  principal: 'alice@acme',
  alias: 'acme',
  signOutAction: '/acme/portal/sign-out',
  csrf: logonForm.csrf,
  sections,
  faults: [],
} as const satisfies PortalFrame;

const longFrame = {
  ...frame,
  principal: `firstname.lastname-with-a-very-long-user-name@${longAlias}`,
  alias: longAlias,
} as const;

const [monday, tuesday] = [new Date('2026-11-23T06:19:00Z'), new Date('2026-11-24T17:02:00Z')];

const others = [
  { label: 'portal.proof.by-code', href: '/acme/portal/security/remove?by=code' },
  { label: 'portal.proof.by-password', href: '/acme/portal/security/remove?by=password' },
] as const;
const passkeyProof = {
  method: 'passkey',
  passkeyOptions: '{"challenge":"AAAA","allowCredentials":[]}',
  others,
} as const;
const codeProof = { method: 'code', others: [] } as const;
const passwordProof = { method: 'password', others: [] } as const;

const passwordRules = [
  { kind: 'too-short', value: 12, check: { kind: 'min-length', value: 12 } },
  { kind: 'no-number', check: { kind: 'number' } },
  { kind: 'common' },
] as const;

const helpText = 'Questions? Help desk: 4711, <help@acme.example>';

const seed = {
  secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  otpauthUri: 'otpauth://totp/acme:alice%40acme?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=acme',
  deviceId: 'mfa_3k9xq2m7w4c8v1n6b5z0',
};

/** Every page of the portal, and each state that changes how one looks. */
export const portalSamples = {
  'portal, new user': {
    name: 'portal/overview',
    ...frame,
    displayName: 'Alice',
    apps: [],
    facts: [
      { label: 'portal.two-step', value: 'portal.off', isWarning: true },
      { label: 'portal.passkeys', value: { key: 'portal.passkey-count', values: { count: 0 } }, isWarning: false },
      { label: 'portal.last-logon', value: 'portal.first-logon', isWarning: false },
    ],
    passkeyHref: '/acme/portal/security/passkey',
    hasPolicies: false,
    helpText,
  },
  'portal, apps': {
    name: 'portal/overview',
    ...longFrame,
    displayName: 'علياء المدى',
    apps: [
      { name: 'Payroll', href: 'https://payroll.example.com/' },
      { name: 'Field Reports', href: 'https://reports.example.com/' },
      { name: longName, href: 'https://long.example.com/' },
    ],
    facts: [
      {
        ...{ label: 'portal.two-step', value: 'portal.on', isWarning: false },
        link: { label: 'portal.overview.manage', href: '/acme/portal/security' },
      },
      { label: 'portal.recovery-codes', value: { key: 'portal.codes-left', values: { count: 2 } }, isWarning: true },
      {
        ...{ label: 'portal.password-due', value: tuesday, isWarning: true },
        link: { label: 'portal.overview.change', href: '/acme/portal/password' },
      },
      { label: 'portal.last-logon', value: monday, isWarning: false },
    ],
    hasPolicies: true,
  },
  'portal, details': {
    name: 'portal/details',
    ...frame,
    facts: [
      { label: 'portal.details.display-name', value: 'Alice Roe' },
      { label: 'portal.details.logon-name', value: 'alice@acme.logon.example.com' },
      { label: 'portal.details.email' },
    ],
    groups: [{ name: 'Developers', description: 'developers' }, { name: longName }],
    policies: [
      { name: 'AliyunRAMReadOnlyAccess', description: 'Reads everything.' },
      { name: 'wiki-editors', throughGroup: 'developers' },
    ],
  },
  'portal, details, nothing': {
    ...{ name: 'portal/details', ...longFrame, facts: [], groups: [], policies: [] },
  },
  'portal, password': {
    name: 'portal/password',
    ...frame,
    action: '/acme/portal/password',
    rules: passwordRules,
  },
  'portal, password, refused': {
    name: 'portal/password',
    ...frame,
    action: '/acme/portal/password',
    rules: passwordRules,
    faults: [
      { message: 'portal.refused.wrong-password', field: 'old_password' },
      { message: { key: 'passwords.flaw.too-short', values: { value: 12 } }, field: 'new_password' },
    ],
    retryAfterSeconds: 45,
  },
  'portal, security': {
    name: 'portal/security',
    ...frame,
    notice: 'portal.done.device-renamed',
    renameAction: '/acme/portal/security/rename',
    devices: [
      {
        ...{ id: 'mfa_3k9xq2m7w4c8v1n6b5z0', name: 'Work laptop', kind: 'portal.kind.passkey', backedUp: true },
        ...{ createdAt: monday, lastUsedAt: tuesday, removeHref: '/acme/portal/security/remove?device=mfa_1' },
      },
      {
        ...{ id: 'mfa_4k9xq2m7w4c8v1n6b5z0', name: longName, kind: 'portal.kind.totp', backedUp: false },
        ...{ createdAt: monday, removeHref: '/acme/portal/security/remove?device=mfa_2' },
      },
    ],
    isClosed: false,
    addPasskeyHref: '/acme/portal/security/passkey',
    addAppAction: '/acme/portal/security/app/begin',
    recoveryCodes: { left: 8, total: 10 },
    recoveryCodesHref: '/acme/portal/security/recovery-codes',
  },
  'portal, security, closed': {
    name: 'portal/security',
    ...frame,
    devices: [],
    isClosed: true,
  },
  'portal, security, in part': {
    name: 'portal/security',
    ...frame,
    devices: [
      {
        ...{ id: 'mfa_3k9xq2m7w4c8v1n6b5z0', name: 'Key ring', kind: 'portal.kind.security-key', backedUp: false },
        ...{ createdAt: monday, removeHref: '/acme/portal/security/remove?device=mfa_1' },
      },
    ],
    isClosed: false,
    addAppAction: '/acme/portal/security/app/begin',
    recoveryCodes: { left: 8, total: 10 },
  },
  'portal, remove a device': {
    name: 'portal/remove-device',
    ...frame,
    action: '/acme/portal/security/remove?by=passkey',
    deviceId: 'mfa_3k9xq2m7w4c8v1n6b5z0',
    deviceName: 'Work laptop',
    isLast: true,
    backHref: '/acme/portal/security',
    proof: passkeyProof,
  },
  'portal, remove a device, refused': {
    name: 'portal/remove-device',
    ...frame,
    faults: [{ message: 'portal.refused.wrong-proof', field: 'code' }],
    action: '/acme/portal/security/remove?by=code',
    deviceId: 'mfa_3k9xq2m7w4c8v1n6b5z0',
    deviceName: longName,
    isLast: false,
    backHref: '/acme/portal/security',
    proof: codeProof,
  },
  'portal, add an app': {
    name: 'portal/authenticator-app',
    ...frame,
    ...seed,
    action: '/acme/portal/security/app?by=passkey',
    backHref: '/acme/portal/security',
    proof: passkeyProof,
  },
  'portal, add an app, refused': {
    name: 'portal/authenticator-app',
    ...frame,
    ...seed,
    faults: [{ message: 'portal.fault.code', field: 'code_1' }],
    action: '/acme/portal/security/app?by=password',
    backHref: '/acme/portal/security',
    proof: passwordProof,
  },
  'portal, add a passkey': {
    name: 'portal/passkey',
    ...frame,
    action: '/acme/portal/security/passkey?by=password',
    creationOptions: '{"challenge":"AAAA","user":{"id":"AAAA"}}',
    proof: passwordProof,
    backHref: '/acme/portal/security',
  },
  'portal, add a passkey, with a code': {
    name: 'portal/passkey',
    ...frame,
    faults: [{ message: 'portal.fault.name', field: 'name' }],
    action: '/acme/portal/security/passkey?by=code',
    creationOptions: '{"challenge":"AAAA","user":{"id":"AAAA"}}',
    proof: { ...codeProof, others },
    backHref: '/acme/portal/security',
  },
  'portal, add a passkey, one first': {
    name: 'portal/passkey',
    ...frame,
    action: '/acme/portal/security/passkey/proof',
    proof: passkeyProof,
    backHref: '/acme/portal/security',
  },
  'portal, add a passkey, after one': {
    name: 'portal/passkey',
    ...frame,
    action: '/acme/portal/security/passkey',
    creationOptions: '{"challenge":"AAAA","user":{"id":"AAAA"}}',
    proofId: 'b7Jk2vX0mQ9sT4yLcE1aRz8dUf6hWnGpO3iSxVtBqY4',
    backHref: '/acme/portal/security',
  },
  'portal, recovery codes': {
    name: 'portal/recovery-codes',
    ...frame,
    action: '/acme/portal/security/recovery-codes?by=password',
    left: 3,
    backHref: '/acme/portal/security',
    proof: passwordProof,
  },
  'portal, recovery codes, new': {
    name: 'portal/recovery-codes',
    ...frame,
    notice: 'portal.done.codes-made',
    action: '/acme/portal/security/recovery-codes',
    left: 10,
    backHref: '/acme/portal/security',
    codes: ['K7F2Q9-XW4MP3-HS8TTN-6CW5JV', 'B9ZKX4-MHE7N6-YCP3GS-U8D2RW'],
  },
  'portal, recovery codes, no device': {
    name: 'portal/recovery-codes',
    ...frame,
    action: '/acme/portal/security/recovery-codes',
    left: 0,
    backHref: '/acme/portal/security',
  },
  'portal, access keys': {
    name: 'portal/access-keys',
    ...frame,
    notice: 'portal.done.key-created',
    keys: [
      { id: 'PSTKx7Zq2mR4tYv9Kc1LpW3n', active: true, createdAt: monday, lastUsedAt: tuesday, label: 'bootstrap' },
      { id: 'PSTKx7Zq2mR4tYv9Kc1LpW3o', active: false, createdAt: monday, expiresAt: tuesday },
    ],
    mayCreate: true,
    createAction: '/acme/portal/access-keys',
    changeAction: '/acme/portal/access-keys/change',
    deleteAction: '/acme/portal/access-keys/delete',
    newKey: { id: 'PSTKx7Zq2mR4tYv9Kc1LpW3n', secret: 'h3Jk2vX0mQ9sT4yLcE1aRz8dUf6hWnGp' },
  },
  'portal, access keys, none': {
    name: 'portal/access-keys',
    ...frame,
    keys: [],
    mayCreate: false,
    createAction: '/acme/portal/access-keys',
    changeAction: '/acme/portal/access-keys/change',
    deleteAction: '/acme/portal/access-keys/delete',
  },
  'portal, sessions': {
    name: 'portal/sessions',
    ...frame,
    endAction: '/acme/portal/sessions/end',
    endOthersAction: '/acme/portal/sessions/end-others',
    endAllAction: '/acme/portal/sessions/end-all',
    forgetAction: '/acme/portal/sessions/forget',
    sessions: [
      {
        ...{ id: 'b7Jk2vX0mQ9sT4yLcE1aRz8dUf6hWnGpO3iSxVtBqY4', sourceIp: '192.0.2.17', current: true },
        device: { key: 'portal.device.both', values: { browser: 'Firefox', system: 'Linux' } },
        ...{ startedAt: monday, lastUsedAt: tuesday, apps: ['Payroll', longName] },
      },
      {
        ...{ id: 'c7Jk2vX0mQ9sT4yLcE1aRz8dUf6hWnGpO3iSxVtBqY4', sourceIp: '2001:db8::17', current: false },
        ...{ device: 'portal.device.unknown', startedAt: monday, lastUsedAt: monday, apps: [] },
      },
    ],
    olderHref: '/acme/portal/sessions?after=abc',
    devices: [
      {
        ...{ id: 'dev_3k9xq2m7w4c8v1n6b5z0', sourceIp: '192.0.2.17', lastSeenAt: monday, mfaSavedUntil: tuesday },
        device: { key: 'portal.device.one', values: { name: 'Android' } },
      },
    ],
  },
  'portal, sessions, only this': {
    name: 'portal/sessions',
    ...frame,
    endAction: '/acme/portal/sessions/end',
    endOthersAction: '/acme/portal/sessions/end-others',
    endAllAction: '/acme/portal/sessions/end-all',
    forgetAction: '/acme/portal/sessions/forget',
    sessions: [],
    devices: [],
  },
  'portal, apps with access': {
    name: 'portal/apps',
    ...frame,
    action: '/acme/portal/apps/withdraw',
    apps: [
      {
        ...{ clientId: 'app_3k9xq2m7w4c8v1n6b5z0', name: 'Field Reports', since: monday, offline: true },
        scopes: ['scope.profile', 'scope.email'],
      },
      { clientId: 'app_4k9xq2m7w4c8v1n6b5z0', name: longName, since: monday, offline: false, scopes: ['scope.openid'] },
    ],
  },
  'portal, apps with access, none': { name: 'portal/apps', ...frame, action: '/acme/portal/apps/withdraw', apps: [] },
  'portal, activity': {
    name: 'portal/activity',
    ...frame,
    events: [
      {
        text: { key: 'activity.logon-to', values: { app: 'Payroll' } },
        at: tuesday,
        sourceIp: '192.0.2.17',
        refused: false,
      },
      { text: 'activity.logon-refused.password', at: tuesday, sourceIp: '203.0.113.9', refused: true },
      {
        text: { key: 'activity.met.policy-attached', values: { policy: longName } },
        at: monday,
        by: 'root',
        refused: false,
      },
      {
        text: { key: 'activity.other', values: { action: 'ram:CreateUser', target: 'user/bob' } },
        at: monday,
        refused: false,
      },
    ],
    olderHref: '/acme/portal/activity?after=abc',
    newestHref: '/acme/portal/activity',
  },
  'portal, activity, none': { name: 'portal/activity', ...frame, events: [] },
  'portal, closed': {
    name: 'portal/closed',
    ...frame,
    title: 'portal.section.password',
    message: 'portal.password.closed',
    helpText,
  },
  'portal, ended': {
    name: 'portal/ended',
    title: 'portal.ended.password.title',
    message: 'portal.ended.password',
    logonHref: '/acme',
  },
} as const satisfies Record<string, PortalPage>;
