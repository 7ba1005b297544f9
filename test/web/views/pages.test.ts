import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { assetUrl, loadAssets } from '../../../src/web/http/assets.ts';
import { createPageRenderer, type Page } from '../../../src/web/views/pages.ts';
import { themeStyles } from '../../../src/web/views/theme-styles.ts';
import { polyglot, textPaths, withText } from '../../support/hostile-page.ts';
import { brandSamples } from '../../support/page-samples/brand-samples.ts';
import { pageSamples } from '../../support/page-samples.ts';
import { pseudoCatalogs } from '../../support/pseudo-catalogs.ts';

const assets = loadAssets();
const renderer = createPageRenderer(assets);
const nonce = 'q83vEjRWeJCrze8SNFZ4kA';
const samples: [string, Page][] = Object.entries(pageSamples);
const render = (page: Page) => renderer.render(page, { nonce, language: 'en' });

/** The opening tag of the element with this id. */
function tagOf(html: string, id: string): string {
  const tag = html.match(new RegExp(`<[a-z]+[^>]* id="${id}"[^>]*>`))?.[0];
  if (tag === undefined) throw new Error(`nothing has the id ${id}`);
  return tag;
}

describe.each(samples)('the page "%s"', (_key, page) => {
  const html = render(page);

  it('is a whole document with a language, a title and one heading', () => {
    expect(html).toMatch(/^\s*<!doctype html>\s*<html lang="en" dir="ltr">/);
    expect(html.match(/<title>[^<]+<\/title>/g)).toHaveLength(1);
    expect(html.match(/<h1>/g)).toHaveLength(1);
    expect(html).toMatch(/<\/html>\s*$/);
    expect(html).not.toMatch(/undefined|null|\[object/);
  });

  it('uses no id twice and points at no id that is not there', () => {
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const references = [...html.matchAll(/ (?:aria-describedby|aria-labelledby|aria-controls|for)="([^"]+)"/g)];
    const named = references.flatMap(([, list]) => (list ?? '').trim().split(/\s+/));
    expect(ids).toEqual(expect.arrayContaining(named));
  });

  it('posts its forms, to an address of our own unless it hands over to an app', () => {
    const forms = html.match(/<form[^>]*>/g) ?? [];
    const target = page.name === 'engine/handover' ? page.action : '/';
    for (const form of forms) expect(form).toMatch(new RegExp(`method="post" action="${target}[^/]`));
    // A page of the portal has as many as there are things to do on it, and one to sign out.
    if ('sections' in page) expect(html.match(/name="csrf"/g)).toHaveLength(forms.length);
    else expect(forms.length).toBe('csrf' in page || 'hiddenFields' in page || page.name === 'logon/general' ? 1 : 0);
  });

  it('runs nothing inline and asks nobody else for anything', () => {
    expect(html).not.toMatch(/<script(?![^>]* src="\/-\/assets\/)/);
    expect(html).not.toMatch(/<style|<iframe|<base/);
    expect(html).not.toMatch(/<[^>]+ (?:style|on[a-z]+)="/);
    const loaded = [...html.matchAll(/<(?:script|link|img)[^>]* (?:src|href)="([^"]+)"/g)].map(
      ([, address]) => address,
    );
    expect(loaded.length).toBeGreaterThan(2);
    for (const address of loaded) expect(assets.byUrl.has(address ?? '')).toBe(true);
  });

  it('weighs at most 20 KB with its styles, and 15 KB of scripts', () => {
    const whole = renderer.render(page, { nonce, language: 'ar', brand: brandSamples.whole, here: '/acme/logon/1' });
    const named = (pattern: RegExp) => [...whole.matchAll(pattern)].map(([, address]) => address ?? '');
    const packed = (address: string) => assets.byUrl.get(address)?.encoded('gzip').length ?? Number.NaN;
    const weightOf = (addresses: string[]) => addresses.map(packed).reduce((sum, size) => sum + size, 0);
    const styles = named(/<link rel="stylesheet" href="(\/-\/assets\/[^"]+)"/g);
    expect(styles).toContain(assetUrl(assets, 'postern.css'));
    const theme = gzipSync(themeStyles('#7a1fa2')).length;
    expect(gzipSync(whole).length + weightOf(styles) + theme).toBeLessThan(20 * 1024);
    expect(weightOf(named(/<script[^>]* src="([^"]+)"/g))).toBeLessThan(15 * 1024);
  });

  it('puts no markup into attributes and titles, in any language', () => {
    for (const language of ['en', 'ar'] as const) {
      const one = renderer.render(page, { nonce, language });
      expect(one).not.toMatch(/="[^"]*<[^"]*"/);
      expect(one).toMatch(/<title>[^<]+<\/title>/);
    }
  });

  it.skipIf(page.name.startsWith('api/'))('says nothing that does not come from the catalog', () => {
    // What is in brackets comes from the catalog; what is in <bdi>, <code> or a field comes from the model.
    const pseudo = createPageRenderer(assets, pseudoCatalogs).render(page, { nonce, language: 'de' });
    const body = pseudo.slice(pseudo.indexOf('<body')).replace(/<(bdi|code|time|dd)\b[^>]*>[\s\S]*?<\/\1>/g, '');
    const words = body.replace(/\[[^\]]*\]/g, '').replace(/<[^>]*>/g, ' ');
    expect(words.match(/(?<![-\w])(?:the|your|you|this|and|of|to|is|on|in|for)(?![-\w])/gi)).toBeNull();
  });

  it('shows hostile text in any of its fields as text', () => {
    for (const path of textPaths(page)) {
      const attacked = render(withText(page, [path], polyglot));
      const where = path.join('.');
      expect(attacked, where).not.toContain('<img src=x');
      expect(attacked, where).not.toContain('<svg onload');
      expect(attacked, where).not.toContain('</script><');
      expect(attacked, where).not.toContain(`x="'//`);
      expect(attacked, where).not.toMatch(/(?:href|action|src)="\s*javascript:/i);
      expect(attacked.match(/<[a-z]/g)?.length, where).toBe(html.match(/<[a-z]/g)?.length);
    }
  });
});

describe('forms of the logon', () => {
  const stepOf: Partial<Record<Page['name'], string>> = {
    'logon/password': 'password',
    'logon/totp': 'totp',
    'logon/passkey-factor': 'passkey-factor',
    'logon/recovery': 'recovery',
    'logon/reset': 'reset',
    'logon/bind': 'bind',
    'logon/bind-passkey': 'bind-passkey',
    'logon/recovery-codes': 'recovery-codes',
    'logon/consent': 'consent',
  };

  it('are all looked at here', () => {
    const steps = samples.flatMap(([, page]) => (page.name.startsWith('logon/') && 'csrf' in page ? [page.name] : []));
    expect([...new Set(steps)].sort()).toEqual(Object.keys(stepOf).sort());
  });

  it.each(samples.filter(([, { name }]) => name in stepOf))(
    '"%s" names its step and carries its token',
    (_key, page) => {
      const html = render(page);
      expect(html).toContain(`<input type="hidden" name="step" value="${stepOf[page.name]}">`);
      expect(html).toContain('<input type="hidden" name="csrf" value="dGhlLXRva2VuLW9mLXRoaXMtbG9nb24">');
    },
  );

  it.each([
    ['general', 'username', 'name="username"', 'autocomplete="username"'],
    ['password', 'username', 'name="username"', 'autocomplete="username webauthn"'],
    ['password', 'password', 'type="password"', 'name="password"', 'autocomplete="current-password"'],
    ['totp', 'code', 'name="code"', 'autocomplete="one-time-code"', 'inputmode="numeric"'],
    ['recovery', 'recovery_code', 'name="recovery_code"'],
    [
      'reset, first',
      'new_password',
      'type="password"',
      'name="new_password"',
      'autocomplete="new-password"',
      'passwordrules="minlength: 12;',
    ],
    ['reset, first', 'confirm_password', 'type="password"', 'name="confirm_password"', 'autocomplete="new-password"'],
    ['bind', 'code', 'name="code"', 'autocomplete="one-time-code"', 'inputmode="numeric"'],
    ['password, begun again, with passkeys', 'passkey', '<button', 'data-passkey="get"', 'data-step="passkey"'],
    ['passkey factor', 'passkey', '<button', 'data-passkey="get"'],
    ['bind, passkey', 'passkey', '<button', 'data-passkey="create"'],
    ['passkey factor', 'remember_device', 'name="remember_device"', 'type="checkbox"', 'value="yes"'],
    ['totp, refused', 'remember_device', 'name="remember_device"', 'type="checkbox"', 'value="yes"'],
    ['consent', 'approve', '<button', 'name="decision"', 'value="approve"'],
    ['consent', 'deny', '<button', 'name="decision"', 'value="deny"'],
    ['sign-out question', 'continue', '<button', 'name="logout"', 'value="yes"'],
  ] as const)('"%s" has #%s as password managers and tools expect it', (key, id, ...parts) => {
    const tag = tagOf(render(pageSamples[key]), id);
    for (const part of parts) expect(tag).toContain(part);
  });

  it.each(['general', 'password', 'totp', 'recovery', 'reset, first', 'bind', 'recovery codes'] as const)(
    '"%s" is sent by #continue',
    (key) => {
      expect(tagOf(render(pageSamples[key]), 'continue')).toMatch(/^<button(?! [^>]*type="button")/);
    },
  );

  it('offer to remember the device only where that may be', () => {
    for (const [, page] of samples)
      expect(render(page).includes('remember_device')).toBe('mayRemember' in page && page.mayRemember);
  });

  it('give password managers the whole name beside a new password', () => {
    expect(render(pageSamples['reset, first'])).toMatch(
      /<input[^>]* name="username" value="alice@acme" autocomplete="username"/,
    );
  });

  it('show the seed grouped and as a link, and every recovery code', () => {
    const bind = render(pageSamples.bind);
    expect(bind).toContain('id="totp-secret" translate="no">JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP</code>');
    expect(bind).toContain('href="otpauth://totp/Acme%20Corporation:alice%40acme?secret=JBSWY3DPEHPK3PXP');
    const list = render(pageSamples['recovery codes']).match(/id="recovery-codes"[\s\S]*?<\/ul>/)?.[0];
    for (const code of pageSamples['recovery codes'].codes) expect(list).toContain(`<code dir="ltr">${code}</code>`);
  });

  it.each(samples.filter(([, page]) => 'error' in page || ('errors' in page && page.errors.length > 0)))(
    '"%s" ties its error to the field',
    (_key, page) => {
      const html = render(page);
      expect(html).toContain('<title>Error: ');
      const field = html.match(/role="alert">[\s\S]*?<a href="#([^"]+)"/)?.[1] ?? '';
      if (tagOf(html, field).startsWith('<button')) return;
      expect(tagOf(html, field)).toMatch(
        /aria-invalid="true"[\s\S]*aria-describedby="error|aria-describedby="error[\s\S]*aria-invalid="true"/,
      );
    },
  );

  it('keep password managers out of no field but that of the recovery code, and the names of devices', () => {
    for (const [, page] of samples) {
      const kept = [...render(page).matchAll(/<input[^>]* name="([^"]*)"[^>]* autocomplete="off"/g)];
      expect(
        kept.map(([, name]) => name).filter((name) => name !== 'recovery_code' && !/^(?:new_)?name$/.test(name ?? '')),
      ).toEqual([]);
    }
  });
});

describe('templates', () => {
  it('escape everything outside layouts', () => {
    const root = new URL('../../../views/', import.meta.url);
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.eta'));
    const raw = files.filter((file) => /<%[-_]?\s*~|output\(|__eta/.test(readFileSync(new URL(file, root), 'utf8')));
    expect(files.length).toBeGreaterThan(15);
    expect(raw.length).toBeGreaterThan(0);
    expect(raw.filter((file) => !file.startsWith('layouts/'))).toEqual([]);
  });

  it('render a logon page in less than a tenth of a millisecond', () => {
    const rounds = 3000;
    for (let round = 0; round < rounds; round += 1) render(pageSamples['password, refused']);
    const before = process.cpuUsage();
    for (let round = 0; round < rounds; round += 1) render(pageSamples['password, refused']);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000 / rounds).toBeLessThan(0.1);
  });
});
