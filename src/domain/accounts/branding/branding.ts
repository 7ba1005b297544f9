import { z } from 'zod';
import type { Database } from '../../../storage/db/database.ts';
import { lineOfText } from '../../users/user-fields.ts';
import { findAccountSettings } from '../account-settings-store.ts';
import { findLogo, type Logo } from './logos-store.ts';
import { type Colour, colourPattern, contrastRatio, readableContrast } from './colours.ts';

/** The ground of pages in the light scheme. */
const ground: Colour = '#ffffff';

/** Rounded down, so that no refusal says that enough is too little. */
const told = (ratio: number): string => (Math.floor(ratio * 100) / 100).toFixed(2);

const colourField = z.string().superRefine((colour, context) => {
  const refuse = (fault: string, message: string): void =>
    context.addIssue({ code: 'custom', params: { fault }, message, input: colour });
  if (!colourPattern.test(colour)) return refuse('Format', 'Write a colour as #rrggbb, for example #0b6150.');
  const ratio = contrastRatio(colour as Colour, ground);
  if (ratio >= readableContrast) return;
  refuse(
    'Contrast',
    `On white this colour has a contrast of ${told(ratio)}:1; to be read it needs ${readableContrast}:1. Choose a darker one.`,
  );
});

const displayNameField = lineOfText(64);

/** A change of name and colour: what is absent stays, null takes away. */
export const brandingChanges = z.strictObject({
  displayName: displayNameField.nullable().optional(),
  color: colourField.nullable().optional(),
});

/** How an account's pages look. Absent: as those of the product. */
export interface Branding {
  /** Stands beside the alias, never in its place. */
  readonly displayName: string | undefined;
  readonly color: Colour | undefined;
  readonly logo: Logo | undefined;
}

/** What was stored. A value that is no good any more (an older release, another hand) is left out: pages are shown all the same. */
export function readBranding(
  stored: Readonly<Record<string, unknown>> | null | undefined,
  logo: Logo | undefined,
): Branding {
  const displayName = displayNameField.safeParse(stored?.['displayName']);
  const color = colourField.safeParse(stored?.['color']);
  return {
    displayName: displayName.data,
    color: color.data as Colour | undefined,
    logo,
  };
}

/** An account's branding as of now. */
export async function loadBranding(db: Database, accountId: string): Promise<Branding> {
  const settings = await findAccountSettings(db, accountId);
  return readBranding(settings?.branding, await findLogo(db, accountId));
}
