import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestAccount } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { sendRaw } from './support/raw-http.ts';

/**
 * Proxies and servers that read an address differently let people past a rule (Keycloak CVE-2026-0976, Authelia CVE-2021-32637). Here an odd
 * address is no address at all, whatever stands behind it.
 */
describe('addresses that parsers read differently', () => {
  let server: TestServer;
  let account: TestAccount;
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded' });
    account = await server.account();
  });
  afterAll(() => server.close());

  /** Each opens something when it is written plainly. */
  const doors = (): readonly string[] => [
    `/${account.alias}`,
    `/${account.alias}/oauth2/jwks`,
    `/${account.alias}/.well-known/openid-configuration`,
    `/${account.alias}/api/v1/openapi.json`,
    `/${account.alias}/portal/signed-out`,
  ];

  const tricks: Readonly<Record<string, (door: string) => string>> = {
    'a path parameter on the first part': (door) => door.replace(/^\/[^/]+/, (first) => `${first};v=1`),
    'a path parameter at the end': (door) => `${door};v=1`,
    'an encoded semicolon': (door) => `${door}%3b`,
    'an encoded slash in front': (door) => `/%2f${door.slice(1)}`,
    'an encoded slash at the end': (door) => `${door}%2f`,
    'a doubled slash in front': (door) => `/${door}`,
    'a dot segment': (door) => `/x/..${door}`,
    'an encoded dot segment': (door) => `/x/%2e%2e${door}`,
    'a dot segment behind a parameter': (door) => `/x/..;${door}`,
    'a dot at the end': (door) => `${door}/.`,
    'a backslash': (door) => door.replaceAll('/', '\\').replace('\\', '/\\'),
    NUL: (door) => `${door}%00`,
    'NUL and an ending': (door) => `${door}%00.css`,
    'double encoding': (door) => `${door}%252f`,
    'a line break': (door) => `${door}%0d%0a`,
  };

  it('open what they stand for when they are written plainly', async () => {
    for (const door of doors()) {
      const { status } = await sendRaw(server.origin, door, { headers: { accept: 'text/html' } });
      expect([door, [200, 303].includes(status)]).toEqual([door, true]);
    }
  });

  it.each(Object.keys(tricks))('%s opens nothing, leads nowhere and breaks nothing', async (name) => {
    for (const door of doors()) {
      const target = tricks[name]?.(door) ?? '';
      const { status, headers } = await sendRaw(server.origin, target, { headers: { accept: 'text/html' } });
      expect([target, status >= 400 && status < 500, headers.location]).toEqual([target, true, undefined]);
    }
  });

  it('an alias is not found by another spelling of it', async () => {
    for (const spelling of [
      account.alias.toUpperCase(),
      `${account.alias}.`,
      `${account.alias}%20`,
      `.${account.alias}`,
    ]) {
      const { status } = await sendRaw(server.origin, `/${spelling}/.well-known/openid-configuration`);
      expect([spelling, status >= 400 && status < 500]).toEqual([spelling, true]);
    }
  });
});
