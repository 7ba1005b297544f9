import { Argument, Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { commandTree } from './command-tree.ts';
import { completionScript, type Shell, shells } from './shell-scripts.ts';

const help = `
Examples:
  source <(postern completion bash)
  postern completion zsh > "\${fpath[1]}/_postern"
  postern completion fish > ~/.config/fish/completions/postern.fish`;

/** `postern completion`, over the commands that `addEverything` builds. */
export function addCompletion(
  command: Command,
  terminal: Terminal,
  addEverything: (program: Command, terminal: Terminal) => Promise<void>,
): void {
  command
    .addArgument(new Argument('<shell>').choices(shells))
    .option('--json', 'print the commands as JSON for programs')
    .addHelpText('after', help)
    .action(async (shell: Shell, { json }: { json?: boolean }) => {
      const program = new Command('postern');
      await addEverything(program, terminal);
      const nodes = commandTree(program);
      terminal.out(json === true ? JSON.stringify(nodes, null, 2) : completionScript(shell, nodes));
    });
}
