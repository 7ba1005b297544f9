import type { Situation } from './next-step.ts';
import { bindStep } from './steps/bind.ts';
import { bindPasskeyStep } from './steps/bind-passkey.ts';
import { consentStep } from './steps/consent.ts';
import { passkeyStep } from './steps/passkey.ts';
import { passkeyFactorStep } from './steps/passkey-factor.ts';
import { passwordStep } from './steps/password.ts';
import { recoveryStep } from './steps/recovery.ts';
import { recoveryCodesStep } from './steps/recovery-codes.ts';
import { resetStep } from './steps/reset.ts';
import { totpStep } from './steps/totp.ts';
import type { LogonStep } from './visit.ts';

/** The logon, in order. The first step that is due is the only one that is shown or answered (see next-step.ts). */
export const logonSteps: readonly LogonStep[] = [
  passwordStep,
  passkeyStep,
  passkeyFactorStep,
  totpStep,
  recoveryStep,
  resetStep,
  bindStep,
  bindPasskeyStep,
  recoveryCodesStep,
  consentStep,
];

/** The step that a form may answer now: the one due, or an alternative to it by name. Undefined for any other. */
export function answerableStep(due: LogonStep, named: string | undefined, situation: Situation): LogonStep | undefined {
  if (named === due.name) return due;
  const alternative = due.alternatives?.(situation).find((name) => name === named);
  return alternative === undefined ? undefined : logonSteps.find(({ name }) => name === alternative);
}
