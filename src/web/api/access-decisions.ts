import { z } from 'zod';
import type { FailedCondition, NearMiss } from '../../domain/policies/explain-decision.ts';
import {
  type AccessDecision,
  getAccessDecisions,
  getOwnAccessDecisions,
} from '../../domain/policies/get-access-decisions.ts';
import type { StatementReference } from '../../domain/policies/match-statement.ts';
import { isDraft, type SimulatedDecision, simulatePolicies } from '../../domain/policies/simulate-policies.ts';
import { listOf } from './answer-schemas.ts';
import { route, routeGroup } from './route.ts';

const statementBody = z
  .object({
    policyType: z.enum(['system', 'custom', 'draft']),
    policyName: z.string().meta({ examples: ['wiki-editors'] }),
    versionId: z
      .string()
      .nullable()
      .meta({ examples: ['v1'] }),
    throughGroup: z.string().nullable().meta({ description: 'The group that the user has the policy by.' }),
    statement: z.int().meta({ description: 'Its place in the document, from 0.', examples: [0] }),
  })
  .meta({ id: 'StatementReference' });
const decided = {
  action: z.string().meta({ examples: ['wiki:EditPage'] }),
  resource: z.string().meta({ examples: ['acs:wiki:*:5123456789012345:page/start'] }),
  decision: z.enum(['allow', 'deny']),
  explicit: z.boolean().meta({ description: 'A Deny forbids it; otherwise a `deny` says that nothing allows it.' }),
  policy: statementBody.optional().meta({ description: 'What decided; absent where nothing speaks of it.' }),
};
const decisionBody = z.object(decided).meta({ id: 'AccessDecision' });
const explainedBody = statementBody.extend({ effect: z.enum(['Allow', 'Deny']) }).meta({ id: 'ExplainedStatement' });
const failedConditionBody = z
  .object({
    operator: z.string().meta({ examples: ['IpAddress'] }),
    key: z.string().meta({ examples: ['acs:SourceIp'] }),
    values: z.array(z.union([z.string(), z.number(), z.boolean()])),
    absent: z.boolean().meta({ description: 'The request does not have the key at all.' }),
  })
  .meta({ id: 'FailedCondition' });
const simulatedBody = z
  .object({
    ...decided,
    matching: z.array(explainedBody).meta({ description: 'Every statement that matches.' }),
    nearMisses: z
      .array(explainedBody.extend({ failedConditions: z.array(failedConditionBody) }).meta({ id: 'NearMiss' }))
      .meta({ description: 'Speak of the action on the resource, but a condition is not met.' }),
    truncated: z.boolean().meta({ description: 'Some statements are left out of these lists.' }),
  })
  .meta({ id: 'SimulatedDecision' });

const question = { action: 'wiki:EditPage', resource: 'acs:wiki:*:5123456789012345:page/start' };
const inContext = { ...question, context: { sourceIp: '192.0.2.17', mfaPresent: true, secureTransport: true } };
const draft = { Version: '1', Statement: [{ Effect: 'Allow', Action: 'wiki:*', Resource: 'acs:wiki:*:*:page/*' }] };

export const accessDecisionRoutes = routeGroup('Access decisions', 'What a user may do, here and in other services.', [
  route('POST /access-decisions', getAccessDecisions, {
    summary: 'Ask whether a user may do something',
    description:
      'Up to 1000 questions about one user: `userName` or `userId`, or nobody for the caller. Policies may name actions and resources of any ' +
      'service. What `context` leaves out is now, without a second factor, over a plain connection and from nowhere known; of the caller, as this ' +
      'very request came. A frozen user may do nothing.',
    body: '',
    status: 200,
    answer: listOf(decisionBody),
    present: ({ items }) => ({ items: items.map(presentDecision) }),
    refuses: ['EntityNotExist.User'],
    example: { body: { userName: 'alice', decisions: [inContext] } },
  }),
  route('POST /me/access-decisions', getOwnAccessDecisions, {
    summary: 'Ask whether the caller may do something',
    description: 'As `/access-decisions`, without a right that would be needed for it.',
    body: '',
    status: 200,
    answer: listOf(decisionBody),
    present: ({ items }) => ({ items: items.map(presentDecision) }),
    example: { body: { decisions: [question] } },
  }),
  route('POST /policy-simulations', simulatePolicies, {
    summary: 'See why a user may do something, or may not',
    description:
      'Up to 20 questions as for `/access-decisions`. `policyDocuments` are drafts that count as if attached to the user; with ' +
      '`withAttachedPolicies: false` they count alone.',
    body: '',
    status: 200,
    answer: z.object({
      userActive: z.boolean().meta({ description: 'A user who is not may do nothing, whatever is decided here.' }),
      items: z.array(simulatedBody),
    }),
    present: ({ userActive, items }) => ({ userActive, items: items.map(presentSimulated) }),
    refuses: ['EntityNotExist.User'],
    example: { body: { userName: 'alice', decisions: [inContext], policyDocuments: [draft] } },
  }),
]);

function presentStatement({ source, index }: StatementReference): z.infer<typeof statementBody> {
  return {
    policyType: isDraft(source.policyName) ? 'draft' : source.policyType,
    policyName: source.policyName,
    versionId: source.versionId ?? null,
    throughGroup: source.through ?? null,
    statement: index,
  };
}

function presentDecision(decision: AccessDecision): z.infer<typeof decisionBody> {
  return {
    action: decision.action,
    resource: decision.resource,
    decision: decision.decision,
    explicit: decision.explicit,
    policy: decision.statement && presentStatement(decision.statement),
  };
}

function presentSimulated(simulated: SimulatedDecision): z.infer<typeof simulatedBody> {
  return {
    action: simulated.action,
    resource: simulated.resource,
    decision: simulated.outcome === 'allow' ? 'allow' : 'deny',
    explicit: simulated.outcome === 'explicitDeny',
    policy: simulated.statement && presentStatement(simulated.statement),
    matching: simulated.matching.map((one) => ({ ...presentStatement(one), effect: one.effect })),
    nearMisses: simulated.nearMisses.map(presentNearMiss),
    truncated: simulated.truncated,
  };
}

const presentNearMiss = (nearMiss: NearMiss) => ({
  ...{ ...presentStatement(nearMiss), effect: nearMiss.effect },
  failedConditions: nearMiss.failedConditions.map(presentFailedCondition),
});

const presentFailedCondition = ({ operator, key, values, absent }: FailedCondition) => ({
  ...{ operator, key, absent },
  values: [...values],
});
