import { expect, it } from 'vitest';
import { formPost } from '../../support/engine-form-post.ts';
import { readEngineForm } from '../../../src/web/oidc/handover.ts';

const hostile = `"><script>alert(1)</script>&amp;'&#39;`;

it('reads back exactly what the engine was to post, however it had to be escaped', () => {
  const html = formPost('https://app.example.com/callback?a=1&b=2', { code: 'abc', state: hostile });
  expect(readEngineForm(html)).toEqual({
    action: 'https://app.example.com/callback?a=1&b=2',
    hiddenFields: [
      { name: 'code', value: 'abc' },
      { name: 'state', value: hostile },
    ],
  });
});

it.each([
  ['our own pages', '<form method="post" action="/acme/logon/x"><input type="hidden" name="step" value="totp"></form>'],
  ['a page without a form', '<!doctype html><p>document.forms[0].submit()</p>'],
  ['nothing', ''],
])('leaves %s alone', (_what, html) => expect(readEngineForm(html)).toBeUndefined());
