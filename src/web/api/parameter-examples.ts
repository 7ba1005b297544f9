/** What stands for the placeholders of addresses in the document's examples. */
export const parameterExamples: Readonly<Record<string, string>> = {
  userName: 'alice',
  userId: '281474976710656123',
  accessKeyId: 'PSTKx7Zq2mR4tYv9Kc1LpW3n',
  policyType: 'custom',
  policyName: 'wiki-editors',
  clientId: 'app_3k9xq2m7w4c8v1n6b5z0',
  secretId: 'sec_3k9xq2m7w4c8v1n6b5z0',
  groupName: 'developers',
  versionId: 'v2',
  accountAlias: 'acme-old',
  kid: 'sig_3k9xq2m7w4c8v1n6b5z0',
  accountId: '5123456789012345',
  mfaDeviceId: 'mfa_3k9xq2m7w4c8v1n6b5z0',
  deviceId: 'dev_7c1v9x3k5m2q8w4z6b0n',
  sessionId: 'b7Jk2vX0mQ9sT4yLcE1aRz8dUf6hWnGpO3iSxVtBqY4',
};
