import { codeAt } from '../../../support/authenticator-app.ts';
import type { BrowserPage } from '../../../support/http-browser.ts';
import { passkeyOptionsOn, stepOf, totpSecretOn } from '../../../support/logon-driver.ts';
import { newPassword } from '../../../support/test-account.ts';
import type { KnownUser } from './ledger.ts';
import { logonOn, type Walk } from './machine.ts';
import type { Proof } from './trace.ts';

/** What is typed into a form, and what it proves. */
export interface Answer {
  readonly fields: Readonly<Record<string, string>>;
  readonly proof?: Proof;
}

interface Answering {
  readonly walk: Walk;
  readonly page: BrowserPage;
  readonly user: KnownUser;
}

const stepSeconds = 30;

/** The oldest code of an app that no logon has used and that is in time; none where all are used. */
async function freshCode(secret: string, lastStep: number): Promise<{ code: string; timeStep: number } | undefined> {
  const present = Math.floor(Date.now() / 1000 / stepSeconds);
  const timeStep = Math.max(lastStep + 1, present);
  return timeStep > present + 1 ? undefined : { code: await codeAt(secret, timeStep), timeStep };
}

async function totpAnswer({ user }: Answering): Promise<Answer> {
  const fresh = user.totp === undefined ? undefined : await freshCode(user.totp.secret, user.totp.lastStep);
  if (fresh === undefined || user.totp === undefined) return { fields: { code: '000000' } };
  const { secret } = user.totp;
  return {
    fields: { code: fresh.code },
    proof: { kind: 'totp', userId: user.userId, secret, timeStep: fresh.timeStep },
  };
}

async function bindAnswer({ page }: Answering): Promise<Answer> {
  const secret = stepOf(page) === 'bind' ? totpSecretOn(page) : '';
  const fresh = secret === '' ? undefined : await freshCode(secret, 0);
  return fresh === undefined
    ? { fields: { code: '000000' } }
    : { fields: { code: fresh.code }, proof: { kind: 'bind', secret, timeStep: fresh.timeStep } };
}

/** What a page asks an authenticator for, where it is for this ceremony. */
function optionsFor({ page }: Answering, step: string): string | undefined {
  const options = passkeyOptionsOn(page);
  return options === '' || stepOf(page) !== step ? undefined : options;
}

function assertionAnswer(answering: Answering, kind: 'passkey' | 'passkey-factor'): Answer {
  const { walk, user, page } = answering;
  const options = optionsFor(answering, kind === 'passkey' ? 'password' : kind);
  const passkey = walk.passkeys.get(user.userId);
  // An authenticator that has nothing of what is asked for shows nothing.
  const canAnswer = options !== undefined && isAskedFor(options, passkey?.credentials.map(({ id }) => id) ?? []);
  if (!canAnswer || passkey === undefined) return { fields: { passkey_response: '{}' } };
  const { challenge } = JSON.parse(options) as { challenge: string };
  const proof: Proof = { kind, userId: user.userId, challenge, askedBy: logonOn(page) ?? '' };
  return { fields: { passkey_response: passkey.assert(options) }, proof };
}

function isAskedFor(options: string, has: readonly string[]): boolean {
  const { allowCredentials = [] } = JSON.parse(options) as { allowCredentials?: readonly { readonly id: string }[] };
  return has.length > 0 && (allowCredentials.length === 0 || allowCredentials.some(({ id }) => has.includes(id)));
}

/** Whom the page names is whom the credential will belong to, so it is their authenticator that makes it. */
function bindPasskeyAnswer(answering: Answering): Answer {
  const options = optionsFor(answering, 'bind-passkey');
  if (options === undefined) return { fields: { passkey_response: '{}' } };
  const { user: owner } = JSON.parse(options) as { user: { id: string } };
  const userId = Buffer.from(owner.id, 'base64url').toString().split(':').at(-1) ?? '';
  const passkey = answering.walk.passkeys.get(userId);
  if (passkey === undefined) throw new Error('a page names a user of nobody');
  const proof: Proof = { kind: 'bind-passkey', userId, askedBy: logonOn(answering.page) ?? '' };
  return { fields: { passkey_response: passkey.register(options) }, proof };
}

const rightAnswers: Readonly<Record<string, (answering: Answering) => Answer | Promise<Answer>>> = {
  password: ({ user: { userId, userName, password } }) => ({
    fields: { username: userName, password },
    proof: { kind: 'password', userId, password },
  }),
  passkey: (answering) => assertionAnswer(answering, 'passkey'),
  'passkey-factor': (answering) => assertionAnswer(answering, 'passkey-factor'),
  totp: totpAnswer,
  recovery: ({ user: { userId, recoveryCodes } }) => {
    const [code = ''] = recoveryCodes;
    return { fields: { recovery_code: code }, ...(code === '' ? {} : { proof: { kind: 'recovery', userId, code } }) };
  },
  reset: () => {
    const password = newPassword();
    return { fields: { new_password: password, confirm_password: password }, proof: { kind: 'reset', password } };
  },
  bind: bindAnswer,
  'bind-passkey': bindPasskeyAnswer,
  'recovery-codes': () => ({ fields: {}, proof: { kind: 'recovery-codes' } }),
  consent: () => ({ fields: { decision: 'approve' }, proof: { kind: 'consent' } }),
};

/** What this user would rightly answer a step with, where the page lets them. */
export const rightAnswer = async (step: string, answering: Answering): Promise<Answer> =>
  (Object.hasOwn(rightAnswers, step) ? await rightAnswers[step]?.(answering) : undefined) ?? { fields: {} };

/** What fits every step and proves nothing; a user's name for those that ask for one. */
export const wrongAnswer = ({ user: { userName } }: Answering): Answer => ({
  fields: {
    ...{ username: userName, password: 'Wrong-horse-battery-9' },
    ...{ code: '000000', recovery_code: '000000-000000-000000-000000', passkey_response: '{}' },
    ...{ new_password: 'short', confirm_password: 'shorter' },
    decision: 'perhaps',
  },
});
