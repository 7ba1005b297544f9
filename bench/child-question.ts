import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A process of the run that answers questions over its IPC channel. It ends when we do. */
export interface MeasuredChild {
  /** Resolves with what the handler of that name answered; rejects with its message. */
  readonly ask: <T>(question: string, input?: unknown) => Promise<T>;
  readonly stop: () => Promise<void>;
}

interface Question {
  readonly id: number;
  readonly question: string;
  readonly input: unknown;
}

interface Reply {
  readonly id: number;
  readonly answer?: unknown;
  readonly fault?: string;
}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

export type Handlers = Readonly<Record<string, (input: unknown) => unknown>>;

/** Starts a file of this folder as a process of its own, with nothing of our environment but the path. */
export function startChild(file: string, env: Readonly<Record<string, string>>): MeasuredChild {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [], {
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', ...env },
    execArgv: [],
  });
  const waiting = new Map<number, Waiting>();
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.on('message', (message) => settle(waiting, message as Reply));
  child.once('exit', () => refuseAll(waiting, `${file} ended`));
  let lastId = 0;
  return {
    ask: <T>(question: string, input?: unknown) =>
      new Promise<T>((resolve, reject) => {
        lastId += 1;
        waiting.set(lastId, { resolve: (answer) => resolve(answer as T), reject });
        send(child, { id: lastId, question, input });
      }),
    stop: async () => {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

function send(child: ChildProcess, question: Question): void {
  child.send(question, () => undefined);
}

function settle(waiting: Map<number, Waiting>, { id, answer, fault }: Reply): void {
  const one = waiting.get(id);
  waiting.delete(id);
  if (fault === undefined) one?.resolve(answer);
  else one?.reject(new Error(fault));
}

function refuseAll(waiting: Map<number, Waiting>, why: string): void {
  for (const { reject } of waiting.values()) reject(new Error(why));
  waiting.clear();
}

/** The child's side: answers what the parent asks, and ends through `close` when the parent lets go or is gone. */
export function answerParent(handlers: Handlers, close: () => Promise<void> = () => Promise.resolve()): void {
  process.on('message', (message) => void reply(handlers, message as Question));
  process.once('disconnect', () => {
    close().then(
      () => process.exit(),
      () => process.exit(1),
    );
  });
}

async function reply(handlers: Handlers, { id, question, input }: Question): Promise<void> {
  try {
    process.send?.({ id, answer: await handlers[question]?.(input) });
  } catch (error) {
    process.send?.({ id, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}
