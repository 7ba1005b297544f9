import { type Address, parseAddress } from '../../addresses.ts';
import type { AttributeValue, ConditionType } from './operators.ts';

/** How a request came, as conditions speak of it. */
export interface RequestConditions {
  /** An address of either version; absent where the request came from nowhere that has one. */
  readonly sourceIp?: string | undefined;
  readonly mfaPresent: boolean;
  readonly currentTime: Date;
  readonly secureTransport: boolean;
  /** Absent where it does not apply. */
  readonly targetIsAdministrator?: boolean | undefined;
}

/** The conditions of one request while it is decided; the address is read when the first statement asks, `null` if it is none. */
export interface RequestFacts {
  readonly conditions: RequestConditions;
  sourceAddress: Address | null | undefined;
}

export const factsOf = (conditions: RequestConditions): RequestFacts => ({ conditions, sourceAddress: undefined });

export interface ConditionKey {
  readonly name: string;
  readonly type: ConditionType;
  /** Undefined when the request lacks it. */
  readonly read: (facts: RequestFacts) => AttributeValue | undefined;
}

function sourceAddress(facts: RequestFacts): Address | undefined {
  if (facts.sourceAddress === undefined) facts.sourceAddress = parseAddress(facts.conditions.sourceIp ?? '') ?? null;
  return facts.sourceAddress ?? undefined;
}

/** Whether whom or what the action touches is, or makes, an administrator (`gives-administration.ts`). */
export const targetKey: ConditionKey = {
  name: 'postern:TargetIsAdministrator',
  type: 'boolean',
  read: ({ conditions }) => conditions.targetIsAdministrator,
};

const keys: readonly ConditionKey[] = [
  { name: 'acs:SourceIp', type: 'address', read: sourceAddress },
  { name: 'acs:MFAPresent', type: 'boolean', read: ({ conditions }) => conditions.mfaPresent },
  { name: 'acs:CurrentTime', type: 'instant', read: ({ conditions }) => conditions.currentTime.getTime() },
  { name: 'acs:SecureTransport', type: 'boolean', read: ({ conditions }) => conditions.secureTransport },
  targetKey,
];

/** Names as RAM writes them; those of our own are `postern:`. */
export const conditionKeys: ReadonlyMap<string, ConditionKey> = new Map(keys.map((key) => [key.name, key]));
