import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/storage/db/database.ts';
import { openPostgres } from '../../src/storage/db/postgres.ts';
import { auditEvents } from '../../src/storage/db/schema/audit-events.ts';
import { describeWithPostgres } from '../support/describe-with-servers.ts';
import { type BrowserPage, createHttpBrowser, type HttpBrowser } from '../support/http-browser.ts';
import { type ServerPair, startServerPair } from '../support/server-pair.ts';
import type { TestAccount, TestApplication, TestUser } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { hasCode, startLogon } from './support/logon-start.ts';

/** Passwords of one user that strangers may try in an hour, and those of one source in a quarter of it. */
const perUser = 50;
const perSource = 10;

/** More connections at once than the machine takes would say nothing of us. */
const inFlight = 100;

const signOut = ({ cookies }: HttpBrowser): void => cookies.remove(({ name }) => name !== 'postern.device');

const numbered = (count: number): number[] => Array.from({ length: count }, (_none, at) => at);
const sourceOf = (at: number): string => `198.18.${Math.floor(at / 250)}.${at % 250}`;

/** Does them all, so many at any time. */
async function allAtOnce<Answer>(count: number, one: (at: number) => Promise<Answer>): Promise<Answer[]> {
  const left = numbered(count);
  const answers: Answer[] = [];
  const work = async (): Promise<void> => {
    for (let at = left.pop(); at !== undefined; at = left.pop()) answers.push(await one(at));
  };
  await Promise.all(numbered(Math.min(inFlight, count)).map(work));
  return answers;
}

interface Scene {
  readonly account: TestAccount;
  readonly db: Database;
}

describe('a lock is no weapon, on the embedded database', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded', settings: { TRUSTED_PROXIES: '127.0.0.1' } });
  });
  afterAll(() => server.close());
  promises(120, async () => ({ account: await server.account(), db: server.backend.db }));
});

describeWithPostgres('a lock is no weapon, over two processes on Postgres and Redis', () => {
  let pair: ServerPair;
  let handle: Awaited<ReturnType<typeof openPostgres>>;
  beforeAll(async () => {
    pair = await startServerPair({ TRUSTED_PROXIES: '127.0.0.1' });
    handle = await openPostgres({ url: pair.processes[0].environment['DATABASE_URL'] ?? '' });
  });
  afterAll(async () => {
    await handle.close();
    await pair.close();
  });
  promises(1000, async () => ({ account: await pair.account(), db: handle.db }));

  it('both processes had their part of it', () => {
    for (const count of pair.counts()) expect(count).toBeGreaterThan(500);
  });
});

interface Guessing {
  readonly count?: number;
  readonly source: (at: number) => string;
  readonly browser?: HttpBrowser;
}

function promises(guesses: number, open: () => Promise<Scene>): void {
  const fewer = Math.min(guesses, 200);
  interface Cast extends Scene {
    readonly application: TestApplication;
    readonly owner: TestUser;
    /** The owner's browser, and a logon begun in it. */
    readonly home: HttpBrowser;
  }
  const cast = async (): Promise<Cast> => {
    const scene = await open();
    const [application, owner] = [await scene.account.createApplication(), await scene.account.createUser()];
    const home = createHttpBrowser();
    const { page } = await startLogon(scene.account.issuer, application.clientId, home);
    expect(hasCode(await home.submit(page, { username: owner.userName, password: owner.password }))).toBe(true);
    return { ...scene, application, owner, home };
  };
  const attempt = async (
    { browser, page }: { readonly browser: HttpBrowser; readonly page: BrowserPage },
    { userName, password, source }: { userName: string; password: string; source: string },
  ) => await browser.submit(page, { username: userName, password }, { headers: { 'x-forwarded-for': source } });
  const atHome = async (scene: Cast): Promise<BrowserPage> => {
    const { account, application, owner, home } = scene;
    signOut(home);
    const { page } = await startLogon(account.issuer, application.clientId, home);
    const answer = await attempt({ browser: home, page }, { ...owner, source: '198.51.100.1' });
    // A machine that has no time for anybody says so: that is no lock.
    return answer.status === 503 ? await atHome(scene) : answer;
  };
  /** Guesses at the owner's password, all at once. */
  const guessAll = async (
    { account, application, owner }: Cast,
    { count = guesses, source, browser = createHttpBrowser() }: Guessing,
  ) => {
    const logon = await startLogon(account.issuer, application.clientId, browser);
    return await allAtOnce(count, (at) =>
      attempt(logon, { userName: owner.userName, password: `guess ${at}`, source: source(at) }),
    );
  };
  const wrongOnes = async ({ db, account, owner }: Cast): Promise<number> => {
    const { accountId } = account;
    const events = await db
      .select()
      .from(auditEvents)
      .where(and(eq(auditEvents.accountId, accountId), eq(auditEvents.actorUserId, owner.userId)));
    return events.filter(({ details }) => details['reason'] === 'wrong name or password').length;
  };
  /** None was right, and of all that were made so many were looked at, at most and at least one. */
  const expectEvaluated = async (scene: Cast, answers: readonly BrowserPage[], limit: number) => {
    expect(answers.filter(hasCode)).toEqual([]);
    const evaluated = answers.filter(({ status }) => status === 401).length;
    expect(evaluated).toBeGreaterThan(0);
    expect(evaluated).toBeLessThanOrEqual(limit);
    expect(await wrongOnes(scene)).toBe(evaluated);
    // 503 is what a guess gets whose turn at processor or store does not come.
    for (const { status } of answers) expect([401, 429, 503]).toContain(status);
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(answers.length / 2);
  };

  it(`of ${guesses} guesses at once from everywhere ${perUser} are evaluated at most, and the owner at home gets in meanwhile and after`, async () => {
    const scene = await cast();
    const [answers, meanwhile] = await Promise.all([guessAll(scene, { source: sourceOf }), atHome(scene)]);
    await expectEvaluated(scene, answers, perUser);
    expect(hasCode(meanwhile)).toBe(true);
    expect(hasCode(await atHome(scene))).toBe(true);
    const abroad = await startLogon(scene.account.issuer, scene.application.clientId);
    expect((await attempt(abroad, { ...scene.owner, source: '198.51.100.2' })).status).toBe(429);
  }, 180_000);

  it(`of ${fewer} guesses at once from one source ${perSource} are evaluated at most, and the owner elsewhere is not held up`, async () => {
    const scene = await cast();
    const answers = await guessAll(scene, { count: fewer, source: () => '198.18.99.1' });
    await expectEvaluated(scene, answers, perSource);
    const abroad = await startLogon(scene.account.issuer, scene.application.clientId);
    expect(hasCode(await attempt(abroad, { ...scene.owner, source: '198.51.100.3' }))).toBe(true);
    expect(hasCode(await atHome(scene))).toBe(true);
  }, 180_000);

  it(`of ${fewer} guesses at once with a stolen device cookie ${perSource} are evaluated at most`, async () => {
    const scene = await cast();
    const thief = createHttpBrowser(scene.home.cookies.copy());
    signOut(thief);
    const answers = await guessAll(scene, { count: fewer, source: sourceOf, browser: thief });
    await expectEvaluated(scene, answers, perSource);
  }, 180_000);
}
