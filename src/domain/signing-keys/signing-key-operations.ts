import { z } from 'zod';
import { lockAccount, touchAccount } from '../accounts/accounts-store.ts';
import { loadQuotas } from '../accounts/quotas.ts';
import { AppError } from '../app-error.ts';
import type { Caller } from '../caller.ts';
import type { Operation } from '../operation.ts';
import { type SigningKeyView, viewSigningKeys } from './signing-key-view.ts';
import {
  addSigningKey,
  generateSigningKey,
  type NewSigningKey,
  sealNothing,
  signingLeadSeconds,
} from './signing-keys.ts';
import {
  forgetRetiredSigningKeys,
  listSigningKeys as listSigningKeyRows,
  retireSigningKey as retireRow,
} from './signing-keys-store.ts';

/** How many retired keys are remembered, to tell what became of a `kid`. */
const rememberedRetiredKeys = 20;

/** `acs:ram:*:<account>:signing-key/sig_…`; `*` stands for all keys of the account. */
const signingKeyResource = (kid: string, { accountId }: Pick<Caller, 'accountId'>): string =>
  `acs:ram:*:${accountId}:signing-key/${kid}`;

const noSuchKey = () => new AppError('EntityNotExist.SigningKey', 'This signing key does not exist.');

const listInput = z.strictObject({});

/** The keys of the account's issuers, newest first; few, by quota. */
export const listSigningKeys: Operation<z.infer<typeof listInput>, undefined, { items: readonly SigningKeyView[] }> = {
  name: 'ListSigningKeys',
  action: 'ram:ListSigningKeys',
  effect: 'read',
  input: listInput,
  resource: (_input, caller) => signingKeyResource('*', caller),
  perform: async ({ db, caller }) => ({ items: viewSigningKeys(await listSigningKeyRows(db, caller.accountId)) }),
};

const rotateInput = z.strictObject({ alg: z.enum(['ES256', 'RS256']) });

/** Adds a key: published at once, signs after `signingLeadSeconds`. The one that signed until then goes on verifying until it is retired. */
export const rotateSigningKey: Operation<z.infer<typeof rotateInput>, NewSigningKey, SigningKeyView> = {
  name: 'RotateSigningKey',
  action: 'ram:RotateSigningKey',
  effect: 'change',
  input: rotateInput,
  resource: (_input, caller) => signingKeyResource('*', caller),
  auditDetails: ({ alg }, { kid }) => ({ alg, kid }),
  prepare: async (_context, { alg }) => await generateSigningKey(alg),
  perform: async (context, _input, prepared) => {
    const { db, caller } = context;
    const { accountId } = caller;
    await lockAccount(db, accountId);
    const { signingKeysQuota: most } = await loadQuotas(db, accountId);
    const before = await listSigningKeyRows(db, accountId);
    if (before.filter(({ isPublished }) => isPublished).length >= most) {
      throw new AppError('LimitExceeded.SigningKey', `An account has at most ${most} signing keys; retire one first.`);
    }
    const kid = await addSigningKey(context, accountId, prepared, signingLeadSeconds);
    const added = viewSigningKeys(await listSigningKeyRows(db, accountId)).find((key) => key.kid === kid);
    if (added === undefined) throw new Error('an inserted signing key did not come back');
    return added;
  },
};

const retireInput = z.strictObject({
  kid: z.string().regex(/^sig_[a-z0-9]{20}$/, { error: 'A key id is sig_ and 20 letters and digits.' }),
});

/**
 * From now on the key verifies nothing, on any process, and cannot sign any more: its private half is destroyed. Throws
 * `DeleteConflict.SigningKey` for the only one that can sign with its algorithm.
 */
export const retireSigningKey: Operation<z.infer<typeof retireInput>, undefined, undefined> = {
  name: 'RetireSigningKey',
  action: 'ram:RetireSigningKey',
  effect: 'change',
  input: retireInput,
  resource: ({ kid }, caller) => signingKeyResource(kid, caller),
  auditDetails: ({ kid }) => ({ kid }),
  perform: async ({ db, keyRing, caller: { accountId } }, { kid }) => {
    await lockAccount(db, accountId);
    const published = (await listSigningKeyRows(db, accountId)).filter(({ isPublished }) => isPublished);
    const key = published.find((row) => row.kid === kid);
    if (key === undefined) throw noSuchKey();
    const others = published.filter((row) => row.kid !== kid && row.alg === key.alg && row.signsNow);
    if (key.signsNow && others.length === 0) {
      const message = `This is the only ${key.alg} key that may sign; rotate, and retire it when the next one signs.`;
      throw new AppError('DeleteConflict.SigningKey', message);
    }
    await retireRow(db, kid, sealNothing(keyRing, accountId, kid));
    await forgetRetiredSigningKeys(db, accountId, rememberedRetiredKeys);
    await touchAccount(db, accountId);
    return undefined;
  },
};
