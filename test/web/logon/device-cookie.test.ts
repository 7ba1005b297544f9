import type { IncomingMessage } from 'node:http';
import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { applications } from '../../../src/storage/db/schema/applications.ts';
import { knownDevices } from '../../../src/storage/db/schema/known-devices.ts';
import { loginProfiles } from '../../../src/storage/db/schema/login-profiles.ts';
import { deviceTokenHashes } from '../../../src/web/oidc/device-token.ts';
import { authorizationUrl, callback } from '../../security/support/code-flow.ts';
import { sendRaw } from '../../security/support/raw-http.ts';
import { createCookieJar } from '../../support/cookie-jar.ts';
import { findForms } from '../../support/page-forms.ts';
import { startTestServer } from '../../support/test-server.ts';

it('on https the cookie says so in its name and goes over https alone; the plain name counts for nothing', async () => {
  const server = await startTestServer({ stores: 'embedded', settings: { PUBLIC_URL: 'https://id.example.com' } });
  try {
    const { accountId, handover } = await server.account('acme');
    // Its own address is behind a proxy that is not there, so the app is put where it belongs by hand.
    const clientId = 'app_aaaaaaaaaaaaaaaaaaaa';
    const app = { clientId, accountId, displayName: 'App', type: 'web' as const, firstParty: true };
    await server.backend.db
      .insert(applications)
      .values({ ...app, redirectUris: [callback], postLogoutRedirectUris: [] });
    await server.backend.db
      .update(loginProfiles)
      .set({ resetRequired: false })
      .where(eq(loginProfiles.accountId, accountId));
    const jar = createCookieJar();
    const send = async (address: URL, fields?: Readonly<Record<string, string>>) => {
      const form = { method: 'POST', body: new URLSearchParams(fields).toString() };
      const answer = await sendRaw(`http://127.0.0.1:${server.config.port}`, `${address.pathname}${address.search}`, {
        headers: {
          cookie: jar.headerFor(address),
          ...(fields === undefined
            ? {}
            : { origin: address.origin, 'content-type': 'application/x-www-form-urlencoded' }),
        },
        ...(fields === undefined ? {} : form),
      });
      jar.store(address, answer.headers['set-cookie'] ?? []);
      return answer;
    };
    const begun = await send(new URL(authorizationUrl('https://id.example.com/acme', clientId)));
    const pageAddress = new URL(begun.headers.location ?? '', 'https://id.example.com');
    const [form] = findForms((await send(pageAddress)).body);
    const answered = await send(pageAddress, {
      ...form?.fields,
      ...{ username: 'admin', password: handover.initialPassword },
    });
    expect(answered.status).toBe(303);
    const set = (answered.headers['set-cookie'] ?? []).filter((text) => text.includes('postern.device'));
    expect(set).toHaveLength(1);
    expect(set[0]).toMatch(
      /^__Secure-postern\.device=[\w-]{43}; path=\/acme; expires=[^;]+; samesite=lax; secure; httponly$/i,
    );
    const [value = ''] = /[\w-]{43}/.exec(set[0] ?? '') ?? [];
    const request = (cookie: string) => ({ headers: { cookie } }) as IncomingMessage;
    const place = { issuerName: 'acme', https: true };
    const [row] = await server.backend.db.select().from(knownDevices);
    expect(deviceTokenHashes(request(`a=b; __Secure-postern.device=${value}`), place)).toEqual([row?.tokenHash]);
    expect(deviceTokenHashes(request(`postern.device=${value}`), place)).toEqual([]);
    expect(deviceTokenHashes(request(`x__Secure-postern.device=${value}`), place)).toEqual([]);
  } finally {
    await server.close();
  }
});
