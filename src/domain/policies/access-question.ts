import { z } from 'zod';
import { conditionsOf } from '../authorise.ts';
import type { Caller } from '../caller.ts';
import type { OperationContext } from '../operation.ts';
import { lineOfText, type UserSelector, userIdField, userNameField } from '../users/user-fields.ts';
import { noSuchUser, selectedUserResource, userResource } from '../users/user-resource.ts';
import { findUser } from '../users/users-store.ts';
import type { CompiledStatement } from './compile-policy.ts';
import { needsTarget } from './decide.ts';
import type { DecisionRequest } from './match-statement.ts';
import { platformService } from './policy-document.ts';
import { targetIsAdministrator } from './target.ts';

/** How the request came that is asked about. What is left out: now, without a second factor, over a plain connection, from nowhere known. */
const questionContext = z.strictObject({
  sourceIp: z.union([z.ipv4(), z.ipv6()], { error: 'Write an IPv4 or IPv6 address.' }).optional(),
  currentTime: z.iso.datetime({ offset: true, error: 'Write a date and time as RFC 3339 has it.' }).max(40).optional(),
  mfaPresent: z.boolean().optional(),
  secureTransport: z.boolean().optional(),
});

/** An action on a resource, of this or any other service. */
export const accessQuestion = z.strictObject({
  action: z
    .string()
    .max(256, { error: 'An action has at most 256 characters.' })
    .refine((action) => /^[A-Za-z0-9_-]+:[A-Za-z0-9._/-]+$/.test(action), {
      params: { fault: 'Format' },
      error: 'An action is written <service>:<Name>, for example wiki:EditPage.',
    }),
  resource: lineOfText(1024).refine((resource) => /^acs(:[^:]*){3}:./i.test(resource), {
    params: { fault: 'Format' },
    error: 'A resource is written acs:<service>:<region>:<account>:<relative>.',
  }),
  context: questionContext.optional(),
});

export type AccessQuestion = z.infer<typeof accessQuestion>;

/** Whom the questions are about, by name or by id; nobody named: the caller. */
export const questionedUser = { userName: userNameField.optional(), userId: userIdField.optional() };

interface QuestionedUser {
  readonly userName?: string | undefined;
  readonly userId?: string | undefined;
}

/** For `refine`: a name and an id could be of two users. */
export const namesOneUser = ({ userName, userId }: QuestionedUser): boolean =>
  userName === undefined || userId === undefined;

export const oneUserFault = {
  path: ['userId'],
  params: { fault: 'Conflict' },
  error: 'Give a name or an id, not both.',
};

const selectorOf = ({ userName, userId }: QuestionedUser, caller: Caller): UserSelector => {
  if (userName !== undefined) return { userName };
  return { userId: userId ?? caller.userId };
};

export async function questionedResource(
  user: QuestionedUser,
  caller: Caller,
  db: OperationContext['db'],
): Promise<string> {
  const selector = selectorOf(user, caller);
  return 'userId' in selector && selector.userId === caller.userId
    ? userResource(caller.userName, caller)
    : await selectedUserResource(selector, caller, db);
}

/** Throws `EntityNotExist.User`. */
export async function questionedUserId(
  { db, caller }: Pick<OperationContext, 'db' | 'caller'>,
  user: QuestionedUser,
): Promise<string> {
  const row = await findUser(db, caller.accountId, selectorOf(user, caller));
  if (row === undefined) throw noSuchUser();
  return row.userId;
}

/** The requests that questions about a user stand for, one for each. Of one's own, what is left out is as this very request has it. */
export async function requestsOf(
  context: OperationContext,
  statements: readonly CompiledStatement[],
  { userId, questions }: { readonly userId: string; readonly questions: readonly AccessQuestion[] },
): Promise<DecisionRequest[]> {
  const { caller } = context;
  const unsaid = { ...conditionsOf(caller), ...(userId === caller.userId ? {} : ofNobody) };
  const resources = needsTarget(statements) ? questions.map(({ resource }) => resource) : [];
  const targets = await targetsAmong(context, userId, resources);
  return questions.map(({ action, resource, context: said = {} }) => ({
    ...{ action, resource },
    conditions: {
      sourceIp: said.sourceIp ?? unsaid.sourceIp,
      mfaPresent: said.mfaPresent ?? unsaid.mfaPresent,
      secureTransport: said.secureTransport ?? unsaid.secureTransport,
      currentTime: said.currentTime === undefined ? unsaid.currentTime : new Date(said.currentTime),
      targetIsAdministrator: targets.get(resource),
    },
  }));
}

const ofNobody = { sourceIp: undefined, mfaPresent: false, secureTransport: false };

/** One after the other and each once: it costs queries. */
async function targetsAmong(
  context: OperationContext,
  userId: string,
  resources: readonly string[],
): Promise<ReadonlyMap<string, boolean | undefined>> {
  const subject = { accountId: context.caller.accountId, userId };
  const targets = new Map<string, boolean | undefined>();
  for (const resource of new Set(resources)) {
    targets.set(resource, await targetIsAdministrator(context, subject, resource));
  }
  return targets;
}

/**
 * Whether a resource is of another account, where no policy of this one counts, whatever its patterns reach. Those of the platform name the
 * account that they are about.
 */
export function isOfAnotherAccount(resource: string, accountId: string): boolean {
  const [, service = '', , owner = ''] = resource.split(':');
  if (`${service.toLowerCase()}:` === platformService) return false;
  return /^[0-9]+$/.test(owner) && owner !== accountId;
}
