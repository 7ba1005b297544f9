import { z } from 'zod';

/** More than any authenticator says, attestation and all. In characters, before anything is parsed. */
export const longestResponse = 16_384;

/** Without padding, in its one alphabet. */
const base64url = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[A-Za-z0-9_-]+$/);

/** At most 1,023 bytes (WebAuthn section 4, Credential ID). */
const credentialId = base64url(1364);

const common = {
  id: credentialId,
  rawId: credentialId,
  type: z.literal('public-key'),
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).nullish(),
};

/**
 * What `PublicKeyCredential.toJSON()` gives (section 5.1, RegistrationResponseJSON). Of an answer made by a browser only what is used is read: others
 * come with every version.
 */
const registration = z.object({
  ...common,
  response: z.object({
    clientDataJSON: base64url(longestResponse),
    attestationObject: base64url(longestResponse),
    transports: z
      .array(z.string().regex(/^[a-z0-9-]{1,32}$/))
      .max(10)
      .optional(),
  }),
  clientExtensionResults: z.object({ credProps: z.object({ rk: z.boolean().optional() }).optional() }).default({}),
});

/** AuthenticationResponseJSON. */
const assertion = z.object({
  ...common,
  response: z.object({
    clientDataJSON: base64url(longestResponse),
    authenticatorData: base64url(longestResponse),
    signature: base64url(longestResponse),
    userHandle: base64url(86).nullish(),
  }),
});

/** Section 5.8.1: members may be added. */
const clientData = z.object({
  type: z.string().max(64),
  challenge: z.string().max(512),
  origin: z.string().max(2048),
  crossOrigin: z.boolean().optional(),
  topOrigin: z.string().max(2048).optional(),
});

export type ClientData = z.infer<typeof clientData>;
export type PostedRegistration = z.infer<typeof registration> & { readonly clientData: ClientData };
export type PostedAssertion = z.infer<typeof assertion> & { readonly clientData: ClientData };

/** Undefined for whatever does not have the form. Never throws. */
export const readRegistration = (text: string): PostedRegistration | undefined => read(registration, text);

/** Undefined for whatever does not have the form. Never throws. */
export const readAssertion = (text: string): PostedAssertion | undefined => read(assertion, text);

function read<Posted extends { readonly response: { readonly clientDataJSON: string } }>(
  schema: z.ZodType<Posted>,
  text: string,
): (Posted & { readonly clientData: ClientData }) | undefined {
  if (text.length > longestResponse) return undefined;
  const posted = schema.safeParse(parseJson(text)).data;
  if (posted === undefined) return undefined;
  const said = clientData.safeParse(
    parseJson(Buffer.from(posted.response.clientDataJSON, 'base64url').toString()),
  ).data;
  return said === undefined ? undefined : { ...posted, clientData: said };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Made in our own page and in no frame of another (section 5.10): none of ours is meant to be framed. */
export const isTopLevel = ({ crossOrigin = false, topOrigin }: ClientData): boolean =>
  !crossOrigin && topOrigin === undefined;
