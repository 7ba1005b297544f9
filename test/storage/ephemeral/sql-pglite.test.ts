import { describe } from 'vitest';
import { describeEphemeralStore } from '../../contracts/ephemeral-store-contract.ts';
import { openEmbeddedPair } from '../../support/store-pairs.ts';

describe('the ephemeral store on the embedded database', () => {
  describeEphemeralStore(openEmbeddedPair);
});
