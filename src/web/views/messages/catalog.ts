import { activity } from './en/activity.ts';
import { surroundings } from './en/surroundings.ts';
import { logon } from './en/logon.ts';
import { passwords } from './en/passwords.ts';
import { portal } from './en/portal.ts';

/**
 * The words of all pages, in ICU message format (`{name}`, `{count, plural, one {…} other {…}}`) with the tags `<b>`, `<code>` and `<a>`, which leads
 * to the value `href`. English says which messages there are; a language that lacks one does not compile.
 */
export const english = { ...surroundings, ...logon, ...passwords, ...portal, ...activity };

export type MessageKey = keyof typeof english;
export type Catalog = Readonly<Record<MessageKey, string>>;

/** One file of a translation: `export const logon: Messages<typeof english> = {…}`. */
export type Messages<English extends Readonly<Record<string, string>>> = Readonly<Record<keyof English, string>>;

/** Each language has a file of this name for each, which exports the messages under the same name. */
export const messageFiles = ['surroundings', 'logon', 'passwords', 'portal', 'activity'] as const;
