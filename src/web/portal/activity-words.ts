import type { ActivityView } from '../../domain/audit/list-own-activity.ts';
import type { MessageKey } from '../views/messages/catalog.ts';
import type { Wording } from '../views/translate.ts';

type Details = ActivityView['details'];

/** What the words need beside the event. */
export interface ActivityScene {
  /** How the log names the user. */
  readonly resource: string;
  /** What applications are called, by client id. */
  readonly appNames: ReadonlyMap<string, string>;
}

type Words = (details: Details, scene: ActivityScene) => Wording | undefined;

/** Names of actions and reasons are written by others of us, and read from the log: none of them reaches what every object has. */
const wordsIn = <Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const fixed =
  (wording: Wording): Words =>
  () =>
    wording;

const withKey =
  (key: MessageKey): Words =>
  ({ accessKeyId }) => ({ key, values: { key: textOf(accessKeyId) } });

/** An application that is no more has no name; then there are other words, or none. */
const withApp =
  (key: MessageKey, otherwise?: Wording): Words =>
  (details, { appNames }) => {
    const app = appNames.get(clientIdIn(details) ?? '');
    return app === undefined ? otherwise : { key, values: { app } };
  };

/** The application that an event speaks of. */
export const clientIdIn = ({ app, clientId }: Details): string | undefined =>
  textOf(app) || textOf(clientId) || undefined;

const boundWords: Readonly<Record<string, Wording>> = {
  totp: 'activity.app-added',
  passkey: 'activity.passkey-added',
  'security-key': 'activity.security-key-added',
};

/** What users do to themselves. */
const ownWords: Readonly<Record<string, Words>> = {
  logon: withApp('activity.logon-to', 'activity.logon'),
  signOut: fixed('activity.sign-out'),
  consent: withApp('activity.consent'),
  'ram:DeleteConsent': withApp('activity.consent-withdrawn'),
  'ram:ChangePassword': ({ forced }) => (forced === true ? 'activity.password-forced' : 'activity.password-changed'),
  'ram:CreateVirtualMFADevice': fixed('activity.device-begun'),
  'ram:BindMFADevice': ({ type }) => wordsIn(boundWords, textOf(type)) ?? 'activity.device-added',
  'ram:UpdatePasskey': fixed('activity.device-renamed'),
  'ram:UnbindMFADevice': fixed('activity.device-removed'),
  'ram:CreateRecoveryCodes': fixed('activity.codes-made'),
  'ram:CreateAccessKey': withKey('activity.key-created'),
  'ram:UpdateAccessKey': withKey('activity.key-updated'),
  'ram:DeleteAccessKey': withKey('activity.key-deleted'),
  'ram:DeleteSession': ({ sessions }) =>
    typeof sessions === 'number'
      ? { key: 'activity.sessions-ended', values: { count: sessions } }
      : 'activity.session-ended',
  'ram:DeleteDevice': fixed('activity.known-device-removed'),
};

/** What others do to them. */
const metWords: Readonly<Record<string, Words>> = {
  'ram:CreateUser': fixed('activity.met.created'),
  'ram:UpdateUser': ({ status }) => {
    if (status === 'frozen') return 'activity.met.frozen';
    return status === 'active' ? 'activity.met.unfrozen' : 'activity.met.updated';
  },
  'ram:UpdateLoginProfile': ({ passwordChanged }) =>
    passwordChanged === true ? 'activity.met.password-set' : 'activity.met.logon-settings',
  'ram:DeleteLoginProfile': fixed('activity.met.logon-removed'),
  'ram:AttachPolicyToUser': ({ policyName }) => ({
    key: 'activity.met.policy-attached',
    values: { policy: textOf(policyName) },
  }),
  'ram:DetachPolicyFromUser': ({ policyName }) => ({
    key: 'activity.met.policy-detached',
    values: { policy: textOf(policyName) },
  }),
  'ram:AddUserToGroup': ({ groupName }) => ({
    key: 'activity.met.group-joined',
    values: { group: textOf(groupName) },
  }),
  'ram:RemoveUserFromGroup': ({ groupName }) => ({
    key: 'activity.met.group-left',
    values: { group: textOf(groupName) },
  }),
  'ram:UnbindMFADevice': ({ all }) => (all === true ? 'activity.met.devices-removed' : 'activity.met.device-removed'),
  'ram:UpdatePasskey': fixed('activity.met.device-renamed'),
  'ram:CreateAccessKey': withKey('activity.met.key-created'),
  'ram:UpdateAccessKey': withKey('activity.met.key-updated'),
  'ram:DeleteAccessKey': withKey('activity.met.key-deleted'),
  'ram:DeleteSession': fixed('activity.met.session-ended'),
  'ram:DeleteDevice': fixed('activity.met.known-device-removed'),
  'ram:DeleteConsent': withApp('activity.met.consent-withdrawn'),
};

/** Logons that failed, by the reason for it, or else by the factor that was wrong. */
const refusedLogons: Readonly<Record<string, Wording>> = {
  throttled: 'activity.logon-refused.throttled',
  'network not allowed': 'activity.logon-refused.network',
  'password expired': 'activity.logon-refused.expired',
  password: 'activity.logon-refused.password',
  totp: 'activity.logon-refused.second-factor',
  recovery: 'activity.logon-refused.second-factor',
  'passkey-factor': 'activity.logon-refused.second-factor',
  passkey: 'activity.logon-refused.passkey',
  bind: 'activity.logon-refused.second-factor',
  level: 'activity.logon-refused.level',
};

const refusedLogon = ({ reason, factor }: Details): Wording =>
  wordsIn(refusedLogons, textOf(reason)) ?? wordsIn(refusedLogons, textOf(factor)) ?? 'activity.logon-refused';

/** Devices that are to be bound have a resource of their own, which is only ever the caller's. */
const isOnOneself = ({ resource }: ActivityView, scene: ActivityScene): boolean =>
  resource === scene.resource || resource.endsWith(':mfa/*');

/** An event in plain words. What has none of its own is told by the names that policies use. */
export function activityWording(event: ActivityView, scene: ActivityScene): Wording {
  const { action, outcome, details, isOwn } = event;
  if (outcome !== 'success' && action === 'logon') return refusedLogon(details);
  if (outcome !== 'success' && action === 'consent')
    return withApp('activity.consent-refused')(details, scene) ?? unnamed(event);
  const table = isOwn ? ownWords : metWords;
  const words = outcome === 'success' && isOnOneself(event, scene) ? wordsIn(table, action) : undefined;
  return words?.(details, scene) ?? unnamed(event);
}

const unnamed = ({ action, resource, outcome }: ActivityView): Wording => ({
  key: outcome === 'success' ? 'activity.other' : 'activity.other-refused',
  // Of `acs:ram:*:<account>:user/alice` what stands last; the account is the user's own.
  values: { action, target: resource.slice(resource.lastIndexOf(':') + 1) },
});
