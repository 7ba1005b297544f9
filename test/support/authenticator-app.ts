import { setTimeout as delay } from 'node:timers/promises';
import { generate } from 'otplib';

/** An authenticator app that never gives the same code twice. */
export interface AuthenticatorApp {
  readonly secret: string;
  /** The next code that the server can accept; waits for its time step where all that may be used now were. */
  readonly nextCode: () => Promise<string>;
  /** The code given last, again. */
  readonly lastCode: () => string;
}

const stepSeconds = 30;

/** With less than this left, the step before may end before the code arrives. */
const marginSeconds = 8;

const now = (): number => Date.now() / 1000;

export const codeAt = async (secret: string, step: number): Promise<string> =>
  await generate({ secret, epoch: step * stepSeconds });

export function createAuthenticatorApp(secret: string): AuthenticatorApp {
  const used = { step: 0, code: '' };
  return {
    secret,
    nextCode: async () => {
      const step = Math.max(used.step + 1, oldestUsableStep());
      // The server accepts the step after the present one too.
      const waitSeconds = (step - 1) * stepSeconds - now();
      if (waitSeconds > 0) await delay(waitSeconds * 1000 + 50);
      used.step = step;
      used.code = await codeAt(secret, step);
      return used.code;
    },
    lastCode: () => used.code,
  };
}

function oldestUsableStep(): number {
  const present = Math.floor(now() / stepSeconds);
  const leftSeconds = (present + 1) * stepSeconds - now();
  return leftSeconds > marginSeconds ? present - 1 : present;
}
