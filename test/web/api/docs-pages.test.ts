import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routeGroups, routes } from '../../../src/web/api/routes.ts';
import type { TestAccount } from '../../domain/operation-harness.ts';
import { type Answered, type ApiServer, newApiAccount, openApiServer, send } from './api-server.ts';

let server: ApiServer;
let account: TestAccount;
beforeAll(async () => {
  server = await openApiServer();
  ({ account } = await newApiAccount(server));
});
afterAll(() => server.close());

const read = (below: string, method = 'GET'): Promise<Answered> =>
  send(server, `${method} /${account.alias}/api/v1/docs${below}`);

const slugs = [...new Set(routeGroups.map(({ tag }) => tag.toLowerCase().replaceAll(' ', '-')))];

describe('the pages of the API', () => {
  it('begin with an index that leads to every operation', async () => {
    const { status, text, headers } = await read('');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    for (const slug of slugs) expect(text).toContain(`href="/${account.alias}/api/v1/docs/${slug}"`);
    expect(text.match(/docs\/[\w-]+#[a-zA-Z]+"/g)).toHaveLength(routes.length);
    expect(text).toContain(`API=https://id.example.com/${account.alias}/api/v1`);
  });

  it.each(['', ...slugs.map((slug) => `/${slug}`)])(
    'docs%s is light, runs nothing inline and asks nobody else',
    async (below) => {
      const { status, text, headers } = await read(below);
      expect(status).toBe(200);
      expect(gzipSync(text).length).toBeLessThan(20 * 1024);
      const policy = headers.get('content-security-policy') ?? '';
      for (const part of ["default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'", "trusted-types 'none'"])
        expect(policy).toContain(part);
      expect(text).not.toMatch(/<script(?![^>]* src="\/-\/assets\/)|<style|<[^>]+ (?:style|on[a-z]+)="/);
      expect(text).not.toMatch(/undefined|\[object/);
      expect([...text.matchAll(/ id="([^"]+)"/g)].length).toBe(
        new Set([...text.matchAll(/ id="([^"]+)"/g)].map(String)).size,
      );
    },
  );

  it('show every operation with its right, a request to copy and its errors', async () => {
    const pages = (await Promise.all(slugs.map((slug) => read(`/${slug}`)))).map(({ text }) => text).join('');
    for (const { operation, summary, refuses = [] } of routes) {
      expect(pages).toContain(`<code>${operation.action}</code>`);
      expect(pages).toContain(summary.replaceAll("'", '&#39;'));
      for (const code of refuses) expect(pages).toContain(`<code>${code}</code>`);
    }
    expect(pages.match(/auth \| curl /g)).toHaveLength(routes.length);
    expect(pages).toContain('--request PATCH');
  });

  it('are absent for other subjects and other accounts, and are only read', async () => {
    expect((await read('/nothing')).status).toBe(404);
    expect((await read('/__proto__')).status).toBe(404);
    expect((await send(server, 'GET /nobody-is-here/api/v1/docs')).status).toBe(404);
    expect((await read('', 'POST')).status).toBe(405);
    expect((await read('', 'HEAD')).text).toBe('');
  });
});
