import type { Context } from 'koa';
import { equalsInConstantTime } from '../../crypto/tokens.ts';
import type { Wording } from '../views/translate.ts';
import type { PortalDeps } from './portal-deps.ts';

/** What the next page says of what was just done. */
export const notices = {
  'device-renamed': 'portal.done.device-renamed',
  'passkey-added': 'portal.done.passkey-added',
  'app-added': 'portal.done.app-added',
  'codes-made': 'portal.done.codes-made',
  'key-created': 'portal.done.key-created',
  'key-disabled': 'portal.done.key-disabled',
  'key-enabled': 'portal.done.key-enabled',
  'key-deleted': 'portal.done.key-deleted',
  'session-ended': 'portal.done.session-ended',
  'sessions-ended': 'portal.done.sessions-ended',
  'device-forgotten': 'portal.done.device-forgotten',
  'consent-withdrawn': 'portal.done.consent-withdrawn',
  'password-changed': 'portal.ended.password.title',
  'device-removed': 'portal.ended.device.title',
} as const satisfies Record<string, Wording>;

export type NoticeName = keyof typeof notices;

/** Whom the notice is for: a session, or an issuer's browsers where the session has just ended. */
interface NoticePlace {
  readonly issuerName: string;
  readonly sessionUid?: string | undefined;
}

type NoticeDeps = Pick<PortalDeps, 'formTokens' | 'https'>;

const cookieName = (https: boolean): string => `${https ? '__Secure-' : ''}postern.notice`;
const lifetimeMs = 60_000;

const isNotice = (text: string): text is NoticeName => Object.hasOwn(notices, text);

const signatureOf = ({ formTokens }: NoticeDeps, { issuerName, sessionUid }: NoticePlace, name: NoticeName): string =>
  formTokens.issue(`notice:${issuerName}:${sessionUid ?? ''}:${name}`);

/** Leaves word for the next page. It is signed, so that no link and no other site can make the portal say that something was done. */
export function leaveNotice(ctx: Context, deps: NoticeDeps, place: NoticePlace, name: NoticeName): void {
  setCookie(ctx, deps, place, `${name}.${signatureOf(deps, place, name)}`);
}

/** What was left for this page, once. */
export function takeNotice(ctx: Context, deps: NoticeDeps, place: NoticePlace): NoticeName | undefined {
  const cookie = ctx.cookies.get(cookieName(deps.https), { signed: false });
  if (cookie === undefined) return undefined;
  setCookie(ctx, deps, place, null);
  const [name = '', signature = ''] = cookie.split('.');
  return isNotice(name) && equalsInConstantTime(signature, signatureOf(deps, place, name)) ? name : undefined;
}

function setCookie(ctx: Context, { https }: NoticeDeps, { issuerName }: NoticePlace, value: string | null): void {
  ctx.cookies.set(cookieName(https), value, {
    path: `/${issuerName}`,
    httpOnly: true,
    sameSite: 'lax',
    secure: https,
    overwrite: true,
    signed: false,
    ...(value === null ? {} : { maxAge: lifetimeMs }),
  });
}
