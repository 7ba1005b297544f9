import Router from '@koa/router';
import type { Context } from 'koa';
import { AppError } from '../../domain/app-error.ts';
import { readForm } from '../http/form-body.ts';
import { seeOther } from '../http/redirect.ts';
import { requestInfo } from '../http/request-info.ts';
import type { HostedIssuer } from '../oidc/issuers.ts';
import { sendPage } from '../views/send-page.ts';
import { answerEngine, finishLogon } from './finish.ts';
import { formTargets } from './form-targets.ts';
import { advanceLogonState, forgetLogonState, type LogonState } from './logon-state.ts';
import { nextStep } from './next-step.ts';
import { formSubject, openVisit } from './open-visit.ts';
import { sendStalePage } from './stale.ts';
import { answerableStep, logonSteps } from './steps.ts';
import type { LogonDeps, StepOutcome, Visit } from './visit.ts';

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
  const due = nextStep(logonSteps, visit.situation);
  if (due === undefined) return seeOther(ctx, await complete(visit));
  const shown = answerableStep(due, singleValue(ctx.query['factor'])) ?? due;
  sendPage(ctx, deps, await shown.show(visit), { formAction: formTargets(visit.app.client) });
}

async function answerStep(deps: LogonDeps, ctx: Context): Promise<void> {
  const form = await readForm(ctx.req);
  const visit = await visitOf(deps, ctx);
  if (visit === undefined) return await sendStalePage(deps, ctx, (ctx.state as LogonRouterState).hosted);
  deps.formTokens.verify(ctx.req, formSubject(visit.hosted, visit.interaction.uid), form.get('csrf'));
  const due = nextStep(logonSteps, visit.situation);
  // The last button pressed twice: between its last answer and the engine's taking over, a logon is without a step.
  if (due === undefined) return seeOther(ctx, await complete(visit));
  const step = answerableStep(due, form.get('step'));
  // An answer to a step that is not due (another tab, a page gone back to): what is due is shown instead, nothing is evaluated.
  if (step === undefined) return seeOther(ctx, visit.action);
  const outcome = await step.submit(visit, form);
  await conclude(deps, ctx, visit, outcome);
}

async function conclude(deps: LogonDeps, ctx: Context, visit: Visit, outcome: StepOutcome): Promise<void> {
  if (outcome.outcome === 'refused') {
    return sendPage(ctx, deps, outcome.page, { status: outcome.status, formAction: formTargets(visit.app.client) });
  }
  if (outcome.outcome === 'answer') return seeOther(ctx, await answerEngine(visit, outcome.result));
  seeOther(ctx, await proceed(visit, outcome));
}

/** Goes on after a step: straight to the engine if nothing else is due, else to the next step. Answers the address. */
async function proceed(visit: Visit, { state, user }: Extract<StepOutcome, { outcome: 'proceed' }>): Promise<string> {
  const situation = {
    ...visit.situation,
    state,
    user: state.userId === undefined ? undefined : (user ?? visit.situation.user),
  };
  const next = { ...visit, situation };
  if (nextStep(logonSteps, situation) === undefined && visit.stored.raw === undefined) return await complete(next);
  await keep(next, state);
  return nextStep(logonSteps, situation) === undefined ? await complete(next) : visit.action;
}

/** Of two racing answers one is kept; the other sees what is due now, whatever that is. */
async function keep(visit: Visit, state: LogonState): Promise<void> {
  const place = { issuerName: visit.hosted.issuerName, uid: visit.interaction.uid };
  if (!(await advanceLogonState(visit.deps.ephemeral, place, visit.stored, state))) {
    throw new AppError(
      'MalformedRequest',
      'This step was answered already, perhaps in another tab. Please reload the page.',
    );
  }
}

async function complete(visit: Visit): Promise<string> {
  const returnTo = await answerEngine(visit, await finishLogon(visit));
  if (visit.stored.raw !== undefined)
    await forgetLogonState(visit.deps.ephemeral, visit.hosted.issuerName, visit.interaction.uid);
  return returnTo;
}

const singleValue = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;
