import { z } from 'zod';
import { instant } from './answer-schemas.ts';

const itemBody = z
  .object({
    userName: z.string().meta({ examples: ['alice'] }),
    logonName: z.string().meta({ examples: ['alice@demo.id.example.com'] }),
    createdAt: instant,
    lastLogonAt: instant.nullable(),
    password: z
      .object({
        active: z.boolean(),
        lastChangedAt: instant,
        nextRotationAt: instant.nullable().meta({ description: "By the account's password policy; null for never." }),
      })
      .nullable()
      .meta({ description: 'Null where the user has none.' }),
    mfaActive: z.boolean(),
    accessKeys: z.array(
      z.object({
        accessKeyId: z.string().meta({ examples: ['PSTKx7Zq2mR4tYv9Kc1LpW3n'] }),
        active: z.boolean(),
        lastRotatedAt: instant,
        lastUsedAt: instant.nullable(),
      }),
    ),
  })
  .meta({ id: 'CredentialReportItem' });

export type CredentialReportItemBody = z.infer<typeof itemBody>;

export const credentialReportBody = z.object({
  items: z.array(itemBody),
  mostAccessKeys: z.int().meta({ description: 'How many the user with the most of them has.', examples: [1] }),
  nextCursor: z.string().optional(),
});

export type CredentialReportBody = z.infer<typeof credentialReportBody>;
