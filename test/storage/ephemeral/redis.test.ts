import { describeEphemeralStore } from '../../contracts/ephemeral-store-contract.ts';
import { describeWithRedis } from '../../support/describe-with-servers.ts';
import { openRedisPair } from '../../support/store-pairs.ts';
import { startThrowawayRedis } from '../../support/throwaway-redis.ts';

describeWithRedis('the ephemeral store on one Redis', () => {
  describeEphemeralStore(async () => openRedisPair(await startThrowawayRedis()));
});
