import { describe, expect, it } from 'vitest';
import { safeHref } from '../../../src/web/views/safe-href.ts';

describe('safeHref', () => {
  it.each([
    '/acme',
    '/acme/logon/uid?step=totp',
    'https://app.example.com/',
    'http://localhost:8080/callback?code=1',
    'otpauth://totp/Acme:alice?secret=ABC',
    'com.example.app:/callback?code=1&state=2',
  ])('leads to %s', (address) => {
    expect(safeHref(address)).toBe(address);
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\tscript:alert(1)',
    'javascript\n:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'blob:https://a.example/1',
    'file:///etc/passwd',
    'view-source:https://a.example',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/\n//evil.example',
    '\\\\evil.example',
    'evil.example',
    '',
    undefined,
  ])('leads nowhere for %j', (address) => {
    expect(safeHref(address)).toBe('#');
  });
});
