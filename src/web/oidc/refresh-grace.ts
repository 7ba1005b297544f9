import { setTimeout as pause } from 'node:timers/promises';
import type { Context, Next } from 'koa';
import Provider, { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { open, type SealedPlace, seal } from '../../crypto/envelope.ts';
import type { KeyRing } from '../../crypto/key-ring.ts';
import { hashToken } from '../../crypto/tokens.ts';
import { refreshGraceSeconds } from '../../domain/applications/application-rules.ts';
import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';
import { artefactKey } from './artefact-store.ts';
import { clientOrigin } from './clients.ts';
import { beginWrite, type KeptAnswer, type RequestState, requestState, settleWrites } from './request-state.ts';
import { nowInSeconds } from './session-life.ts';

export interface RefreshGraceDeps {
  readonly ephemeral: EphemeralStore;
  readonly keyRing: KeyRing;
  readonly issuerName: string;
}

/** A refresh token that a request presents, and how long its application has it answered again. */
interface PresentedToken {
  readonly rawToken: string;
  /** Positive. */
  readonly graceSeconds: number;
}

/** Stands where the answer will, from before the token is used up until the answer is kept. */
const underWay = 'under way';

/** Longer than a rotation takes. One that died on the way leaves its token to be treated as used. */
const underWaySeconds = 10;

const longestWaitMs = 3000;
const lookAgainMs = 25;

/** The same token may be used for less than it was given for: an answer is repeated to the same question only. */
const questionOf = ({ oidc }: KoaContextWithOIDC): string =>
  JSON.stringify([oidc.params?.['scope'], oidc.params?.['resource']]);

/**
 * A refresh token presented to be rotated, by the client that it was given to; undefined at any other endpoint, for anybody else, and where the
 * application has no grace.
 */
export function presentedToken(rawToken: string, clientId: unknown): PresentedToken | undefined {
  const oidc = (Provider.ctx as KoaContextWithOIDC | undefined)?.oidc;
  if (oidc?.route !== 'token' || oidc.params?.['grant_type'] !== 'refresh_token') return undefined;
  if (oidc.client === undefined || oidc.client.clientId !== clientId) return undefined;
  const origin = clientOrigin(oidc.client);
  const graceSeconds = origin.kind === 'application' ? refreshGraceSeconds(origin.application) : 0;
  return graceSeconds > 0 ? { rawToken, graceSeconds } : undefined;
}

const keyOf = ({ issuerName }: RefreshGraceDeps, rawToken: string): string =>
  artefactKey({ issuerName }, 'RefreshAnswer', rawToken);

const placeOf = ({ account }: RequestState, rawToken: string): SealedPlace => ({
  accountId: account.accountId,
  row: hashToken(rawToken),
  column: 'ephemeral_entries.value',
});

/**
 * Whether this request is the one that rotates a token not used yet. Any other gets the answer of the one that does, and makes nothing itself.
 * Of racing requests, on any processes, exactly one is told `true`.
 */
export async function beginRotation(
  deps: RefreshGraceDeps,
  state: RequestState,
  { rawToken, graceSeconds }: PresentedToken,
): Promise<boolean> {
  const key = keyOf(deps, rawToken);
  if (await deps.ephemeral.create(key, underWay, underWaySeconds)) {
    state.refresh = { part: 'first', rawToken, graceSeconds };
    return true;
  }
  state.refresh = { part: 'again', answer: openAnswer(deps, state, { rawToken, kept: await awaitAnswer(deps, key) }) };
  return false;
}

/** Whether a token used before is within its grace: then this request gets the answer that the first one got. */
export async function joinRotation(
  deps: RefreshGraceDeps,
  state: RequestState,
  { rawToken }: PresentedToken,
): Promise<boolean> {
  const key = keyOf(deps, rawToken);
  // Whoever rotates a token says so here first: where nothing stands, the grace is over.
  const found = await deps.ephemeral.get(key);
  if (found === undefined) return false;
  const kept = found === underWay ? await awaitAnswer(deps, key) : found;
  state.refresh = { part: 'again', answer: openAnswer(deps, state, { rawToken, kept }) };
  return true;
}

/** Looks until the answer is there. Throws `temporarily_unavailable`, and the tokens stay as they are, where it does not come. */
async function awaitAnswer({ ephemeral }: RefreshGraceDeps, key: string): Promise<string> {
  const giveUpAt = performance.now() + longestWaitMs;
  do {
    const kept = await ephemeral.get(key);
    if (kept === undefined) break;
    if (kept !== underWay) return kept;
    await pause(lookAgainMs);
  } while (performance.now() < giveUpAt);
  throw unavailable('the refresh token is being used by another request; try again shortly');
}

function openAnswer(
  { keyRing }: RefreshGraceDeps,
  state: RequestState,
  { rawToken, kept }: { readonly rawToken: string; readonly kept: string },
): KeptAnswer {
  const answer = JSON.parse(open(keyRing, kept, placeOf(state, rawToken))) as KeptAnswer;
  if (answer.question === questionOf(Provider.ctx as KoaContextWithOIDC)) return answer;
  throw unavailable('the refresh token was just used for another scope or resource; use its successor');
}

/** RFC 6749 has no such error for the token endpoint; clients know it from others, and 503 says the rest. */
function unavailable(description: string): Error {
  (Provider.ctx as KoaContextWithOIDC).set('Retry-After', '1');
  return Object.assign(new errors.TemporarilyUnavailable(description), { status: 503, statusCode: 503 });
}

/**
 * Around the token endpoint: the first to use a token has its answer kept, sealed, for as long as the grace lasts by the store's clock; all
 * others get that answer in place of their own.
 */
export function shareRefreshAnswers(deps: RefreshGraceDeps) {
  return async (ctx: Context, next: Next): Promise<void> => {
    await next();
    const state = requestState();
    const { refresh } = state;
    if (refresh === undefined) return;
    if (refresh.part === 'first') beginWrite(state, keepAnswer(deps, state, ctx as unknown as KoaContextWithOIDC));
    else if (ctx.status === 200) ctx.body = repeated(refresh.answer);
  };
}

/** Kept once everything in it is stored: whoever reads it may use it at once. A rotation that failed leaves nothing. */
async function keepAnswer(deps: RefreshGraceDeps, state: RequestState, ctx: KoaContextWithOIDC): Promise<void> {
  if (state.refresh?.part !== 'first') return;
  const { rawToken, graceSeconds } = state.refresh;
  const key = keyOf(deps, rawToken);
  if (ctx.status !== 200) return void (await deps.ephemeral.delete(key));
  const body = ctx.body as KeptAnswer['body'];
  const answer: KeptAnswer = { body, madeAt: nowInSeconds(), question: questionOf(ctx) };
  const sealed = seal(deps.keyRing, JSON.stringify(answer), placeOf(state, rawToken));
  await settleWrites(state);
  await deps.ephemeral.set(key, sealed, graceSeconds);
}

/** The answer as it was, but for the time that its access token has left (RFC 6749 section 5.1). */
function repeated({ body, madeAt }: KeptAnswer): KeptAnswer['body'] {
  const age = Math.max(0, nowInSeconds() - madeAt);
  const { expires_in: expiresIn } = body;
  return typeof expiresIn === 'number' ? { ...body, expires_in: Math.max(0, expiresIn - age) } : body;
}
