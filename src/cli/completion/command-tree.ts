import type { Command } from 'commander';

/** A command as a shell completes it. */
export interface CommandNode {
  /** Without `postern`: `user list`. */
  readonly path: string;
  readonly words: readonly CompletedWord[];
}

/** What may come next, or anywhere behind. */
export interface CompletedWord {
  readonly word: string;
  readonly about: string;
  /** Of an option that takes one of a few values. */
  readonly choices: readonly string[];
  /** Whether something must follow it. */
  readonly takesValue: boolean;
}

/** Every command with its subcommands and options, the root first. */
export function commandTree(command: Command, path: readonly string[] = []): CommandNode[] {
  const verbs = command.commands.map((one) => ({
    ...{ word: one.name(), about: one.description(), choices: [], takesValue: false },
  }));
  const options = command.options.map((option) => ({
    word: option.long ?? option.short ?? '',
    about: option.description,
    choices: option.argChoices ?? choicesIn(option.flags),
    takesValue: option.required,
  }));
  const help = { word: '--help', about: 'show help', choices: [], takesValue: false };
  return [
    { path: path.join(' '), words: [...verbs, ...options, help] },
    ...command.commands.flatMap((one) => commandTree(one, [...path, one.name()])),
  ];
}

/** `--status <active|frozen>` */
const choicesIn = (flags: string): readonly string[] => /<([\w-]+(?:\|\w[\w-]*)+)>$/.exec(flags)?.[1]?.split('|') ?? [];
