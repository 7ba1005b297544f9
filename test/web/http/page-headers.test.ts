import { describe, expect, it } from 'vitest';
import { pageHeaders } from '../../../src/web/http/page-headers.ts';

const security = { nonce: 'q83vEjRWeJCrze8SNFZ4kA', formAction: ["'self'"], https: true };

describe('pageHeaders', () => {
  it('forbids everything that a page does not need', () => {
    expect(pageHeaders(security)['Content-Security-Policy']?.split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'nonce-q83vEjRWeJCrze8SNFZ4kA' 'strict-dynamic'",
      "style-src 'self'",
      "img-src 'self' data:",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
  });

  it('keeps pages out of caches, frames, referrers and foreign window handles', () => {
    expect(pageHeaders(security)).toMatchObject({
      'Cache-Control': 'no-store',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
    });
  });

  it('leaves passkeys to the page itself and refuses the devices it never uses', () => {
    const policy = pageHeaders(security)['Permissions-Policy']?.split(', ');
    expect(policy).toEqual(expect.arrayContaining(['publickey-credentials-get=(self)', 'camera=()', 'microphone=()']));
  });

  it('pins https only where there is https: on http it would lock out the next thing on that host', () => {
    expect(pageHeaders(security)['Strict-Transport-Security']).toBe('max-age=63072000');
    expect(pageHeaders({ ...security, https: false })).not.toHaveProperty('Strict-Transport-Security');
  });

  it('names each place that a form may lead to, and forbids forms where there is none', () => {
    const policyFor = (formAction: string[]) => pageHeaders({ ...security, formAction })['Content-Security-Policy'];
    expect(policyFor(["'self'", 'https:', 'com.example.app:'])).toContain(
      "form-action 'self' https: com.example.app:;",
    );
    expect(policyFor([])).toContain("form-action 'none';");
  });

  it.each(["'self'; script-src *", "'self', script-src *", "'self'\nscript-src *", 'a b', ''])(
    'refuses the form target %j, which would write another directive',
    (source) => {
      expect(() => pageHeaders({ ...security, formAction: [source] })).toThrow('not a CSP source');
    },
  );

  it.each(["abc' 'unsafe-inline", '', 'short', 'with space with space'])('refuses the nonce %j', (nonce) => {
    expect(() => pageHeaders({ ...security, nonce })).toThrow('nonce');
  });
});
