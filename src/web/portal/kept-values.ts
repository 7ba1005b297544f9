import { open, seal } from '../../crypto/envelope.ts';
import { hashToken, newToken } from '../../crypto/tokens.ts';
import type { PortalVisit } from './visit.ts';

/** Long enough for the next page to be shown, or its form to be filled in. */
const lifetimeSeconds = 600;

const idPattern = /^[A-Za-z0-9_-]{43}$/;

const keyOf = ({ hosted, session }: PortalVisit, id: string): string =>
  `portal-kept:${hashToken(JSON.stringify([hosted.issuerName, session.uid, id]))}`;

const placeOf = ({ hosted }: PortalVisit, key: string) => ({
  accountId: hosted.accountId,
  row: key,
  column: 'portal.kept_value',
});

/** Keeps something for the next page of this session, sealed. Answers the name by which the next page asks for it. */
export async function keepValue(visit: PortalVisit, value: unknown): Promise<string> {
  const id = newToken();
  const key = keyOf(visit, id);
  const sealed = seal(visit.deps.keyRing, JSON.stringify(value), placeOf(visit, key));
  await visit.deps.ephemeral.set(key, sealed, lifetimeSeconds);
  return id;
}

/** What was kept, once: whoever asks again, reloads or goes back gets undefined, as does any other session. */
export async function takeValue(visit: PortalVisit, id: string | undefined): Promise<unknown> {
  if (id === undefined || !idPattern.test(id)) return undefined;
  const key = keyOf(visit, id);
  const sealed = await visit.deps.ephemeral.take(key);
  return sealed === undefined
    ? undefined
    : (JSON.parse(open(visit.deps.keyRing, sealed, placeOf(visit, key))) as unknown);
}

/** The same without using it up, for a page that only shows that something is kept. */
export async function isKept(visit: PortalVisit, id: string | undefined): Promise<boolean> {
  if (id === undefined || !idPattern.test(id)) return false;
  return (await visit.deps.ephemeral.get(keyOf(visit, id))) !== undefined;
}
