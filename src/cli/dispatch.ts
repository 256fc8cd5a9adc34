// Finds the command that a command line asks for. Commands are loaded when they are called, because whatever stands here is paid
// by every start.
import { existsSync } from 'node:fs';
import type { Console } from './console.ts';

type Command = (args: readonly string[], console: Console) => number | Promise<number>;

const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./run.ts')).runVerb,
  check: async () => (await import('./check.ts')).checkCommand,
  fmt: async () => (await import('./fmt.ts')).fmtCommand,
  test: async () => (await import('./test.ts')).testCommand,
  explain: async () => (await import('./explain.ts')).explainCommand,
  graph: async () => (await import('./graph.ts')).graphCommand,
  repl: async () => (await import('./repl/repl.ts')).replCommand,
  serv: async () => (await import('./serv/serv.ts')).servCommand,
  mcp: async () => (await import('./mcp/mcp.ts')).mcpCommand,
  tools: async () => (await import('./tools/tools.ts')).toolsCommand,
  types: async () => (await import('./types.ts')).typesCommand,
  ir: async () => (await import('./ir.ts')).irCommand,
  bench: async () => (await import('./bench.ts')).benchCommand,
  map: async () => (await import('./map/map.ts')).mapCommand,
  help: async () => (await import('./help.ts')).helpCommand,
  version: async () => (await import('./version.ts')).versionCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
};

/** Other words for commands: upstream's, and the flags that mean one when they stand first. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  spec: 'help',
  tool: 'tools',
  '--help': 'help',
  '-h': 'help',
  '--version': 'version',
  '-V': 'version',
};

/** Commands that the language has elsewhere and that are not built here yet. */
const LATER: readonly string[] = ['compile', 'build'];

/** Runs one command line, without the program's own name, and gives the exit code. Throws only what is a bug of ours. */
export async function dispatch(args: readonly string[], console: Console): Promise<number> {
  const at = commandIndex(args);
  const word = args[at];
  if (word === undefined) return (await import('./help.ts')).shortHelp(console, at > 0);
  const others = at === 0 ? args.slice(1) : [...args.slice(0, at), ...args.slice(at + 1)];
  const name = Object.hasOwn(OTHER_NAMES, word) ? OTHER_NAMES[word]! : word;
  if (Object.hasOwn(COMMANDS, name)) {
    if (name !== 'help' && asksForHelp(name, others)) return (await import('./help.ts')).helpCommand([name], console);
    return (await COMMANDS[name]!())(others, console);
  }
  // Not for people: the threads of `ilo serv`, and the one of MCP servers.
  if (word === 'serv-work') return (await import('./serv/work.ts')).workCommand(console);
  if (word === 'tools-work') return (await import('./tools/work.ts')).toolsWorkCommand();
  if (word === '-ai') return (await import('./help.ts')).helpCommand(['ai', ...others], console);
  if (word === '--explain') return (await import('./explain.ts')).explainFlag(others, console);
  if (LATER.includes(word)) return (await import('./help.ts')).notInThisVersion(word, console);
  // One bare word is no program: there is no declaration without a `>`.
  if (at === 0 && /^[A-Za-z][\w-]*$/.test(word) && !existsSync(word)) {
    return (await import('./help.ts')).unknownCommand(
      word,
      [...Object.keys(COMMANDS), ...Object.keys(OTHER_NAMES)],
      console,
    );
  }
  return (await import('./run.ts')).runBare(args, console);
}

/** Behind a program `--help` belongs to the program. */
function asksForHelp(command: string, args: readonly string[]): boolean {
  if (command === 'run') return args[0] === '--help' || args[0] === '-h';
  const end = args.indexOf('--');
  const flags = end < 0 ? args : args.slice(0, end);
  return flags.includes('--help') || (flags.length === 1 && flags[0] === '-h');
}

/** Where the first word stands that is no flag for output or an engine; those may come before the command. */
function commandIndex(args: readonly string[]): number {
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at]!;
    if (/^--(engine|tools|mcp|fuel|timeout|max-(alloc|depth|output|errors))$/.test(arg)) at++;
    else if (
      !/^(-[atjn]|-nh|--(ansi|text|json|no-hints|explain-engine|run.*|vm|jit|ast|(engine|dump|fuel|timeout|max-.*)=.*))$/.test(
        arg,
      )
    )
      break;
  }
  return Math.min(at, args.length);
}
