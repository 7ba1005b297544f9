import { setTimeout } from 'node:timers/promises';
import type { Intent } from './intents.ts';
import { type BrowserPage, type HttpBrowser } from '../../../support/http-browser.ts';
import { stepOf } from '../../../support/logon-driver.ts';
import type { Answer } from './answers.ts';
import type { KnownUser, Ledger } from './ledger.ts';
import { landingOf, logonOn, type MachineAccount, type SentForm, type Tab, type Walk } from './machine.ts';
import type { Landing, Observation } from './trace.ts';

export type IntentOf<Kind extends Intent['kind']> = Extract<Intent, { readonly kind: Kind }>;

/** What a move needs to know: the world, and what the model says of its users. */
export interface Moving {
  readonly walk: Walk;
  readonly ledger: Ledger;
}

export const pick = <T>(all: readonly T[], which: number): T | undefined => all[which % Math.max(1, all.length)];

export const accountOf = ({ machine }: Walk, index: 0 | 1): MachineAccount => machine.accounts[index];

export const browserAt = ({ browsers }: Walk, index: number): HttpBrowser => {
  const found = browsers[index];
  if (found === undefined) throw new Error('there is no such browser');
  return found;
};

/** Tabs that have shown a page of a logon, the latest first. */
export const openTabs = ({ tabs }: Walk): Tab[] => tabs.filter(({ pages }) => pages.length > 0).reverse();

/** Keeps what a tab shows, and the code where it got one. */
export function arriveIn(walk: Walk, tab: Tab | undefined, page: BrowserPage): Landing {
  const landing = landingOf(page);
  if (stepOf(page) !== undefined && logonOn(page) !== undefined) tab?.pages.unshift(page);
  if (landing.code !== undefined) walk.codes.push({ code: landing.code, request: landing.request ?? '' });
  return landing;
}

/** The user whose logon it is by the model; else anybody of that account. */
export function userFor(
  { walk, ledger }: Moving,
  page: BrowserPage,
  { user, isOwn }: { user: number; isOwn: boolean },
): KnownUser {
  const own = ledger.logons.get(logonOn(page) ?? '')?.userId;
  const alias = ledger.logons.get(logonOn(page) ?? '')?.alias;
  const here = walk.people.filter((id) => !isOwn || ledger.users.get(id)?.alias === alias);
  const found = ledger.users.get((isOwn ? own : undefined) ?? pick(here, user) ?? '');
  if (found === undefined) throw new Error('there is no such user');
  return found;
}

export function formOf(
  browser: number,
  page: BrowserPage,
  { step, given }: { step: string; given: Answer },
): SentForm | undefined {
  const [form] = page.forms;
  const logon = logonOn(page);
  if (form === undefined || logon === undefined) return undefined;
  const address = new URL(form.action, page.url);
  return { browser, address, logon, step, fields: { ...form.fields, ...given.fields, step }, proof: given.proof };
}

const headersOf = ({ source, machine }: Walk): Record<string, string> => ({
  origin: machine.pair.origin,
  'sec-fetch-site': 'same-origin',
  'x-forwarded-for': source,
});

export const sendForm = async (
  walk: Walk,
  browser: HttpBrowser,
  { address, fields }: Pick<SentForm, 'address' | 'fields'>,
) => await browser.open(address, { method: 'POST', fields, headers: headersOf(walk) });

const nowInSeconds = (): number => Math.floor(Date.now() / 1000);

/**
 * Logons of one user in one browser within a second are one to the engine, which knows them by the second, and of one the highest level stands. The model
 * tells them apart, so they are kept apart.
 */
async function inASecondOfItsOwn<T>(walk: Walk, { browser, proof }: SentForm, act: () => Promise<T>): Promise<T> {
  if (proof?.kind !== 'password' && proof?.kind !== 'passkey') return await act();
  const key = `${browser} ${proof.userId}`;
  while (walk.firstFactors.get(key) === nowInSeconds()) await setTimeout(1000 - (Date.now() % 1000));
  try {
    return await act();
  } finally {
    walk.firstFactors.set(key, nowInSeconds());
  }
}

export async function post(
  walk: Walk,
  tab: Tab | undefined,
  form: SentForm,
): Promise<Extract<Observation, { kind: 'answered' }>> {
  const { browser, logon, step, proof } = form;
  const page = await inASecondOfItsOwn(walk, form, () => sendForm(walk, browserAt(walk, browser), form));
  const landing = arriveIn(walk, tab, page);
  return { kind: 'answered', browser, logon, step, ...(proof === undefined ? {} : { proof }), landing };
}
