import { globSync } from 'node:fs';
import { join } from 'node:path';
import type { Page as BrowserTab } from 'playwright-core';
import type { Language } from '../../../src/web/views/languages.ts';
import { loadCatalog } from '../../../src/web/views/messages/catalogs.ts';
import type { MessageKey } from '../../../src/web/views/messages/catalog.ts';
import type { Page } from '../../../src/web/views/pages.ts';

/** The template of a page, by its place under views/. */
export type TemplateName = Page['name'];

/** What only the pages of one template have: a selector, or a heading (which a part that is closed has too). */
type Mark = { readonly selector: string } | { readonly headings: readonly MessageKey[] };

const step = (name: string): Mark => ({ selector: `.card [name=step][value=${name}]` });
const has = (selector: string): Mark => ({ selector });
const says = (...headings: readonly MessageKey[]): Mark => ({ headings });

const marks: Readonly<Record<Exclude<TemplateName, `api/${string}`>, Mark>> = {
  'logon/general': has('.card form[action="/-/logon"]'),
  'logon/password': step('password'),
  'logon/totp': step('totp'),
  'logon/recovery': step('recovery'),
  'logon/passkey-factor': step('passkey-factor'),
  'logon/reset': step('reset'),
  'logon/bind': step('bind'),
  'logon/bind-passkey': step('bind-passkey'),
  'logon/recovery-codes': step('recovery-codes'),
  'logon/consent': step('consent'),
  'logon/stale': says('stale.title'),
  'engine/handover': says('handover.title'),
  'errors/error': says(
    'error.did-not-work',
    'error.not-found.title',
    'error.suspended.title',
    'error.away.title',
    'error.busy.title',
    'error.ours.title',
    'error.logon-over.title',
  ),
  'sign-out/question': has('.card #stay'),
  'sign-out/done': says('signed-out.title'),
  'portal/ended': says('portal.ended.password.title', 'portal.ended.device.title'),
  'portal/overview': has('.portal main #apps'),
  'portal/details': has('.portal main #policies'),
  'portal/password': has('.portal #old_password'),
  'portal/security': says('portal.section.security'),
  'portal/passkey': has('.portal form[action*="/security/passkey"]'),
  'portal/authenticator-app': has('.portal #totp-secret'),
  'portal/recovery-codes': says('portal.codes.title', 'portal.codes.new-title'),
  'portal/remove-device': has('.portal form[action*="/security/remove"]'),
  'portal/access-keys': says('portal.section.access-keys'),
  'portal/sessions': says('portal.sessions.title'),
  'portal/apps': says('portal.consents.title'),
  'portal/activity': has('.portal .pager'),
  'portal/closed': has('.portal #closed'),
};

/** Every template that is a page, as they lie in the folder. */
export const pageTemplates = (): string[] =>
  globSync('*/*.eta', { cwd: join(import.meta.dirname, '../../../views') })
    .map((file) => file.slice(0, -'.eta'.length).replaceAll('\\', '/'))
    .filter((name) => !/^(?:layouts|partials)\//.test(name))
    .sort();

/** Runs in the page: the names of the marks that are on it. */
const marksFound = (headings: Readonly<Record<string, readonly string[]>>): string => `(() => {
  const heading = document.querySelector('#closed') === null && document.querySelector('h1')?.textContent.trim();
  const [marks, headings] = [${JSON.stringify(marks)}, ${JSON.stringify(headings)}];
  return Object.keys(marks).filter((name) =>
    marks[name].selector === undefined ? headings[name].includes(heading) : document.querySelector(marks[name].selector),
  );
})()`;

/** The templates that a page could be of, going by what is on it. One, where the marks are good. */
export async function templatesOf(page: BrowserTab, language: Language): Promise<string[]> {
  const catalog = loadCatalog(language);
  const headings = Object.entries(marks).flatMap(([name, mark]) =>
    'headings' in mark ? [[name, mark.headings.map((key) => catalog[key])] as const] : [],
  );
  return await page.evaluate<string[]>(marksFound(Object.fromEntries(headings)));
}
