import type { TestAccount, TestUser } from '../../support/test-account.ts';
import type { AddressParts } from './api-requests.ts';

const document = { Version: '1', Statement: [{ Effect: 'Allow', Action: 'wiki:Read*', Resource: '*' }] };

/** Makes one of everything that addresses can name, and answers the names. `of` is the user that the keys are made for. */
export async function plantThings(account: TestAccount, of: TestUser, clientId: string): Promise<AddressParts> {
  const { accessKey } = (await account.manage(`POST /users/${of.userName}/access-keys`)) as {
    accessKey: { id: string };
  };
  const { secret } = (await account.manage(`POST /applications/${clientId}/secrets`)) as {
    secret: { secretId: string };
  };
  const [groupName, policyName] = [`group-${of.userName}`, `policy-${of.userName}`];
  await account.manage('POST /groups', { groupName });
  await account.manage('POST /policies', { policyName, policyDocument: document });
  const { policyVersion } = (await account.manage(`POST /policies/custom/${policyName}/versions`, {
    policyDocument: document,
  })) as { policyVersion: { versionId: string } };
  return {
    ...{ userName: of.userName, userId: of.userId, accessKeyId: accessKey.id },
    ...{ clientId, secretId: secret.secretId },
    ...{ groupName, policyName, versionId: policyVersion.versionId },
  };
}
