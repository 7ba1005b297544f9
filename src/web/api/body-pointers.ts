import { AppError, type FieldFault } from '../../domain/app-error.ts';

/** The same refusal with its faults pointing into the document that the client sent, which stands at `bodyAt` in the operation's input. */
export function pointingInto(bodyAt: string, error: unknown): unknown {
  if (!(error instanceof AppError)) return error;
  const relocate = (fault: FieldFault): FieldFault => {
    const within = fault.pointer === bodyAt || fault.pointer.startsWith(`${bodyAt}/`);
    return { ...fault, pointer: within ? fault.pointer.slice(bodyAt.length) : '' };
  };
  const { code, message, cause, retryAfterSeconds } = error;
  const faults = error.faults.map(relocate);
  return new AppError(code, message, {
    faults,
    cause,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}
