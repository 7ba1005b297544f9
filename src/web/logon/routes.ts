import Router from '@koa/router';
import type { Context } from 'koa';
import { readForm } from '../http/form-body.ts';
import { seeOther } from '../http/redirect.ts';
import { requestInfo } from '../http/request-info.ts';
import type { HostedIssuer } from '../oidc/issuers.ts';
import { requestState, settleWrites } from '../oidc/request-state.ts';
import { stepAnswered } from '../oidc/step-answered.ts';
import type { Page } from '../views/pages.ts';
import { sendPage } from '../views/send-page.ts';
import { devicesOfBrowser } from './device-cookie.ts';
import {
  answerEngine,
  answerEngineAndNote,
  answerEngineFirst,
  finishLogon,
  leaveEndedSession,
  type LogonEnding,
  refuseLevel,
} from './finish.ts';
import { formTargets } from './form-targets.ts';
import { type LogonState, advanceLogonState, forgetLogonState, readLogonState } from './logon-state.ts';
import { nextStep } from './next-step.ts';
import { formSubject, openVisit } from './open-visit.ts';
import { isOutOfReach } from './second-factors.ts';
import { sendStalePage } from './stale.ts';
import { answerableStep, logonSteps } from './steps.ts';
import { type LogonDeps, type LogonStep, requestParameter, type StepOutcome, type Visit } from './visit.ts';

/** The request's issuer, found live by the entrance. */
interface LogonRouterState {
  readonly hosted: HostedIssuer;
}

/** The hosted logon: one address for all its steps. */
export function createLogonRouter(deps: LogonDeps): Router {
  const router = new Router({ sensitive: true, strict: true });
  router.get('/:alias/logon/:uid', (ctx) => showDueStep(deps, ctx));
  router.post('/:alias/logon/:uid', (ctx) => answerStep(deps, ctx));
  return router;
}

const visitOf = async (deps: LogonDeps, ctx: Context): Promise<Visit | undefined> =>
  await openVisit(deps, {
    ctx,
    hosted: (ctx.state as LogonRouterState).hosted,
    info: requestInfo(ctx.req),
    uid: (ctx['params'] as { uid: string }).uid,
  });

async function showDueStep(deps: LogonDeps, ctx: Context): Promise<void> {
  const visit = await visitOf(deps, ctx);
  if (visit === undefined) return await sendStalePage(deps, ctx, (ctx.state as LogonRouterState).hosted);
  const due = dueIn(visit);
  if (due === undefined) return seeOther(ctx, await endUnkept(visit));
  const shown = answerableStep(due, singleValue(ctx.query['factor']), visit.situation) ?? due;
  show(visit, await shown.show(visit), 200);
  await tellOnce(visit);
}

async function answerStep(deps: LogonDeps, ctx: Context): Promise<void> {
  const form = await readForm(ctx.req);
  const visit = await visitOf(deps, ctx);
  if (visit === undefined) return await sendStalePage(deps, ctx, (ctx.state as LogonRouterState).hosted);
  deps.formTokens.verify(ctx.req, formSubject(visit.hosted, visit.interaction.uid), form.get('csrf'));
  const due = dueIn(visit);
  // The last button pressed twice: between its last answer and the engine's taking over, a logon is without a step.
  if (due === undefined) return seeOther(ctx, await endUnkept(visit));
  const step = answerableStep(due, form.get('step'), visit.situation);
  // An answer to a step that is not due (another tab, a page gone back to): what is due is shown instead, nothing is evaluated.
  if (step === undefined) return seeOther(ctx, visit.action);
  await conclude(visit, await step.submit(visit, form));
  await settleWrites(requestState());
}

/** The step that is due; none where the logon has come to its end, one way or the other. */
const dueIn = ({ situation }: Pick<Visit, 'situation'>): LogonStep | undefined =>
  isOutOfReach(situation) ? undefined : nextStep(logonSteps, situation);

async function conclude(visit: Visit, outcome: StepOutcome): Promise<void> {
  if (outcome.outcome === 'refused') return showAgain(visit, outcome);
  if (outcome.outcome === 'void') return seeOther(visit.ctx, visit.action);
  if (outcome.outcome === 'answer') return seeOther(visit.ctx, await answerEngine(visit, outcome.result));
  seeOther(visit.ctx, await proceed(visit, outcome));
}

function showAgain(visit: Visit, { page, status }: Extract<StepOutcome, { outcome: 'refused' }>): void {
  const waitSeconds = 'retryAfterSeconds' in page ? page.retryAfterSeconds : undefined;
  if (waitSeconds !== undefined) visit.ctx.set('Retry-After', String(waitSeconds));
  show(visit, page, status);
}

function show(visit: Visit, page: Page, status: number): void {
  const { ctx, deps, app, interaction } = visit;
  const wish = { uiLocales: requestParameter(interaction, 'ui_locales'), askedAt: interaction.iat };
  sendPage(ctx, deps, page, { status, formAction: formTargets(app.client), wish });
}

/** Goes on after a step: straight to the engine if nothing else is due, else to the next step. Answers the address. */
async function proceed(
  visit: Visit,
  { state, user, endsSessions }: Extract<StepOutcome, { outcome: 'proceed' }>,
): Promise<string> {
  const situation = {
    ...visit.situation,
    state,
    user: state.userId === undefined ? undefined : (user ?? visit.situation.user),
  };
  const next = { ...visit, situation };
  if (endsSessions === true) await leaveEndedSession(next);
  const isOver = dueIn(next) === undefined;
  // Where the first answer is the last there is nothing to keep: of racing ones the engine gets one.
  if (isOver && visit.stored.raw === undefined) return await endUnkept(next);
  const ending = isOver ? finishOrRefuse(next) : undefined;
  await keep(next, state, user !== undefined);
  return ending === undefined ? visit.action : await end(next, ending);
}

/**
 * Of two racing answers one is kept; the other sees what is due now, whatever that is. What has changed the user (a password chosen, a device bound)
 * is not lost to the same answer sent twice, which finds that the user has changed and begins again.
 */
async function keep(visit: Visit, state: LogonState, hasChangedUser: boolean): Promise<void> {
  const { ephemeral } = visit.deps;
  const place = placeOf(visit);
  if (await advanceLogonState(ephemeral, place, visit.stored, state)) return;
  if (hasChangedUser) {
    const present = await readLogonState(ephemeral, place.issuerName, place.uid);
    const isBegunAgain = present.raw !== undefined && present.state.userId === undefined;
    if (isBegunAgain && (await advanceLogonState(ephemeral, place, present, state))) return;
  }
  throw stepAnswered();
}

/** What a page has told is not told again. Where somebody has answered in between there is nothing to be told. */
async function tellOnce({ deps, situation, ...visit }: Visit): Promise<void> {
  const { notice, ...state } = situation.state;
  if (notice !== undefined) await advanceLogonState(deps.ephemeral, placeOf(visit), visit.stored, state);
}

const placeOf = ({ hosted, interaction }: Pick<Visit, 'hosted' | 'interaction'>) => ({
  issuerName: hosted.issuerName,
  uid: interaction.uid,
});

const finishOrRefuse = (visit: Visit): LogonEnding =>
  isOutOfReach(visit.situation) ? refuseLevel(visit) : finishLogon(visit, devicesOfBrowser(visit));

/** Hands a logon that was kept back to the engine: complete, or with the reason why it cannot be. */
async function end(visit: Visit, ending: LogonEnding): Promise<string> {
  const { deps, hosted, interaction } = visit;
  const [returnTo] = await Promise.all([
    answerEngineAndNote(visit, ending),
    forgetLogonState(deps.ephemeral, hosted.issuerName, interaction.uid),
  ]);
  return returnTo;
}

/** The same for one that this request has not kept: whether it is the one that completes the logon the engine's record decides. */
async function endUnkept(visit: Visit): Promise<string> {
  const { deps, hosted, interaction, stored } = visit;
  const returnTo = await answerEngineFirst(visit, finishOrRefuse(visit));
  if (stored.raw !== undefined) await forgetLogonState(deps.ephemeral, hosted.issuerName, interaction.uid);
  return returnTo;
}

const singleValue = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;
