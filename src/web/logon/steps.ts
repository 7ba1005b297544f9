import type { StepName } from './next-step.ts';
import { bindStep } from './steps/bind.ts';
import { consentStep } from './steps/consent.ts';
import { passwordStep } from './steps/password.ts';
import { recoveryStep } from './steps/recovery.ts';
import { recoveryCodesStep } from './steps/recovery-codes.ts';
import { resetStep } from './steps/reset.ts';
import { totpStep } from './steps/totp.ts';
import type { LogonStep } from './visit.ts';

/** The logon, in order. The first step that is due is the only one that is shown or answered (see next-step.ts). */
export const logonSteps: readonly LogonStep[] = [
  passwordStep,
  totpStep,
  recoveryStep,
  resetStep,
  bindStep,
  recoveryCodesStep,
  consentStep,
];

/** The step that a form may answer now: the one due, or an alternative to it by name. Undefined for any other. */
export function answerableStep(due: LogonStep, named: string | undefined): LogonStep | undefined {
  if (named === due.name) return due;
  const alternative = due.alternatives?.find((name) => name === (named as StepName));
  return alternative === undefined ? undefined : logonSteps.find(({ name }) => name === alternative);
}
