import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWithPostgres } from '../support/describe-with-servers.ts';
import { findRedisBinary } from '../support/throwaway-redis.ts';
import { count, settle } from './support/logon-machine/aftermath.ts';
import { doctoredTraces } from './support/logon-machine/doctored-traces.ts';
import { beginnings, type Intent, intents } from './support/logon-machine/intents.ts';
import { observe } from './support/logon-machine/judge.ts';
import { type Ledger, newLedger } from './support/logon-machine/ledger.ts';
import { type Machine, newWalk, startMachine, type Walk } from './support/logon-machine/machine.ts';
import { move } from './support/logon-machine/moves.ts';
import { soundTrace } from './support/logon-machine/made-up-traces.ts';
import { newPeople, type ReadyPassword, readyPasswords } from './support/logon-machine/people.ts';
import { scriptedWalks } from './support/logon-machine/scripted-walks.ts';
import type { Observation } from './support/logon-machine/trace.ts';

/** `LOGON_MACHINE_RUNS`: how many walks; `LOGON_MACHINE_SEED`: the same ones again. */
const runs = Number(process.env['LOGON_MACHINE_RUNS'] ?? 30);
const seed = Number(process.env['LOGON_MACHINE_SEED'] ?? Date.now() % 2 ** 31);

/** Enters what was seen, and fails with all that led there if it should not have been. */
function judge(ledger: Ledger, { seen }: Walk, observation: Observation): void {
  seen.push(observation);
  const faults = observe(ledger, observation);
  if (faults.length === 0) return;
  const story = seen.filter(({ kind }) => kind !== 'counted').map((one) => JSON.stringify(one));
  throw new Error(`${faults.join('; ')}\n${story.join('\n')}\n${JSON.stringify(observation)}`);
}

async function make(ledger: Ledger, walk: Walk, intent: Intent): Promise<void> {
  for (const observation of await move({ walk, ledger }, intent)) judge(ledger, walk, observation);
  judge(ledger, walk, await count(walk));
}

/** What the random walks are for: a run that has taken none of these somewhere has shown little. */
const stepsToTake = ['password', 'totp', 'consent', 'reset', 'bind', 'recovery-codes'];

/** Fewer walks are no run, but a look at something. */
const fewestTelling = 30;

/** Chance may leave a step out of one run, and as good as never out of three. */
const mostRounds = 3;

const commandOf = (intent: Intent): fc.AsyncCommand<Ledger, Walk> => ({
  check: () => true,
  run: (ledger, walk) => make(ledger, walk, intent),
  toString: () => JSON.stringify(intent),
});

describeWithPostgres('the logon, walked at random on two processes', () => {
  if (findRedisBinary() === undefined && process.env['TEST_REDIS_URL'] === undefined) {
    it.skipIf(process.env['CI'] !== 'true')('needs redis-server', () =>
      expect.fail('this machine has no redis-server'),
    );
    return;
  }
  let machine: Machine;
  let passwords: readonly ReadyPassword[];
  let walksBegun = 0;
  beforeAll(async () => {
    machine = await startMachine();
    passwords = await readyPasswords(machine);
  });
  afterAll(() => machine.close());

  async function begin() {
    walksBegun += 1;
    const { users, passkeys } = await newPeople(machine, passwords);
    const people = users.map(({ userId }) => userId);
    machine.pair.routeTo('alternate');
    return { ledger: newLedger(users), walk: newWalk(machine, { people, passkeys, number: walksBegun }) };
  }

  async function finish(ledger: Ledger, walk: Walk): Promise<void> {
    for (const observation of await settle(walk)) judge(ledger, walk, observation);
  }

  it.each(scriptedWalks)('lets an honest user through: $name', async ({ intents: script, taken }) => {
    const { ledger, walk } = await begin();
    for (const intent of script) await make(ledger, walk, intent);
    await finish(ledger, walk);
    expect([...ledger.taken.keys()].sort()).toEqual([...taken].sort());
    expect(walk.codes).toHaveLength(1);
    expect(walk.tokens).toHaveLength(1);
  });

  it(
    `gives nothing that was not earned, in ${runs} walks from the seed ${seed}`,
    async () => {
      const moves = [intents.map(commandOf)];
      const walks = { taken: new Map<string, number>(), codes: 0, tokens: 0 };
      const lacking = () => (runs < fewestTelling ? [] : stepsToTake.filter((step) => !walks.taken.has(step)));
      const walkOnce = fc.asyncProperty(
        beginnings,
        fc.commands(moves, { maxCommands: 24, size: 'max' }),
        async (first, commands) => {
          const { ledger, walk } = await begin();
          await make(ledger, walk, first);
          await fc.asyncModelRun(() => ({ model: ledger, real: walk }), commands);
          await finish(ledger, walk);
          for (const [step, times] of ledger.taken) walks.taken.set(step, (walks.taken.get(step) ?? 0) + times);
          walks.codes += walk.codes.length;
          walks.tokens += walk.tokens.length;
        },
      );
      await fc.assert(walkOnce, { numRuns: runs, seed, endOnFailure: true });
      for (let round = 1; round < mostRounds && lacking().length > 0; round += 1)
        await fc.assert(walkOnce, { numRuns: runs, seed: seed + round, endOnFailure: true });
      console.info(
        `logon machine: ${runs} walks, seed ${seed}: ${walks.codes} codes, ${walks.tokens} tokens,`,
        Object.fromEntries(walks.taken),
      );
      expect(lacking()).toEqual([]);
      expect(runs < fewestTelling || (walks.codes > 0 && walks.tokens > 0)).toBe(true);
    },
    60_000 + runs * mostRounds * 10_000,
  );

  it('and no process has written of a fault', () => {
    const output = machine.pair.processes.map((one) => one.output()).join('\n');
    const faults = output
      .split('\n')
      .filter((line) => line.startsWith('{') && (JSON.parse(line) as { level: number }).level >= 50);
    expect(faults).toEqual([]);
  });
});

describe('the judge of the logon machine', () => {
  const faultsIn = (trace: { readonly ledger: Ledger; readonly seen: readonly Observation[] }) =>
    trace.seen.flatMap((one) => observe(trace.ledger, one));

  it('finds nothing wrong with an honest course', () => {
    expect(faultsIn(soundTrace())).toEqual([]);
  });

  it.each(doctoredTraces)('notices (%#): $fault', ({ fault, trace }) => {
    expect(faultsIn(trace())).toContain(fault);
  });
});
