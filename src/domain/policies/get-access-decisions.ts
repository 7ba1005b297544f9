import { z } from 'zod';
import type { Operation, OperationContext } from '../operation.ts';
import { userResource } from '../users/user-resource.ts';
import {
  type AccessQuestion,
  accessQuestion,
  isOfAnotherAccount,
  namesOneUser,
  oneUserFault,
  questionedResource,
  questionedUser,
  questionedUserId,
  requestsOf,
} from './access-question.ts';
import { decide } from './decide.ts';
import { decideInTurns } from './decide-in-turns.ts';
import type { StatementReference } from './match-statement.ts';
import { loadRights } from './statements-store.ts';

const decisions = z.array(accessQuestion).min(1).max(1000);
const getAccessDecisionsInput = z.strictObject({ ...questionedUser, decisions }).refine(namesOneUser, oneUserFault);

/** `explicit`: a Deny forbids it; a `deny` that is not says that nothing allows it, or that the user is frozen. */
export interface AccessDecision {
  readonly action: string;
  readonly resource: string;
  readonly decision: 'allow' | 'deny';
  readonly explicit: boolean;
  /** The statement that decided; absent where none did. */
  readonly statement: StatementReference | undefined;
}

interface Decisions {
  readonly items: readonly AccessDecision[];
}

/** May this user do these actions on these resources? For apps, too: policies may name actions of any service. */
export const getAccessDecisions: Operation<z.infer<typeof getAccessDecisionsInput>, undefined, Decisions> = {
  name: 'GetAccessDecisions',
  action: 'ram:GetAccessDecision',
  effect: 'read',
  input: getAccessDecisionsInput,
  resource: questionedResource,
  perform: async (context, input) =>
    await decideAll(context, { userId: await questionedUserId(context, input), questions: input.decisions }),
};

const getOwnAccessDecisionsInput = z.strictObject({ decisions });

/** The same of the caller, who needs no policy for it: one may as well try. */
export const getOwnAccessDecisions: Operation<z.infer<typeof getOwnAccessDecisionsInput>, undefined, Decisions> = {
  name: 'GetOwnAccessDecisions',
  action: 'ram:GetAccessDecision',
  effect: 'read',
  selfService: true,
  input: getOwnAccessDecisionsInput,
  resource: (_input, caller) => userResource(caller.userName, caller),
  perform: async (context, { decisions: questions }) =>
    await decideAll(context, { userId: context.caller.userId, questions }),
};

async function decideAll(
  context: OperationContext,
  { userId, questions }: { readonly userId: string; readonly questions: readonly AccessQuestion[] },
): Promise<Decisions> {
  const { accountId } = context.caller;
  const { active, statements } = await loadRights(context, { accountId, userId });
  const requests = await requestsOf(context, statements, { userId, questions });
  const items = await decideInTurns(requests, (request): AccessDecision => {
    const counting = active && !isOfAnotherAccount(request.resource, accountId) ? statements : [];
    const { outcome, statement } = decide(counting, request);
    const { action, resource } = request;
    return {
      ...{ action, resource, decision: outcome === 'allow' ? 'allow' : 'deny' },
      explicit: outcome === 'explicitDeny',
      statement,
    };
  });
  return { items };
}
