import type { Level } from '../../../../src/web/oidc/levels.ts';
import type { BrowserPage } from '../../../support/http-browser.ts';
import { stepOf } from '../../../support/logon-driver.ts';
import { authorizationUrl, challengeOf, newVerifier } from '../code-flow.ts';
import { administer, redeem, useToken } from './aftermath.ts';
import { type Answer, rightAnswer, wrongAnswer } from './answers.ts';
import { answerElsewhere, cross } from './crossings.ts';
import { strongerOf } from './expected-levels.ts';
import {
  accountOf,
  arriveIn,
  browserAt,
  formOf,
  type IntentOf,
  type Moving,
  openTabs,
  pick,
  post,
  userFor,
} from './hands.ts';
import { type Intent, variants } from './intents.ts';
import { logonOn, type SentForm, type Tab, type Walk } from './machine.ts';
import type { Observation, StartedRequest } from './trace.ts';

/** Makes a move in the world. Answers what was seen, in order; nothing where there is nothing to move. */
export async function move(moving: Moving, intent: Intent): Promise<Observation[]> {
  switch (intent.kind) {
    case 'start':
      return await start(moving, intent);
    case 'answer':
      return await answer(moving, intent);
    case 'share':
      return await share(moving, intent);
    case 'repeat':
      return await repeat(moving, intent);
    case 'look':
    case 'resume':
      return await look(moving, intent);
    case 'strange browser':
      return await answerElsewhere(moving, intent);
    case 'cross':
      return await cross(moving, intent);
    case 'redeem':
      return await redeem(moving, intent);
    case 'use token':
      return await useToken(moving, intent);
    case 'switch process':
      moving.walk.machine.pair.routeTo(intent.to);
      return [];
    case 'administer':
      return await administer(moving, intent);
  }
}

async function start({ walk }: Moving, { browser, account, app, variant }: IntentOf<'start'>): Promise<Observation[]> {
  const { account: owner, apps } = accountOf(walk, account);
  const [verifier, id] = [newVerifier(), newVerifier()];
  const application = apps[app];
  const parameters = { scope: 'openid ram', state: id, code_challenge: challengeOf(verifier), ...variants[variant] };
  walk.verifiers.set(id, { verifier, account, app: application });
  const page = await browserAt(walk, browser).open(authorizationUrl(owner.issuer, application.clientId, parameters));
  const tab: Tab = { browser, account, pages: [] };
  walk.tabs.push(tab);
  const request: StartedRequest = {
    ...{ id, browser, alias: owner.alias, clientId: application.clientId },
    needed: strongerOf(
      app === 1 ? 'urn:postern:acr:mfa' : 'urn:postern:acr:pwd',
      essential[variant] ?? 'urn:postern:acr:pwd',
    ),
    isFresh: variant === 'login',
  };
  return [{ kind: 'started', request, landing: arriveIn(walk, tab, page) }];
}

const essential: Readonly<Record<string, Level>> = {
  'needs mfa': 'urn:postern:acr:mfa',
  'needs phr': 'urn:postern:acr:phr',
};

/** Other proofs of the same thing, by the step on the page. */
const alternatives: Readonly<Record<string, readonly string[]>> = {
  password: ['passkey'],
  totp: ['recovery', 'passkey-factor'],
  'passkey-factor': ['totp', 'recovery'],
  recovery: ['totp'],
  bind: ['bind-passkey'],
};

const stepNamed = (page: BrowserPage, intent: IntentOf<'answer'>): string => {
  const due = stepOf(page) ?? '';
  if (intent.step === 'due') return due;
  return intent.step === 'other' ? (pick(alternatives[due] ?? [due], intent.user) ?? due) : intent.step;
};

async function answer(moving: Moving, intent: IntentOf<'answer'>): Promise<Observation[]> {
  const tab = pick(openTabs(moving.walk), intent.tab);
  const first = tab?.pages[Math.min(intent.back, tab.pages.length - 1)];
  if (tab === undefined || first === undefined) return [];
  const step = stepNamed(first, intent);
  const { page, seen } = await pageFor(moving, { tab, page: first, step, isAlternative: intent.step === 'other' });
  const given = await answerTo(moving, { page, step, intent });
  const form = formOf(tab.browser, page, { step, given });
  if (form === undefined) return seen;
  moving.walk.sent.push(form);
  const more = intent.manner === 'declining' ? { declines: true } : {};
  const posts = intent.isTwice ? await twice(moving.walk, tab, form) : [await post(moving.walk, tab, form)];
  return [...seen, ...posts.map((one) => ({ ...one, ...more }))];
}

interface WantedPage {
  readonly tab: Tab;
  readonly page: BrowserPage;
  readonly step: string;
  readonly isAlternative: boolean;
}

/** Alternatives that an authenticator answers have a page of their own. */
async function pageFor({ walk }: Moving, { tab, page, step, isAlternative }: WantedPage) {
  const needsPage = step === 'bind-passkey' || step === 'passkey-factor';
  const logon = logonOn(page);
  if (!isAlternative || !needsPage || logon === undefined || stepOf(page) === step) return { page, seen: [] };
  const opened = await browserAt(walk, tab.browser).open(new URL(`${page.url.pathname}?factor=${step}`, page.url));
  const landing = arriveIn(walk, tab, opened);
  const seen: Observation[] = [{ kind: 'looked', browser: tab.browser, logon, isResumed: false, landing }];
  return { page: stepOf(opened) === undefined ? page : opened, seen };
}

async function answerTo(
  moving: Moving,
  { page, step, intent }: { page: BrowserPage; step: string; intent: IntentOf<'answer'> },
): Promise<Answer> {
  const answering = { walk: moving.walk, page, user: userFor(moving, page, intent) };
  const wrong = wrongAnswer(answering);
  // To have seen the codes is all that this step asks.
  if (intent.manner === 'right' || step === 'recovery-codes') {
    const right = await rightAnswer(step, answering);
    return { ...right, fields: intent.isOwn ? right.fields : { ...wrong.fields, ...right.fields } };
  }
  return intent.manner === 'declining' ? { fields: { ...wrong.fields, decision: 'decline' } } : wrong;
}

type Answered = Extract<Observation, { readonly kind: 'answered' }>;

/** At most one of two answers at once counts: what led on is judged first, then what was overtaken, then what was refused. */
function winnersFirst(seen: readonly Answered[]): Answered[] {
  const rank = ({ landing, step }: Answered): number => {
    if (landing.code !== undefined) return 0;
    if (landing.status === 400 && landing.step === undefined) return 2;
    return landing.status >= 400 || landing.step === step || landing.step === 'password' ? 3 : 1;
  };
  return [...seen].sort((left, right) => rank(left) - rank(right));
}

async function twice(walk: Walk, tab: Tab, form: SentForm): Promise<Answered[]> {
  const both = await Promise.all([post(walk, tab, form), post(walk, tab, form)]);
  return winnersFirst(both).map((one) => ({ ...one, isRace: true }));
}

async function share(moving: Moving, intent: IntentOf<'share'>): Promise<Observation[]> {
  const { walk } = moving;
  const tabs = [pick(openTabs(walk), intent.tab), pick(openTabs(walk), intent.other)].filter(
    (tab) => tab !== undefined,
  );
  const [page] = tabs[0]?.pages ?? [];
  if (page === undefined || tabs[0] === tabs[1]) return [];
  const { step } = intent;
  const given = await rightAnswer(step, { walk, page, user: userFor(moving, page, { user: intent.tab, isOwn: true }) });
  const posts = tabs.map(async (tab) => {
    const [latest] = tab.pages;
    const form = latest === undefined ? undefined : formOf(tab.browser, latest, { step, given });
    return form === undefined ? [] : [await post(walk, tab, form)];
  });
  return winnersFirst((await Promise.all(posts)).flat());
}

async function repeat({ walk }: Moving, { which }: IntentOf<'repeat'>): Promise<Observation[]> {
  const form = pick(walk.sent, which);
  return form === undefined ? [] : [await post(walk, undefined, form)];
}

async function look({ walk }: Moving, intent: IntentOf<'look' | 'resume'>): Promise<Observation[]> {
  const tab = pick(openTabs(walk), intent.tab);
  const [page] = tab?.pages ?? [];
  const logon = page === undefined ? undefined : logonOn(page);
  if (tab === undefined || page === undefined || logon === undefined) return [];
  const isResumed = intent.kind === 'resume';
  const factor = intent.kind === 'look' && intent.factor !== '' ? `?factor=${intent.factor}` : '';
  const { issuer } = accountOf(walk, tab.account).account;
  const address = isResumed ? `${issuer}/oauth2/authorize/${logon}` : `${issuer}/logon/${logon}${factor}`;
  const landing = arriveIn(walk, tab, await browserAt(walk, tab.browser).open(address));
  return [{ kind: 'looked', browser: tab.browser, logon, isResumed, landing }];
}
