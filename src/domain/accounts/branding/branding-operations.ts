import { z } from 'zod';
import { hashToken } from '../../../crypto/tokens.ts';
import { AppError } from '../../app-error.ts';
import type { Caller } from '../../caller.ts';
import { invalidParameter } from '../../input-faults.ts';
import type { Operation, OperationContext } from '../../operation.ts';
import { accountResource } from '../account-resource.ts';
import { findAccountSettings, saveAccountSettings } from '../account-settings-store.ts';
import { lockAccount, touchAccount } from '../accounts-store.ts';
import { type Branding, brandingChanges, loadBranding } from './branding.ts';
import { type NewLogo, removeLogo, saveLogo } from './logos-store.ts';
import { logoBytesLimit, makeLogo } from './make-logo.ts';
import { UnfitImage } from './read-png.ts';

const noInput = z.strictObject({});
type NoInput = z.infer<typeof noInput>;

const ofAccount = (_input: unknown, caller: Caller): string => accountResource(caller);

export const getBranding: Operation<NoInput, undefined, Branding> = {
  name: 'GetBranding',
  action: 'ram:GetBranding',
  effect: 'read',
  input: noInput,
  resource: ofAccount,
  perform: ({ db, caller }) => loadBranding(db, caller.accountId),
};

const setBrandingInput = z.strictObject({ changes: brandingChanges });
type SetBrandingInput = z.infer<typeof setBrandingInput>;

/** What is not named stays; null takes away. */
export const setBranding: Operation<SetBrandingInput, undefined, Branding> = {
  name: 'SetBranding',
  action: 'ram:SetBranding',
  effect: 'change',
  input: setBrandingInput,
  resource: ofAccount,
  auditDetails: ({ changes }) => ({ changes }),
  perform: async ({ db, caller: { accountId } }, { changes }) => {
    await lockAccount(db, accountId);
    const stored = (await findAccountSettings(db, accountId))?.branding;
    const { displayName, color } = changes;
    await saveAccountSettings(db, accountId, {
      branding: {
        ...stored,
        ...(displayName === undefined ? {} : { displayName }),
        ...(color === undefined ? {} : { color: color?.toLowerCase() ?? null }),
      },
    });
    return await loadBranding(db, accountId);
  },
};

/** Base64 writes three bytes with four characters. */
const longestImage = Math.ceil(logoBytesLimit / 3) * 4;

/** It begins with the signature of a PNG, so that nothing else is even looked at. */
const base64OfPng = /^iVBORw0KGgo[A-Za-z0-9+/]*={0,2}$/;

const setLogoInput = z.strictObject({
  image: z
    .string()
    .max(longestImage, { error: `A logo has at most ${logoBytesLimit / 1024} KiB.` })
    .refine((text) => text.length % 4 === 0 && base64OfPng.test(text), {
      params: { fault: 'Format' },
      error: 'Send the PNG image as base64 (RFC 4648 section 4).',
    })
    .meta({ contentEncoding: 'base64', description: 'A PNG image.' }),
});
type SetLogoInput = z.infer<typeof setLogoInput>;

/** Decoding takes a good part of a second of a whole core at worst; nobody changes a logo that often. */
const logosPerHour = 30;

async function countLogo({ ephemeral, caller }: OperationContext): Promise<void> {
  const { count, ttlSeconds } = await ephemeral.increment(`logos:${hashToken(caller.accountId)}`, 3600);
  if (count <= logosPerHour) return;
  throw new AppError('Throttling.User', 'The logo was changed often; wait a while.', { retryAfterSeconds: ttlSeconds });
}

export const setLogo: Operation<SetLogoInput, NewLogo, Branding> = {
  name: 'SetLogo',
  action: 'ram:SetBranding',
  effect: 'change',
  input: setLogoInput,
  resource: ofAccount,
  auditDetails: (_input, { logo }) => ({ logoId: logo?.logoId }),
  prepare: async (context, { image }) => {
    await countLogo(context);
    try {
      return await makeLogo(Buffer.from(image, 'base64'));
    } catch (error) {
      if (!(error instanceof UnfitImage)) throw error;
      throw invalidParameter([{ pointer: '/image', code: 'InvalidParameter.Image.Value', detail: error.message }]);
    }
  },
  perform: async ({ db, caller: { accountId } }, _input, logo) => {
    await saveLogo(db, accountId, logo);
    await touchAccount(db, accountId);
    return await loadBranding(db, accountId);
  },
};

export const deleteLogo: Operation<NoInput, undefined, void> = {
  name: 'DeleteLogo',
  action: 'ram:SetBranding',
  effect: 'change',
  input: noInput,
  resource: ofAccount,
  perform: async ({ db, caller: { accountId } }) => {
    if (!(await removeLogo(db, accountId))) throw new AppError('EntityNotExist.Logo', 'The account has no logo.');
    await touchAccount(db, accountId);
  },
};
