// `ilo help`: commands, builtins, the language. All of it comes from the tables and the manual; nothing is loaded before it is
// asked for.
import { nearest } from '../base/nearest.ts';
import type { BuiltinRow } from '../lang/ilo/builtins/row.ts';
import { parseSimple, USAGE } from './arguments.ts';
import { COMMANDS, COMMON_FLAGS, type CommandRow } from './commands.ts';
import { type Console, EXIT, refuse } from './console.ts';
import { packageFile } from './package.ts';

/** `ilo help [TOPIC]`. */
export async function helpCommand(args: readonly string[], console: Console): Promise<number> {
  const parsed = parseSimple(args, ['--help', '-h']);
  if ('problem' in parsed) return refuse(console, parsed.problem, parsed.advice);
  const topic = parsed.ok.operands[0];
  const print = (text: string): number => {
    console.out.write(text.endsWith('\n') ? text : `${text}\n`);
    return EXIT.ok;
  };
  if (topic === undefined) return print(overview());
  if (topic === 'lang') {
    const manual = packageFile('docs/language.md');
    return manual === undefined ? refuse(console, 'this installation lacks docs/language.md') : print(manual);
  }
  if (topic === 'ai') return (await import('./help-ai.ts')).printCompactReference(console);
  const command = COMMANDS.find(({ name }) => name === topic);
  if (command !== undefined) return print(commandHelp(command));
  const { BUILTINS } = await import('../lang/ilo/builtins/table.ts');
  if (topic === 'builtins') return print(builtinList([...BUILTINS.names()].map(name => BUILTINS.get(name)!)));
  const rows = [...BUILTINS.names()].map(name => BUILTINS.get(name)!);
  const row = rows.find(({ name, aliases }) => name === topic || aliases?.includes(topic));
  if (row !== undefined) return print(builtinHelp(row));
  if (/^(ilo-)?[a-z]\d{1,3}$/i.test(topic)) return (await import('./explain.ts')).explainCommand([topic], console);
  const known = [...COMMANDS.map(({ name }) => name), 'lang', 'ai', 'builtins', ...rows.flatMap(namesOf)];
  const near = nearest(topic, known);
  return refuse(
    console,
    `there is no help about '${topic}'`,
    near === undefined ? 'ilo help lists the commands, ilo help builtins the builtins.' : `did you mean '${near}'?`,
  );
}

function namesOf(row: BuiltinRow): readonly string[] {
  return [row.name, ...(row.aliases ?? [])];
}

/** What `ilo` without a program prints, on standard error: a dozen lines. Nothing to run is a mistake of the caller. */
export function shortHelp(console: Console, flagsGiven: boolean): number {
  if (flagsGiven) return refuse(console, 'there is no program to run', `${USAGE}; 'ilo help' says more.`);
  const lines = [
    USAGE,
    '',
    "  ilo 'dbl x:n>n;*x 2' 5      a program from the command line",
    '  ilo program.ilo main 3      a function of a program in a file',
    '  ilo check program.ilo       all mistakes, without running',
    '  ilo test program.ilo        the cases written into it',
    '',
    '  ilo help                    all commands',
    '  ilo help lang               the language',
    '  ilo help ai                 the language, short, for the prompt of a model',
  ];
  console.err.write(`${lines.join('\n')}\n`);
  return EXIT.refused;
}

/** A command that exists elsewhere but not here yet. */
export function notInThisVersion(word: string, console: Console): number {
  return refuse(console, `'${word}' is not in this version of ilo`, "'ilo help' lists the commands that are.");
}

/** A first word that is neither a command nor a file nor a program. */
export function unknownCommand(word: string, known: readonly string[], console: Console): number {
  const near = nearest(word, known);
  return refuse(
    console,
    `'${word}' is no command, no file and no program`,
    near === undefined ? "'ilo help' lists the commands." : `did you mean 'ilo ${near}'?`,
  );
}

function overview(): string {
  const lines = ['ilo: small programs, few tokens, checked before they run', '', USAGE, ''];
  for (const command of COMMANDS) {
    lines.push(`${command.name}: ${command.summary}`, ...command.usage.map(usage => `    ${usage}`));
    lines.push(...exampleLines(command, '    '), '');
  }
  lines.push('Flags that stand anywhere:', ...flagLines(COMMON_FLAGS), '');
  lines.push('Exit codes: 0 done; 1 the program failed or gave ^e; 2 mistakes in the program or the command line;');
  lines.push('130 interrupted; 141 the reader of the output went away. More: ilo help COMMAND.');
  return lines.join('\n');
}

function exampleLines({ examples }: CommandRow, indent: string): string[] {
  const width = Math.max(...examples.map(([command]) => command.length));
  return examples.map(([command, result]) => `${indent}  $ ${command.padEnd(width)}   # ${result}`);
}

function flagLines(flags: CommandRow['flags']): string[] {
  const width = Math.min(34, Math.max(...flags.map(([flag]) => flag.length)));
  return flags.map(([flag, meaning]) =>
    flag.length > width ? `  ${flag}\n  ${' '.repeat(width)}  ${meaning}` : `  ${flag.padEnd(width)}  ${meaning}`,
  );
}

function commandHelp(command: CommandRow): string {
  const lines = [`${command.name}: ${command.summary}`, '', ...command.usage.map(usage => `  ${usage}`), ''];
  lines.push(command.details, '', 'Examples:', ...exampleLines(command, ''));
  if (command.flags.length > 0) lines.push('', 'Flags:', ...flagLines(command.flags));
  return lines.join('\n');
}

function builtinHelp(row: BuiltinRow): string {
  const lines = [`${row.name}: ${row.doc}`, '', ...row.signatures.map(signature => `  ${signature}`), ''];
  if (row.aliases !== undefined && row.aliases.length > 0) lines.push(`Also written: ${row.aliases.join(', ')}`);
  if (row.effect !== 'pure') lines.push(`Effect: ${row.effect}`);
  const { code, args, out } = row.example;
  const words = ['ilo', `'${code.replaceAll("'", "'\\''")}'`, ...(args ?? [])].join(' ');
  lines.push('Example:', ...words.split('\n').map(line => `  ${line}`));
  if (out !== undefined) lines.push(...out.split('\n').map(line => `  ${line}`));
  return lines.join('\n');
}

function builtinList(rows: readonly BuiltinRow[]): string {
  const topics = new Map<string, BuiltinRow[]>();
  for (const row of rows) topics.set(row.topic, [...(topics.get(row.topic) ?? []), row]);
  const lines: string[] = [];
  for (const [topic, members] of topics) {
    lines.push(`${topic}:`);
    for (const { name, aliases, doc } of members) {
      lines.push(`  ${[name, ...(aliases ?? [])].join(', ').padEnd(20)} ${doc}`);
    }
    lines.push('');
  }
  return lines.join('\n');
}
