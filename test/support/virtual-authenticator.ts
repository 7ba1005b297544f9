import type { Page } from 'playwright-core';

/** What the user of a browser window holds in their hand (`usb`) or has in their computer (`internal`). Somebody is always there to touch it. */
export async function addVirtualAuthenticator(
  page: Page,
  transport: 'internal' | 'usb',
): Promise<{ readonly credentialCount: () => Promise<number>; readonly remove: () => Promise<void> }> {
  const session = await page.context().newCDPSession(page);
  const isInternal = transport === 'internal';
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport, automaticPresenceSimulation: true },
      ...{ hasResidentKey: isInternal, hasUserVerification: isInternal, isUserVerified: isInternal },
    },
  });
  return {
    credentialCount: async () =>
      (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length,
    remove: async () => {
      await session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId });
    },
  };
}
