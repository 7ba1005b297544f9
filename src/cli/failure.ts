/** `refused`: the server, the database or the machine said no. `usage`: the command makes no sense as it stands. */
export const exitCodes = { done: 0, refused: 1, usage: 2 } as const;

/** Ends a verb with sentences for the person at the terminal and an exit code. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';
  readonly exitCode: number;
  /** Stands in `--json` output, for programs to tell refusals apart. */
  readonly code: string;
  readonly details: readonly string[];

  constructor(
    message: string,
    {
      exitCode = exitCodes.refused,
      code = 'Failed',
      details = [],
    }: { exitCode?: number; code?: string; details?: readonly string[] } = {},
  ) {
    super(message);
    this.exitCode = exitCode;
    this.code = code;
    this.details = details;
  }
}

/** What the machine says, without the path and the call that the sentence around it tells already. */
export const systemFault = (cause: unknown): string =>
  cause instanceof Error ? cause.message.replace(/, \w+(?: '.*')?$/s, '') : String(cause);

export const usageFailure = (message: string): CliFailure =>
  new CliFailure(message, { exitCode: exitCodes.usage, code: 'Usage' });
