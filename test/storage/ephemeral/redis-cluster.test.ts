import { describeEphemeralStore } from '../../contracts/ephemeral-store-contract.ts';
import { describeWithRedis } from '../../support/describe-with-servers.ts';
import { openRedisPair } from '../../support/store-pairs.ts';
import { startThrowawayRedisCluster } from '../../support/throwaway-redis.ts';

describeWithRedis(
  'the ephemeral store on a Redis Cluster of three nodes',
  () => describeEphemeralStore(async () => openRedisPair(await startThrowawayRedisCluster())),
  { forOutage: true },
);
