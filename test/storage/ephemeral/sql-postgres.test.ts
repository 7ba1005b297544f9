import { describeEphemeralStore } from '../../contracts/ephemeral-store.contract.ts';
import { describeWithPostgres } from '../../support/describe-with-servers.ts';
import { openPostgresPair } from '../../support/store-pairs.ts';

describeWithPostgres('the ephemeral store on Postgres', () => {
  describeEphemeralStore(openPostgresPair);
});
