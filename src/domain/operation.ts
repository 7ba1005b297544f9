import type { z } from 'zod';
import type { KeyRing } from '../crypto/key-ring.ts';
import type { PasswordHasher } from '../crypto/password-hashing.ts';
import type { Database } from '../storage/db/database.ts';
import type { EphemeralStore } from '../storage/ephemeral/ephemeral-store.ts';
import { AppError } from './app-error.ts';
import { type AuditEvent, auditActor, insertAuditEvents } from './audit/audit-store.ts';
import type { Caller } from './caller.ts';
import { parseInput } from './input-faults.ts';
import { decide } from './policies/decide.ts';
import type { Access } from './policies/policy-document.ts';
import { loadRights } from './policies/statements-store.ts';

type AuditDetails = AuditEvent['details'];

/** What operations work with. `publicUrl` is an origin; `logonDomain` is the part behind the alias in logon names. */
export interface OperationDeps {
  readonly db: Database;
  /** Counts tries at secrets. */
  readonly ephemeral: EphemeralStore;
  readonly keyRing: KeyRing;
  readonly passwordHasher: PasswordHasher;
  readonly publicUrl: string;
  readonly logonDomain: string;
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
  /** What policies speak of: `ram:CreateUser`. */
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
  /** Everybody may do this to themselves, unless a policy forbids it. Only for operations that reach nobody but the caller. */
  readonly selfService?: boolean;
  /** Slow work such as hashing: after authorisation, outside the transaction. */
  prepare?(context: OperationContext, input: Input): Promise<Prepared>;
  perform(context: OperationContext, input: Input, prepared: Prepared): Promise<Output>;
  /** Names of changed fields and ids for the audit log, for the resource at this index; never a secret. */
  auditDetails?(input: Input, output: Output, index: number): AuditDetails;
}

/** What can be told of any operation, whatever its types. */
export type OperationOutline = Pick<Operation<unknown, unknown, unknown>, 'name' | 'action' | 'effect' | 'input'>;

/**
 * Performs an operation for a caller: reads the input, authorises, acts in one transaction and writes the audit events in it.
 * Throws `AppError` for whatever is refused; a refusal gets an event of its own after the rollback.
 */
export async function performOperation<Input, Prepared, Output>(
  deps: OperationDeps,
  caller: Caller,
  operation: Operation<Input, Prepared, Output>,
  rawInput: unknown,
): Promise<Output> {
  const input = parseInput(operation.input, rawInput);
  const context = { ...deps, caller };
  try {
    return operation.effect === 'read'
      ? await read(context, operation, input)
      : await change(context, operation, input);
  } catch (error) {
    if (isWorthAnEvent(operation.effect, error)) await recordRefusal(context, operation, input, error);
    throw error;
  }
}

/** Throws `NoPermission` unless the caller's policies allow every one of `accesses`. */
export async function requireAccess(
  { db, caller }: Pick<OperationContext, 'db' | 'caller'>,
  accesses: readonly Access[],
) {
  await authorise({ db, caller }, accesses, false);
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
  context: OperationContext,
  operation: Operation<Input, Prepared, Output>,
  input: Input,
): Promise<Output> {
  if (context.caller.apiAccess === 'read') throw noPermission('This access token may only read.');
  if (operation.prepare !== undefined) await authoriseOperation(context, operation, input);
  const readyMade = await prepared(context, operation, input);
  return context.db.transaction(async (tx) => {
    const inside = { ...context, db: tx };
    // Rights may have gone while we prepared.
    const resources = await authoriseOperation(inside, operation, input);
    const output = await operation.perform(inside, input, readyMade);
    const details = (index: number) => operation.auditDetails?.(input, output, index) ?? {};
    await insertAuditEvents(tx, eventsOf(context.caller, operation.action, resources, { name: 'success', details }));
    return output;
  });
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

async function authoriseOperation<Input, Prepared, Output>(
  context: OperationContext,
  operation: Operation<Input, Prepared, Output>,
  input: Input,
): Promise<readonly string[]> {
  const resources = await resourcesOf(context, operation, input);
  const accesses = resources.map((resource) => ({ action: operation.action, resource }));
  const further = operation.alsoRequires?.(input, context.caller) ?? [];
  await authorise(context, [...accesses, ...further], operation.selfService === true);
  return resources;
}

async function authorise(
  { db, caller }: Pick<OperationContext, 'db' | 'caller'>,
  accesses: readonly Access[],
  selfService: boolean,
): Promise<void> {
  const { active, statements } = await loadRights(db, caller);
  const decisions = accesses.map((access) => decide(statements, access));
  const allowed = decisions.every((decision) => decision === 'allow' || (selfService && decision === 'implicitDeny'));
  if (!active || !allowed) throw noPermission('You are not allowed to do this; ask an administrator of your account.');
}

const noPermission = (message: string): AppError => new AppError('NoPermission', message);

/**
 * Reads leave no trace unless forbidden; of a change every refusal is told, but for tries past a limit: those before it were, and the log
 * must not grow at whoever's will. What is not a decision of ours is logged, not told.
 */
const isWorthAnEvent = (effect: 'read' | 'change', error: unknown): error is AppError =>
  error instanceof AppError &&
  error.code !== 'ServiceUnavailable' &&
  error.code !== 'Throttling' &&
  (effect === 'change' || error.code === 'NoPermission');

async function recordRefusal<Input, Prepared, Output>(
  context: OperationContext,
  operation: Operation<Input, Prepared, Output>,
  input: Input,
  { code }: AppError,
): Promise<void> {
  const resources = await resourcesOf(context, operation, input);
  const outcome = { name: 'refused' as const, details: () => ({ code }) };
  await insertAuditEvents(context.db, eventsOf(context.caller, operation.action, resources, outcome));
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
