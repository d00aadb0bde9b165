import { quoted } from '../../render/quoted.ts';
import type { CompletedCommand } from './commands.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** Returns the text that a shell reads to complete `berth`: commands, their options, stacks by their files */
export const completionScript = (shell: Shell, commands: readonly CompletedCommand[]): string =>
  ({ bash, zsh, fish })[shell](commands);

/** Prints the stacks of the nearest project, one a line; the same words in all three shells' sh */
const stacks = [
  'folder=$PWD',
  `while [ ! -e "$folder/Pulumi.yaml" ] && [ -n "$folder" ]; do folder=\${folder%/*}; done`,
  `for file in "$folder"/Pulumi.*.yaml; do [ -e "$file" ] && file=\${file##*/Pulumi.} && echo "\${file%.yaml}"; done`,
].join('; ');

const words = ({ options }: CompletedCommand): string => options.map(({ name }) => name).join(' ');

const choices = (command: CompletedCommand) => command.options.filter((option) => option.choices.length > 0);

function bash(commands: readonly CompletedCommand[]): string {
  const cases = commands.map((command) => {
    const first = command.first === 'stack' ? '$(_berth_stacks)' : command.first.join(' ');
    const values = choices(command).map(({ name, choices }) => `${name}) words='${choices.join(' ')}' ;;`);
    return [
      `    ${command.name})`,
      `      words='${words(command)}'`,
      `      [ "$COMP_CWORD" -eq 2 ] && [[ $current != -* ]] && words="${first}"`,
      ...(values.length > 0 ? [`      case "\${COMP_WORDS[COMP_CWORD - 1]}" in ${values.join(' ')} esac`] : []),
      '      ;;',
    ].join('\n');
  });
  return `# Completion of berth for bash, by \`berth completion bash\`
_berth_stacks() (
  ${stacks}
)
_berth() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words=
  if [ "$COMP_CWORD" -eq 1 ]; then
    words='${commands.map(({ name }) => name).join(' ')} --help --version'
  else
    case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    esac
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -o default -F _berth berth
`;
}

function zsh(commands: readonly CompletedCommand[]): string {
  const described = (name: string, what: string): string => quoted(`${name}:${what.replaceAll(':', '\\:')}`);
  const cases = commands.map(({ name, options, first }) => {
    const own = options.map((option) => described(option.name, option.what));
    const place = first === 'stack' ? `\${(f)"$(_berth_stacks)"}` : first.join(' ');
    return [
      `    ${name})`,
      `      items=(${own.join(' ')})`,
      `      (( CURRENT == 3 )) && [[ $PREFIX != -* ]] && { items=(${place}); }`,
      '      ;;',
    ].join('\n');
  });
  return `#compdef berth
# Completion of berth for zsh, by \`berth completion zsh\`
_berth_stacks() (
  ${stacks}
)
_berth() {
  local -a items
  if (( CURRENT == 2 )); then
    items=(
${commands.map(({ name, summary }) => `      ${described(name, summary)}`).join('\n')}
    )
  else
    case $words[2] in
${cases.join('\n')}
    esac
  fi
  if (( $#items )); then _describe berth items; else _files; fi
}
compdef _berth berth
`;
}

function fish(commands: readonly CompletedCommand[]): string {
  const said = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const lines = commands.flatMap(({ name, summary, options, first }) => {
    const when = said(`__fish_seen_subcommand_from ${name}`);
    const place = first === 'stack' ? '(__berth_stacks)' : first.join(' ');
    return [
      `complete -c berth -n __fish_use_subcommand -a ${name} -d ${said(summary)}`,
      ...(place === '' ? [] : [`complete -c berth -n ${when} -f -a ${said(place)}`]),
      ...options.map((option) => {
        const value = option.takesValue
          ? ` -r${option.choices.length > 0 ? ` -f -a ${said(option.choices.join(' '))}` : ''}`
          : '';
        return `complete -c berth -n ${when} -l ${option.name.replace(/^-+/, '')}${value} -d ${said(option.what)}`;
      }),
    ];
  });
  return `# Completion of berth for fish, by \`berth completion fish\`
function __berth_stacks
  sh -c ${said(stacks)}
end
${lines.join('\n')}
`;
}
