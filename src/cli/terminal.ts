/** What a verb knows of the world around it: main.ts gives it the process's, tests give it their own. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: string;
  readonly pid: number;
  /** Results. */
  out(text: string): void;
  /** Everything that is said beside the result: warnings, faults. */
  err(text: string): void;
  /** One line without its end; on a terminal asked for with `question` and not echoed. */
  readSecret(question: string): Promise<string>;
  /** Resolves when the process is asked to stop. */
  stopRequested(): Promise<void>;
}
