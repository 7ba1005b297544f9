import type { CommandNode, CompletedWord } from './command-tree.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** Text between single quotes: nothing in it means anything to a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** `path --option` of options that take one of a few values. */
const choicesOf = (nodes: readonly CommandNode[]): [key: string, choices: string][] =>
  nodes.flatMap(({ path, words }) =>
    words
      .filter(({ choices }) => choices.length > 0)
      .map(({ word, choices }): [string, string] => [`${path} ${word}`, choices.join(' ')]),
  );

const bash = (nodes: readonly CommandNode[]): string => `# postern completion bash
_postern() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" at='' next word words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    next="\${at:+$at }$word"
    case "$next" in
${nodes
  .filter(({ path }) => path !== '')
  .map(({ path }) => `      ${quoted(path)}) at="$next" ;;`)
  .join('\n')}
    esac
  done
  case "$at $prev" in
${choicesOf(nodes)
  .map(([key, choices]) => `    ${quoted(key)}) words=${quoted(choices)} ;;`)
  .join('\n')}
  esac
  if [ -z "$words" ]; then
    case "$at" in
${nodes.map(({ path, words }) => `      ${quoted(path)}) words=${quoted(words.map(({ word }) => word).join(' '))} ;;`).join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _postern postern`;

const described = ({ word, about }: CompletedWord): string =>
  quoted(`${word.replaceAll(':', '\\:')}:${oneLine(about)}`);

const zsh = (nodes: readonly CommandNode[]): string => `#compdef postern
# postern completion zsh
_postern() {
  local at='' next word
  local -a offered
  for word in "\${(@)words[2,CURRENT-1]}"; do
    next="\${at:+$at }$word"
    case "$next" in
${nodes
  .filter(({ path }) => path !== '')
  .map(({ path }) => `      ${quoted(path)}) at="$next" ;;`)
  .join('\n')}
    esac
  done
  case "$at \${words[CURRENT-1]}" in
${choicesOf(nodes)
  .map(([key, choices]) => `    ${quoted(key)}) compadd -- ${choices}; return ;;`)
  .join('\n')}
  esac
  case "$at" in
${nodes.map(({ path, words }) => `    ${quoted(path)}) offered=(${words.map(described).join(' ')}) ;;`).join('\n')}
  esac
  _describe 'postern' offered || _files
}
if [ "\${funcstack[1]}" = _postern ]; then _postern "$@"; else compdef _postern postern; fi`;

const fish = (nodes: readonly CommandNode[]): string => `# postern completion fish
function __postern_at
    set -l at ''
    for word in (commandline -opc)[2..]
        set -l next (string trim -- "$at $word")
        switch "$next"
            case ${nodes
              .filter(({ path }) => path !== '')
              .map(({ path }) => quoted(path))
              .join(' ')}
                set at "$next"
        end
    end
    test "$at" = "$argv[1]"
end
complete -c postern -f
${nodes.flatMap(fishLines).join('\n')}`;

const fishLines = ({ path, words }: CommandNode): string[] =>
  words.map(({ word, about, choices, takesValue }) => {
    const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-a ${word}`;
    const value = takesValue ? ` -r${choices.length > 0 ? ` -a ${quoted(choices.join(' '))}` : ' -F'}` : '';
    return `complete -c postern -n ${quoted(`__postern_at ${quoted(path)}`)} ${what}${value} -d ${quoted(oneLine(about))}`;
  });

/** A script that a shell reads once and completes command lines by: it starts no process of ours. */
export const completionScript = (shell: Shell, nodes: readonly CommandNode[]): string =>
  ({ bash, zsh, fish })[shell](nodes);
