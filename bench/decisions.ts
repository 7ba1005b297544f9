import { type CompiledStatement, compilePolicy } from '../src/domain/policies/compile-policy.ts';
import { decide, type Outcome } from '../src/domain/policies/decide.ts';
import type { DecisionRequest } from '../src/domain/policies/match-statement.ts';
import type { DocumentStatement } from '../src/domain/policies/policy-document.ts';
import { median } from './statistics.ts';

/**
 * `node bench/decisions.ts`: how many decisions one core makes a second with 30 statements, 15 of them Denies. Requests come from new addresses all
 * the time. In the slow cases nothing ends the search early: no Deny matches, so every one is looked at.
 */
const account = 'acs:ram:*:1000000000000001';
const networks = ['203.0.113.0/24', '198.51.100.0/24', '2001:db8::/32'];

const allows = Array.from(
  { length: 15 },
  (_, index): DocumentStatement => ({
    Effect: 'Allow',
    Action: [`ram:Get*`, `ram:Update${index}`, `oss:*Object`],
    Resource: [`${account}:group/team-${index}-*`, `${account}:user/*-${index}`],
    Condition: { Bool: { 'acs:SecureTransport': 'true' } },
  }),
);

const denies = Array.from(
  { length: 15 },
  (_, index): DocumentStatement => ({
    Effect: 'Deny',
    Action: ['ram:*', `ecs:Stop${index}`],
    Resource: index % 3 === 0 ? '*' : [`${account}:user/admin-*`, `acs:ram::1000000000000001:user/root-${index}`],
    Condition:
      index % 2 === 0
        ? { IpAddress: { 'acs:SourceIp': networks } }
        : { DateLessThan: { 'acs:CurrentTime': '2020-01-01T00:00:00Z' }, Bool: { 'acs:MFAPresent': 'false' } },
  }),
);

const document = (Statement: readonly DocumentStatement[]) => ({ Version: '1', Statement }) as const;
const mixed = allows.flatMap((statement, index) => [statement, denies[index]].filter((one) => one !== undefined));
const statements = compilePolicy(document(mixed), { policyType: 'custom', policyName: 'bench' });

const conditions = { mfaPresent: true, secureTransport: true, currentTime: new Date('2026-11-22T10:00:00Z') };
const cases: readonly [string, Outcome, (index: number) => DecisionRequest][] = [
  ['allowed by the last Allow', 'allow', (index) => request('user/alice-14', `10.0.${index % 256}.${index % 199}`)],
  ['allowed, from IPv6', 'allow', (index) => request('user/alice-14', `2001:db9::${(index % 65_536).toString(16)}`)],
  ['nothing allows', 'implicitDeny', (index) => request('user/alice', `10.0.${index % 256}.${index % 199}`)],
  ['a Deny ends the search', 'explicitDeny', (index) => request('user/alice-14', `203.0.113.${index % 256}`)],
];

const request = (relative: string, sourceIp: string): DecisionRequest => ({
  action: 'ram:GetUser',
  resource: `${account}:${relative}`,
  conditions: { ...conditions, sourceIp },
});

const perRound = 100_000;
const rounds = 7;

/** Decisions of one round a second of CPU, so that what else runs on the machine does not count; throws when one comes out otherwise than it must. */
function measure(
  all: readonly CompiledStatement[],
  expected: Outcome,
  make: (index: number) => DecisionRequest,
): number {
  const started = process.cpuUsage();
  for (let index = 0; index < perRound; index += 1) {
    const { outcome } = decide(all, make(index));
    if (outcome !== expected) throw new Error(`expected ${expected}, got ${outcome}`);
  }
  const { user, system } = process.cpuUsage(started);
  return (perRound * 1_000_000) / (user + system);
}

const results = cases.map(([name, expected, make]) => {
  const perSecond = Array.from({ length: rounds }, () => measure(statements, expected, make));
  return { case: name, statements: statements.length, 'decisions/s': Math.round(median(perSecond)) };
});
console.table(results);
