import { z } from 'zod';
import type { Operation, OperationContext } from '../operation.ts';
import {
  accessQuestion,
  isOfAnotherAccount,
  namesOneUser,
  oneUserFault,
  questionedResource,
  questionedUser,
  questionedUserId,
  requestsOf,
} from './access-question.ts';
import { type CompiledStatement, compilePolicy } from './compile-policy.ts';
import { decideInTurns } from './decide-in-turns.ts';
import { type Explanation, explainDecision } from './explain-decision.ts';
import type { DecisionRequest } from './match-statement.ts';
import { policyDocumentField } from './policy-document-field.ts';
import { loadRights } from './statements-store.ts';

const simulatePoliciesInput = z
  .strictObject({
    ...questionedUser,
    decisions: z.array(accessQuestion).min(1).max(20),
    /** Drafts, as if attached to the user. */
    policyDocuments: z.array(policyDocumentField).max(10).default([]),
    /** Whether the policies that the user has count as well; without, the drafts alone. */
    withAttachedPolicies: z.boolean().default(true),
  })
  .refine(namesOneUser, oneUserFault);

type SimulatePoliciesInput = z.infer<typeof simulatePoliciesInput>;

/** Statements of one answer's lists; a user can have thousands. */
const statementsLimit = 100;

export interface SimulatedDecision extends Explanation {
  readonly action: string;
  readonly resource: string;
  /** Some statements are left out of the lists. */
  readonly truncated: boolean;
}

export interface Simulation {
  /** A frozen user may do nothing, whatever the decisions say. */
  readonly userActive: boolean;
  readonly items: readonly SimulatedDecision[];
}

const draftName = /^policyDocuments\/\d+$/;

/** Statements of drafts stand under a name that no policy can have. */
export const isDraft = (policyName: string): boolean => draftName.test(policyName);

/** Why may this user do this, or why not: every statement that speaks of it, those that miss by a condition, and the one that decides. */
export const simulatePolicies: Operation<SimulatePoliciesInput, undefined, Simulation> = {
  name: 'SimulatePolicies',
  action: 'ram:GetPolicySimulation',
  effect: 'read',
  input: simulatePoliciesInput,
  resource: questionedResource,
  perform: async (context, input) => {
    const { accountId } = context.caller;
    const userId = await questionedUserId(context, input);
    const { active, statements: attached } = await loadRights(context, { accountId, userId });
    const statements = [...(input.withAttachedPolicies ? attached : []), ...draftStatements(input)];
    const requests = await requestsOf(context, statements, { userId, questions: input.decisions });
    const items = await decideInTurns(requests, (request) => simulate(context, statements, request));
    return { userActive: active, items };
  },
};

const draftStatements = ({ policyDocuments }: SimulatePoliciesInput): CompiledStatement[] =>
  policyDocuments.flatMap((document, index) =>
    compilePolicy(document, { policyType: 'custom', policyName: `policyDocuments/${index}` }),
  );

function simulate(
  { caller }: OperationContext,
  statements: readonly CompiledStatement[],
  request: DecisionRequest,
): SimulatedDecision {
  const { action, resource } = request;
  const counting = isOfAnotherAccount(resource, caller.accountId) ? [] : statements;
  const { matching, nearMisses, ...decision } = explainDecision(counting, request);
  return {
    ...{ ...decision, action, resource },
    matching: matching.slice(0, statementsLimit),
    nearMisses: nearMisses.slice(0, statementsLimit),
    truncated: matching.length > statementsLimit || nearMisses.length > statementsLimit,
  };
}
