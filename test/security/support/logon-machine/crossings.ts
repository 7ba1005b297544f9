import { createCookieJar } from '../../../support/cookie-jar.ts';
import { type BrowserPage, createHttpBrowser, type HttpBrowser } from '../../../support/http-browser.ts';
import { stepOf } from '../../../support/logon-driver.ts';
import { authorizationUrl } from '../code-flow.ts';
import { rightAnswer } from './answers.ts';
import {
  accountOf,
  browserAt,
  formOf,
  type IntentOf,
  type Moving,
  openTabs,
  pick,
  post,
  sendForm,
  userFor,
} from './hands.ts';
import { landingOf, logonOn, type MachineAccount } from './machine.ts';
import type { Observation } from './trace.ts';

/** Another browser that knows the address and the form, and a right answer too. */
export async function answerElsewhere(
  moving: Moving,
  { tab: which, browser, user }: IntentOf<'strange browser'>,
): Promise<Observation[]> {
  const tab = pick(openTabs(moving.walk), which);
  const [page] = tab?.pages ?? [];
  if (page === undefined || tab?.browser === browser) return [];
  const step = stepOf(page) ?? '';
  const answering = { walk: moving.walk, page, user: userFor(moving, page, { user, isOwn: true }) };
  const form = formOf(browser, page, { step, given: await rightAnswer(step, answering) });
  return form === undefined ? [] : [await post(moving.walk, undefined, form)];
}

export async function cross(moving: Moving, { tab: which, how }: IntentOf<'cross'>): Promise<Observation[]> {
  const { walk } = moving;
  const tab = pick(openTabs(walk), which);
  const [page] = tab?.pages ?? [];
  if (tab === undefined || page === undefined) return [];
  const other = accountOf(walk, tab.account === 0 ? 1 : 0);
  const own = browserAt(walk, tab.browser);
  const forged =
    how === 'form' ? createHttpBrowser(own.cookies.copy()) : withCookiesAt(own, accountOf(walk, tab.account), other);
  const { issuer, alias } = other.account;
  const logon = logonOn(page) ?? '';
  if (how === 'resume') return [crossed(await forged.open(`${issuer}/oauth2/authorize/${logon}`))];
  if (how === 'session')
    return [crossed(await forged.open(authorizationUrl(issuer, other.apps[0].clientId, { prompt: 'none' })))];
  const step = stepOf(page) ?? '';
  const answering = { walk, page, user: userFor(moving, page, { user: tab.account, isOwn: true }) };
  const form = formOf(tab.browser, page, { step, given: await rightAnswer(step, answering) });
  if (form === undefined) return [];
  const address = new URL(`/${alias}/logon/${logon}`, form.address);
  return [crossed(await sendForm(walk, forged, { ...form, address }))];
}

const crossed = (page: BrowserPage): Observation => ({ kind: 'crossed', landing: landingOf(page) });

/** A browser that sends one account's cookies to the other, and none of the other's own. */
function withCookiesAt({ cookies }: HttpBrowser, from: MachineAccount, to: MachineAccount): HttpBrowser {
  const [before, after] = [`/${from.account.alias}`, `/${to.account.alias}`];
  const moved = cookies
    .all()
    .filter(({ path }) => path.startsWith(before))
    .map((cookie) => ({ ...cookie, path: cookie.path.replace(before, after) }));
  return createHttpBrowser(createCookieJar(moved));
}
