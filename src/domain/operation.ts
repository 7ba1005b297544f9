import type { z } from 'zod';
import type { KeyRing } from '../crypto/key-ring.ts';
import type { PasswordHasher } from '../crypto/password-hashing.ts';
import type { Database } from '../storage/db/database.ts';
import type { EphemeralStore } from '../storage/ephemeral/ephemeral-store.ts';
import { AppError } from './app-error.ts';
import { type AuditEvent, auditActor, insertAuditEvents } from './audit/audit-store.ts';
import { authorise, isAuthorised, type SelfService } from './authorise.ts';
import type { Caller } from './caller.ts';
import { parseInput } from './input-faults.ts';
import type { BreachedPasswords } from './login-profiles/breached-passwords.ts';
import type { CompiledPolicies } from './policies/compiled-policies.ts';
import type { KeptRights } from './policies/kept-rights.ts';
import type { Access } from './policies/policy-document.ts';

type AuditDetails = AuditEvent['details'];

/** What operations work with. `publicUrl` is an origin; `logonDomain` is the part behind the alias in logon names. */
export interface OperationDeps {
  readonly db: Database;
  /** Counts tries at secrets. */
  readonly ephemeral: EphemeralStore;
  readonly keyRing: KeyRing;
  readonly passwordHasher: PasswordHasher;
  /** Undefined where the operator gave no list of them. */
  readonly breachedPasswords: BreachedPasswords | undefined;
  readonly compiledPolicies: CompiledPolicies;
  /** Rights that reading may go by. A change never does: it looks at the database, in its own transaction. */
  readonly keptRights: KeptRights | undefined;
  readonly publicUrl: string;
  readonly logonDomain: string;
  /** Has the apps of sessions that have just ended told of it; returns at once. Absent where no issuer is hosted. */
  readonly tellApps?: (() => void) | undefined;
}

/** In `perform`, `db` is the transaction and the only way to the database. */
export interface OperationContext extends OperationDeps {
  readonly caller: Caller;
}

/**
 * An administrative operation, defined once for every surface (REST, RPC, console, command line).
 * An operation declares of the context only what it needs.
 */
export interface Operation<Input, Prepared, Output> {
  readonly name: string;
  /** What policies speak of: `ram:CreateUser`. Actions that only read are named `ram:Get…` or `ram:List…`, which policies rely on. */
  readonly action: string;
  readonly effect: 'read' | 'change';
  readonly input: z.ZodType<Input>;
  /** What it touches, `acs:ram:*:<account>:user/alice`. Of several all must be allowed, and each gets its audit event. */
  resource(
    input: Input,
    caller: Caller,
    db: Database,
  ): string | readonly string[] | Promise<string | readonly string[]>;
  /** Further rights that this input needs, by its effect (a user created with a key needs the right to create keys). */
  alsoRequires?(input: Input, caller: Caller): readonly Access[];
  /** Open to everybody on themselves, always or by the account's preference, unless a policy forbids it. */
  readonly selfService?: SelfService;
  /** Slow work such as hashing: after authorisation, outside the transaction. */
  prepare?(context: OperationContext, input: Input): Promise<Prepared>;
  perform(context: OperationContext, input: Input, prepared: Prepared): Promise<Output>;
  /**
   * What no transaction holds (short-lived data): done when the change is committed, before it is answered. Calling the operation again must
   * make up for one that did not get so far.
   */
  afterwards?(context: OperationContext, input: Input, output: Output): Promise<void>;
  /** Names of changed fields and ids for the audit log, for the resource at this index; never a secret. */
  auditDetails?(input: Input, output: Output, index: number): AuditDetails;
}

/** What can be told of any operation, whatever its types. */
export type OperationOutline = Pick<Operation<unknown, unknown, unknown>, 'name' | 'action' | 'effect' | 'input'>;

/** One call of an operation. */
export interface OperationCall<Output> {
  readonly caller: Caller;
  readonly rawInput: unknown;
  /**
   * What a surface adds to a change inside its transaction, after authorisation: a precondition on what is there, a key that makes it happen
   * once. It acts by calling `act`; whatever it throws undoes the change.
   */
  readonly around?: ((context: OperationContext, act: () => Promise<Output>) => Promise<Output>) | undefined;
}

/**
 * Performs an operation for a caller: reads the input, authorises, acts in one transaction and writes the audit events in it.
 * Throws `AppError` for whatever is refused; a refusal gets an event of its own after the rollback.
 */
export const performOperation = <Input, Prepared, Output>(
  deps: OperationDeps,
  caller: Caller,
  operation: Operation<Input, Prepared, Output>,
  rawInput: unknown,
): Promise<Output> => performCall(deps, operation, { caller, rawInput });

/** As `performOperation`, with what a surface adds inside the transaction. */
export async function performCall<Input, Prepared, Output>(
  deps: OperationDeps,
  operation: Operation<Input, Prepared, Output>,
  { caller, rawInput, around }: OperationCall<Output>,
): Promise<Output> {
  const input = parseInput(operation.input, rawInput);
  const context = { ...deps, caller };
  try {
    return operation.effect === 'read'
      ? await read(context, operation, input)
      : await change(context, operation, { input, around });
  } catch (error) {
    if (isWorthAnEvent(operation.effect, error)) await recordRefusal(context, operation, input, error);
    throw error;
  }
}

async function read<Input, Prepared, Output>(
  context: OperationContext,
  operation: Operation<Input, Prepared, Output>,
  input: Input,
): Promise<Output> {
  await authoriseOperation(context, operation, input);
  return operation.perform(context, input, await prepared(context, operation, input));
}

async function change<Input, Prepared, Output>(
  asked: OperationContext,
  operation: Operation<Input, Prepared, Output>,
  { input, around }: { readonly input: Input; readonly around: OperationCall<Output>['around'] },
): Promise<Output> {
  const context = { ...asked, keptRights: undefined };
  if (context.caller.apiAccess === 'read') throw new AppError('NoPermission', 'This access token may only read.');
  if (operation.prepare !== undefined) await authoriseOperation(context, operation, input);
  const readyMade = await prepared(context, operation, input);
  const output = await context.db.transaction(async (tx) => {
    const inside = { ...context, db: tx };
    // Rights may have gone while we prepared.
    const resources = await authoriseOperation(inside, operation, input);
    const act = () => operation.perform(inside, input, readyMade);
    const result = await (around === undefined ? act() : around(inside, act));
    const details = (index: number) => operation.auditDetails?.(input, result, index) ?? {};
    await insertAuditEvents(tx, eventsOf(context.caller, operation.action, resources, { name: 'success', details }));
    return result;
  });
  // Whatever ended sessions has left an order.
  context.tellApps?.();
  await operation.afterwards?.(context, input, output);
  return output;
}

/** An operation without `prepare` declares `Prepared` as undefined, which is what it gets. */
const prepared = async <Input, Prepared, Output>(
  context: OperationContext,
  operation: Operation<Input, Prepared, Output>,
  input: Input,
): Promise<Prepared> => (await operation.prepare?.(context, input)) as Prepared;

async function resourcesOf<Input, Prepared, Output>(
  { caller, db }: OperationContext,
  operation: Operation<Input, Prepared, Output>,
  input: Input,
): Promise<readonly string[]> {
  const resources = await operation.resource(input, caller, db);
  return typeof resources === 'string' ? [resources] : resources;
}

/** Throws `NoPermission` unless the caller may call the operation so; answers the resources that it touches. */
export async function authoriseOperation<Input, Prepared, Output>(
  context: OperationContext,
  operation: Operation<Input, Prepared, Output>,
  input: Input,
): Promise<readonly string[]> {
  const resources = await resourcesOf(context, operation, input);
  await authorise(context, accessesOf(context, operation, { input, resources }), operation.selfService ?? false);
  return resources;
}

/** Whether the caller may call the operation so, for surfaces that offer only what can be done. The call decides anew. */
export async function mayPerform<Input, Prepared, Output>(
  context: OperationContext,
  operation: Operation<Input, Prepared, Output>,
  input: Input,
): Promise<boolean> {
  const resources = await resourcesOf(context, operation, input);
  const accesses = accessesOf(context, operation, { input, resources });
  return await isAuthorised(context, accesses, operation.selfService ?? false);
}

const accessesOf = <Input, Prepared, Output>(
  { caller }: OperationContext,
  operation: Operation<Input, Prepared, Output>,
  { input, resources }: { readonly input: Input; readonly resources: readonly string[] },
): Access[] => [
  ...resources.map((resource) => ({ action: operation.action, resource })),
  ...(operation.alsoRequires?.(input, caller) ?? []),
];

/**
 * Reads leave no trace unless forbidden; of a change every refusal is told, but for tries past a limit: those before it were, and the log
 * must not grow at whoever's will. What is not a decision of ours is logged, not told.
 */
const isWorthAnEvent = (effect: 'read' | 'change', error: unknown): error is AppError =>
  error instanceof AppError &&
  error.code !== 'ServiceUnavailable' &&
  error.code !== 'Throttling' &&
  (effect === 'change' || error.code === 'NoPermission');

/** Whoever may do nothing can name a hundred things at once, and the log must not grow a hundredfold at their will. */
const refusedResourcesTold = 5;

async function recordRefusal<Input, Prepared, Output>(
  context: OperationContext,
  operation: Operation<Input, Prepared, Output>,
  input: Input,
  { code }: AppError,
): Promise<void> {
  const resources = await resourcesOf(context, operation, input);
  const told = resources.slice(0, refusedResourcesTold);
  const more = told.length < resources.length ? { resources: resources.length } : {};
  const outcome = { name: 'refused' as const, details: () => ({ code, ...more }) };
  await insertAuditEvents(context.db, eventsOf(context.caller, operation.action, told, outcome));
}

/** How it ended; `details` for the resource at an index. */
interface Outcome {
  readonly name: 'success' | 'refused';
  readonly details: (index: number) => AuditDetails;
}

const eventsOf = (
  caller: Caller,
  action: string,
  resources: readonly string[],
  { name, details }: Outcome,
): AuditEvent[] =>
  resources.map((resource, index) => ({
    ...auditActor(caller),
    action,
    resource,
    outcome: name,
    details: details(index),
  }));
