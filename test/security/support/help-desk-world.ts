import { generateAccessKey } from '../../../src/domain/access-keys/access-key-secrets.ts';
import { insertAccessKeys } from '../../../src/domain/access-keys/access-keys-store.ts';
import { createApplication } from '../../../src/domain/applications/create-application.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { createGroup } from '../../../src/domain/groups/create-group.ts';
import { addUserToGroup } from '../../../src/domain/groups/group-membership.ts';
import { bindTotp } from '../../../src/domain/mfa/mfa.ts';
import { listMfaDevices } from '../../../src/domain/mfa/mfa-store.ts';
import { newTotpSecret } from '../../../src/domain/mfa/totp.ts';
import { type Operation, performOperation } from '../../../src/domain/operation.ts';
import { createPolicyVersion } from '../../../src/domain/policies/change-policy-versions.ts';
import { createPolicy } from '../../../src/domain/policies/create-policy.ts';
import { attachPolicyToGroup } from '../../../src/domain/policies/group-policy-operations.ts';
import { systemPolicies } from '../../../src/domain/policies/system-policies.ts';
import { attachPolicyToUser } from '../../../src/domain/policies/user-policy-operations.ts';
import { updateUser } from '../../../src/domain/users/update-user.ts';
import { type Harness, newAccount, newUser } from '../../domain/operation-harness.ts';
import { allowing, documentOf } from '../../domain/policies/custom-policy.ts';
import type { Pools } from './likely-inputs.ts';

export interface HelpDeskWorld {
  readonly accountId: string;
  /** `AdministratorAccess`. */
  readonly admin: Caller;
  /** May do nothing yet. */
  readonly helper: Caller;
  /** What callers of operations could name. */
  readonly pools: Pools;
  readonly userNames: readonly string[];
  readonly groupNames: readonly string[];
  readonly policyNames: readonly string[];
}

/** Who is there, and the shipped policies and custom ones that they have. */
const people: Readonly<Record<string, readonly string[]>> = {
  cold: ['AdministratorAccess'],
  root: ['PlatformAdministratorAccess'],
  'helper-two': ['PosternHelpDeskAccess'],
  chief: [],
  bycustom: ['mighty'],
  keykeeper: ['keys'],
  braked: ['mighty'],
  reader: ['AliyunRAMReadOnlyAccess'],
  alice: ['sleeper'],
  bob: [],
  carol: ['own-carol'],
  dave: [],
};

const companies: Readonly<
  Record<string, { readonly members: readonly string[]; readonly policies: readonly string[] }>
> = {
  owners: { members: ['chief'], policies: ['AliyunRAMFullAccess'] },
  brakes: { members: ['braked'], policies: ['brake'] },
  staff: { members: ['bob', 'dave'], policies: ['wiki'] },
  team: { members: ['dave'], policies: [] },
  readers: { members: ['alice'], policies: ['AliyunRAMReadOnlyAccess'] },
  sleepers: { members: ['dave'], policies: ['sleeper'] },
};

const harmless = allowing('wiki:*');
const mighty = allowing('ram:*');
const brake = documentOf({ Effect: 'Deny', Action: 'ram:*' });

const documentsOf = (accountId: string) => ({
  mighty,
  keys: allowing('ram:CreateAccessKey', `acs:ram:*:${accountId}:user/*`),
  brake,
  wiki: harmless,
  sleeper: harmless,
  'own-carol': allowing('ram:*', `acs:ram:*:${accountId}:user/carol`),
});

/** An account with administrators of every kind (by a policy of their own, of a group, written by hand, held back, frozen) and users with nothing. */
export async function openHelpDeskWorld(harness: Harness): Promise<HelpDeskWorld> {
  const { accountId, admin } = await newAccount(harness, { isPlatform: true });
  const root = await newUser(harness.deps.db, accountId, 'first', [
    'AdministratorAccess',
    'PlatformAdministratorAccess',
  ]);
  const act = async <Input, Prepared, Output>(operation: Operation<Input, Prepared, Output>, input: unknown) =>
    await performOperation(harness.deps, root, operation, input);
  const documents = documentsOf(accountId);
  for (const [policyName, policyDocument] of Object.entries(documents))
    await act(createPolicy, { policyName, policyDocument });
  await act(createPolicyVersion, { policyName: 'sleeper', policyDocument: mighty });
  const helper = await newUser(harness.deps.db, accountId, 'helper');
  const callers = [admin, root, helper];
  for (const [userName, policies] of Object.entries(people)) {
    callers.push(await newUser(harness.deps.db, accountId, userName));
    for (const name of policies) await act(attachPolicyToUser, { userName, ...policyCalled(name) });
  }
  for (const [groupName, { members, policies }] of Object.entries(companies)) {
    await act(createGroup, { groupName });
    for (const name of policies) await act(attachPolicyToGroup, { groupName, ...policyCalled(name) });
    for (const userName of members) await act(addUserToGroup, { groupName, userName });
  }
  await act(updateUser, { user: { userName: 'cold' }, changes: { status: 'frozen' } });
  const things = await furnish(harness, callers);
  const { application } = await act(createApplication, {
    ...{ displayName: 'Mail', type: 'web', redirectUris: ['https://mail.example.com/'], apiAccess: 'full' },
  });
  const userNames = [...callers.map(({ userName }) => userName), 'newcomer', 'zed'];
  const groupNames = [...Object.keys(companies), 'new-group'];
  const policyNames = [...Object.keys(documents), 'extra', 'new-policy'];
  const pools: Pools = {
    ...{ userName: userNames, groupName: groupNames, versionId: ['v1', 'v2', 'v3'], ...things },
    policyName: [...policyNames, ...systemPolicies.map(({ policyName }) => policyName)],
    policyDocument: [...Object.values(documents), allowing('ram:*', `acs:ram:*:${accountId}:user/helper`)],
    ...{ clientId: [application.clientId], accountId: [accountId], ...otherValues },
  };
  return { accountId, admin, helper, pools, userNames, groupNames, policyNames };
}

const policyCalled = (policyName: string) => ({
  policyName,
  policyType: systemPolicies.some((one) => one.policyName === policyName) ? 'system' : 'custom',
});

/** A key and a device for each. */
async function furnish({ deps }: Harness, callers: readonly Caller[]): Promise<Pools> {
  const [accessKeyIds, deviceIds]: [string[], string[]] = [[], []];
  for (const { accountId, userId } of callers) {
    const { rawSecret: _unknown, ...key } = generateAccessKey(deps.keyRing, accountId);
    await insertAccessKeys(deps.db, [{ accountId, userId, ...key }]);
    accessKeyIds.push(key.accessKeyId);
    await bindTotp(deps, { accountId, userId }, { secret: newTotpSecret(), provedStep: 0 });
    deviceIds.push(...(await listMfaDevices(deps.db, userId)).map(({ mfaDeviceId }) => mfaDeviceId));
  }
  return { accessKeyId: accessKeyIds, mfaDeviceId: deviceIds, userId: callers.map(({ userId }) => userId) };
}

const password = 'violet-anchor-spoons-91';

const otherValues: Pools = {
  ...{ password: [password], oldPassword: [password], newPassword: ['Quiet-marble-harbour-38', password] },
  ...{ email: ['somebody@example.com'], mobilePhone: ['86-18600000000'], sessionId: ['A'.repeat(43)] },
  ...{ redirectUris: ['https://evil.example/callback'], postLogoutRedirectUris: ['https://evil.example/'] },
  ...{ backchannelLogoutUri: ['https://evil.example/logout'], alg: ['ES256'] },
};
