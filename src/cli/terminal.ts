/** What a verb knows of the world around it: main.ts gives it the process's, tests give it their own. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: string;
  readonly pid: number;
  /** How many characters wide the screen is that results go to; undefined where they go to a file or a program. */
  readonly columns: number | undefined;
  /** Results. */
  out(text: string): void;
  /** Part of a long result, as it stands; resolves when more may follow. */
  write(chunk: string | Uint8Array): Promise<void>;
  /** Everything that is said beside the result: warnings, faults. */
  err(text: string): void;
  /** How far long work has come. On a screen each replaces the one before; elsewhere it is said only now and then. */
  progress(text: string): void;
  /** One line without its end; on a terminal asked for with `question` and not echoed. */
  readSecret(question: string): Promise<string>;
  /** All of standard input. */
  readInput(): Promise<string>;
  /** Shows an address in the person's browser. False where there is none to show it in. */
  openBrowser(address: string): Promise<boolean>;
  /** Resolves when the process is asked to stop. */
  stopRequested(): Promise<void>;
}
