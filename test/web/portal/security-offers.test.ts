import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BrowserPage } from '../../support/http-browser.ts';
import { recoveryCodesOn } from '../../support/logon-driver.ts';
import { openPortal, passkeyOptionsOn, type PortalUser } from '../../support/portal-driver.ts';
import { createPasskeyProvider } from '../../support/software-authenticator.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';
import type { TestAccount } from '../../support/test-account.ts';

let server: TestServer;
let account: TestAccount;
let user: PortalUser;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded' });
  account = await server.account();
  user = await openPortal(account, { mfaRequired: true });
});
afterAll(() => server.close());

const marks = {
  rename: '/portal/security/rename"',
  remove: '/portal/security/remove?device=',
  'add passkey': 'id="add-passkey"',
  'add app': 'id="add-app"',
  'new codes': 'id="make-codes"',
} as const;

type Offer = keyof typeof marks;

const everything = Object.keys(marks) as Offer[];

const offersOn = ({ html }: BrowserPage): Offer[] => everything.filter((offer) => html.includes(marks[offer]));

const closedHint = 'Administrators manage these for you';

/** What happens while these actions are forbidden to somebody by a policy. */
async function forbidding<Result>(who: PortalUser, actions: readonly string[], act: () => Promise<Result>) {
  const policyName = `${who.userName}-${actions.join('-').replaceAll(/\W/g, '-')}`;
  const policyDocument = { Version: '1', Statement: [{ Effect: 'Deny', Action: [...actions], Resource: '*' }] };
  await account.manage('POST /policies', { policyName, policyDocument });
  const attachment = `/users/${who.userName}/policies/custom/${policyName}`;
  await account.manage(`PUT ${attachment}`);
  try {
    return await act();
  } finally {
    await account.manage(`DELETE ${attachment}`);
  }
}

it('whom nothing is forbidden is offered everything', async () => {
  const page = await user.open('/security');
  expect(offersOn(page)).toEqual(everything);
  expect(page.html).not.toContain(closedHint);
});

it.each<[string, readonly Offer[]]>([
  ['ram:UpdatePasskey', ['rename']],
  ['ram:UnbindMFADevice', ['remove']],
  ['ram:BindMFADevice', ['add passkey', 'add app']],
  ['ram:CreateVirtualMFADevice', ['add app']],
  ['ram:CreateRecoveryCodes', ['new codes']],
])('whom %s is forbidden is not offered %j, but everything else', async (action, missing) => {
  const page = await forbidding(user, [action], () => user.open('/security'));
  expect(offersOn(page)).toEqual(everything.filter((offer) => !missing.includes(offer)));
  expect(page.html).not.toContain(closedHint);
});

it('whom all of it is forbidden is told so, and may still look', async () => {
  const actions = [
    'UpdatePasskey',
    'UnbindMFADevice',
    'BindMFADevice',
    'CreateVirtualMFADevice',
    'CreateRecoveryCodes',
  ];
  const page = await forbidding(
    user,
    actions.map((action) => `ram:${action}`),
    () => user.open('/security'),
  );
  expect(offersOn(page)).toEqual([]);
  expect(page.html).toContain(closedHint);
  expect(page.html).toContain('Authenticator app');
});

it('whoever has nothing yet, and may add nothing, is told so', async () => {
  const bare = await openPortal(account);
  expect(offersOn(await bare.open('/security'))).toEqual(['add passkey', 'add app']);
  const page = await forbidding(bare, ['ram:BindMFADevice'], () => bare.open('/security'));
  expect(offersOn(page)).toEqual([]);
  expect(page.html).toContain(closedHint);
});

it('whoever may neither see nor make recovery codes is shown those that came with a first device, once', async () => {
  const beginner = await openPortal(account);
  await forbidding(beginner, ['ram:GetRecoveryCodes', 'ram:CreateRecoveryCodes'], async () => {
    const page = await beginner.open('/security/passkey');
    const response = createPasskeyProvider(server.origin).register(passkeyOptionsOn(page));
    const fields = { name: 'Laptop', passkey_response: response, password: beginner.password };
    const done = await beginner.send(page, '/security/passkey', fields);
    expect(recoveryCodesOn(done)).toHaveLength(10);
    const again = await beginner.browser.open(done.url);
    expect(again.html).not.toContain('id="recovery-codes"');
    expect(again.html).toContain('This part is closed to you');
  });
});
