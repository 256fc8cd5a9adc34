// The command line of a run, taken apart. Flags for output, hints and engines may stand anywhere, as they may in the
// reference; flags that replace running (`--dense`, `--explain`, …) stand before the source or directly after it; `--` makes
// everything after it data. What is left is the source and what the program is called with.
//
// This file is on the way of every start: no regular expressions at load time, no tables built, nothing imported that is big.
import { nearest } from '../base/nearest.ts';
import { DEFAULT_ENGINE, type EngineName, engineNames, findEngine } from '../runtime/engines.ts';
import { LIMIT_FLAG_NAMES, LimitReader, type RunLimits } from './limits.ts';
import { PermissionReader, type Permissions, RUN_PERMISSION_FLAGS } from './permissions.ts';

export interface Options extends RunLimits {
  readonly ansi: boolean;
  readonly text: boolean;
  readonly json: boolean;
  readonly hints: boolean;
  readonly engine: EngineName;
  /** Whether a flag chose the engine: then the word behind the program names a function more strictly. */
  readonly engineGiven: boolean;
  /** Whether to say on standard error what ran where. */
  readonly explainEngine: boolean;
  /** The configuration of HTTP tools, a path. */
  readonly tools: string | undefined;
  /** The configuration of MCP servers, a path. */
  readonly mcp: string | undefined;
}

/** What to do with the program instead of, or besides, running it. */
export type Action = 'run' | 'ast' | 'dump' | 'emit' | 'bench' | 'explain' | 'dense' | 'expanded' | 'check';

export interface RunRequest {
  /** A path or the program itself; source.ts decides. */
  readonly source: string;
  /** `-e CODE`: never a path. */
  readonly codeOnly: boolean;
  readonly action: Action;
  /** The stages that `--dump` names, when that is the action. */
  readonly stages: readonly string[];
  /** What `--emit` is to write, when that is the action. */
  readonly target: string;
  readonly rest: readonly string[];
  /** `rest` from here on stood after `--`: data, never the name of a function. */
  readonly dataFrom: number;
  readonly options: Options;
  /** What the program may reach; undefined: what the user may. */
  readonly permissions: Permissions | undefined;
}

export type Parsed<T> = { readonly ok: T } | { readonly problem: string; readonly advice?: string };

const ENGINE_FLAGS: Readonly<Record<string, string>> = {
  '--run': 'tree',
  '--run-tree': 'tree',
  '--run-vm': 'vm',
  '--run-cranelift': 'cranelift',
  '--run-jit': 'jit',
  '--run-llvm': 'llvm',
  '--vm': 'vm',
  '--jit': 'jit',
};

const ACTION_FLAGS: Readonly<Record<string, Action>> = {
  '--explain': 'explain',
  '-x': 'explain',
  '--dense': 'dense',
  '-d': 'dense',
  '--fmt': 'dense',
  '--expanded': 'expanded',
  '-e': 'expanded',
  '--fmt-expanded': 'expanded',
  '--verify': 'check',
  '--bench': 'bench',
};

const OTHER_FLAGS: readonly string[] = [
  '--json',
  '--text',
  '--ansi',
  '--no-hints',
  '--engine',
  '--explain-engine',
  '--tools',
  '--mcp',
  '--ast',
  '--dump',
  '--emit',
  ...LIMIT_FLAG_NAMES,
  '--help',
  '--version',
];

export const USAGE = 'Usage: ilo FILE|CODE [FUNCTION] [ARGUMENT…]';

/** True for `--word` and `--two-words`: shaped like a flag, so that a misspelt one is worth a word. */
function looksLikeFlag(text: string): boolean {
  return /^--[a-z]+(-[a-z]+)*$/.test(text) || /^-[a-z]{1,2}$/.test(text);
}

/** Reads the flags that every command takes, one token at a time. */
export class OptionReader {
  #mode: 'ansi' | 'text' | 'json' | undefined;
  #hints = true;
  /** The spelling decides what conflicts: `--run-vm --run-tree` do, `--run --run-tree` do not. */
  #engineSpelling: string | undefined;
  #engine: EngineName | undefined;
  #explainEngine = false;
  #tools: string | undefined;
  #mcp: string | undefined;
  readonly #limits = new LimitReader();
  /** Set by the first flag that cannot be obeyed. */
  problem: string | undefined;

  /**
   * Takes the flag at `args[at]` if it is one of the common ones, and gives the index after it; the same index otherwise.
   * After a problem, `problem` is set and the result means nothing.
   */
  read(args: readonly string[], at: number): number {
    const flag = args[at]!;
    if (flag.charCodeAt(0) !== 45 /* - */) return at;
    switch (flag) {
      case '--json':
      case '-j':
        return this.#setMode('json', at);
      case '--text':
      case '-t':
        return this.#setMode('text', at);
      case '--ansi':
      case '-a':
        return this.#setMode('ansi', at);
      case '--no-hints':
      case '-nh':
        this.#hints = false;
        return at + 1;
      case '--explain-engine':
        this.#explainEngine = true;
        return at + 1;
      case '--engine':
      case '--tools':
      case '--mcp': {
        const value = args[at + 1];
        if (value === undefined)
          return this.#fail(`${flag} needs ${flag === '--engine' ? 'a name' : 'a path'} after it`, at);
        if (flag === '--engine') return this.#setEngine(value, value, at + 2);
        if (flag === '--tools') this.#tools = value;
        else this.#mcp = value;
        return at + 2;
      }
    }
    if (Object.hasOwn(ENGINE_FLAGS, flag)) return this.#setEngine(ENGINE_FLAGS[flag]!, flag, at + 1);
    if (flag.startsWith('--engine=')) {
      const name = flag.slice('--engine='.length);
      return this.#setEngine(name, name, at + 1);
    }
    if (flag.startsWith('--')) {
      const equals = flag.indexOf('=');
      const name = equals < 0 ? flag : flag.slice(0, equals);
      if (LIMIT_FLAG_NAMES.includes(name)) {
        const next = equals < 0 ? at + 2 : at + 1;
        const problem = this.#limits.set(name, equals < 0 ? args[at + 1] : flag.slice(equals + 1));
        return problem === undefined ? next : this.#fail(problem, at);
      }
    }
    return at;
  }

  silenceHints(): void {
    this.#hints = false;
  }

  options(): Options {
    return {
      ansi: this.#mode === 'ansi',
      text: this.#mode === 'text',
      json: this.#mode === 'json',
      hints: this.#hints,
      engine: this.#engine ?? DEFAULT_ENGINE,
      engineGiven: this.#engine !== undefined,
      explainEngine: this.#explainEngine,
      tools: this.#tools,
      mcp: this.#mcp,
      ...this.#limits.result(),
    };
  }

  #setMode(mode: 'ansi' | 'text' | 'json', at: number): number {
    if (this.#mode !== undefined && this.#mode !== mode) {
      return this.#fail('--json, --text, and --ansi are mutually exclusive', at);
    }
    this.#mode = mode;
    return at + 1;
  }

  #setEngine(name: string, spelling: string, next: number): number {
    const engine = findEngine(name);
    if (engine === undefined)
      return this.#fail(`no engine is called '${name}'; known: ${engineNames().join(', ')}`, next);
    const group = ENGINE_FLAGS[spelling] ?? name;
    if (this.#engineSpelling !== undefined && this.#engineSpelling !== group) {
      return this.#fail(
        '--run, --run-tree, --run-vm, --run-cranelift, --run-jit, --run-llvm are mutually exclusive',
        next,
      );
    }
    this.#engineSpelling = group;
    this.#engine = engine;
    return next;
  }

  #fail(problem: string, at: number): number {
    this.problem ??= problem;
    return at + 1;
  }
}

/**
 * Parses `ilo [flags] SOURCE [flags] [function] [arguments]`. `verb` is true after `ilo run`, where `-e` is the formatter's
 * flag; bare, `-e CODE` says that what follows is code.
 */
export function parseRun(args: readonly string[], verb: boolean): Parsed<RunRequest> {
  const reader = new OptionReader();
  const permissions = new PermissionReader();
  const rest: string[] = [];
  let source: string | undefined;
  let codeOnly = false;
  let action: Action = 'run';
  let stages: readonly string[] = [];
  let target = '';
  let dataFrom = Number.POSITIVE_INFINITY;
  for (let at = 0; at < args.length; ) {
    const arg = args[at]!;
    if (arg === '--') {
      const data = args.slice(at + 1);
      if (source === undefined) source = data.shift();
      dataFrom = rest.length;
      rest.push(...data);
      break;
    }
    let next = reader.read(args, at);
    if (next === at) next = permissions.read(args, at);
    const problem = reader.problem ?? permissions.problem;
    if (problem !== undefined) return { problem };
    if (next !== at) {
      at = next;
      continue;
    }
    at++;
    if (arg === '--ast') {
      action = 'ast';
      continue;
    }
    if (arg === '--dump' || arg.startsWith('--dump=')) {
      action = 'dump';
      stages = arg.slice('--dump='.length).split(',');
      continue;
    }
    const beforeData = source === undefined || rest.length === 0;
    if (beforeData && (arg === '--emit' || arg.startsWith('--emit='))) {
      action = 'emit';
      target = arg === '--emit' ? (args[at++] ?? '') : arg.slice('--emit='.length);
      continue;
    }
    if (source === undefined && arg === '-n') {
      // The short form is only a flag in front: behind the source it may be what the program is given.
      reader.silenceHints();
      continue;
    }
    if (source === undefined && arg === '-e' && !verb) {
      source = args[at++];
      codeOnly = true;
      if (source === undefined) return { problem: '-e needs a program after it', advice: USAGE };
      continue;
    }
    if (beforeData && Object.hasOwn(ACTION_FLAGS, arg)) {
      action = ACTION_FLAGS[arg]!;
      continue;
    }
    if (source === undefined) {
      if (looksLikeFlag(arg)) return unknownFlag(arg);
      source = arg;
      continue;
    }
    if (arg.startsWith('--') && looksLikeFlag(arg) && nearestFlag(arg) !== undefined) return unknownFlag(arg);
    rest.push(arg);
  }
  if (source === undefined) return { problem: 'there is no program to run', advice: USAGE };
  if (source === '') return { problem: 'empty code string', advice: USAGE };
  const options = reader.options();
  return {
    ok: { source, codeOnly, action, stages, target, rest, dataFrom, options, permissions: permissions.result() },
  };
}

export interface SimpleRequest {
  readonly operands: readonly string[];
  /** Flags of the command that were given, without a value. */
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly options: Options;
}

/**
 * Parses the arguments of every other command: the common flags, the command's own `switches`, its `valued` flags (the next
 * argument is the value) and operands, in any order.
 */
export function parseSimple(
  args: readonly string[],
  switches: readonly string[],
  valued: readonly string[] = [],
): Parsed<SimpleRequest> {
  const reader = new OptionReader();
  const operands: string[] = [];
  const flags = new Set<string>();
  const values = new Map<string, string>();
  for (let at = 0; at < args.length; ) {
    const arg = args[at]!;
    if (arg === '--') {
      operands.push(...args.slice(at + 1));
      break;
    }
    if (switches.includes(arg)) {
      flags.add(arg);
      at++;
    } else if (valued.includes(arg)) {
      const value = args[at + 1];
      if (value === undefined) return { problem: `${arg} needs a value after it` };
      values.set(arg, value);
      at += 2;
    } else {
      const next = reader.read(args, at);
      if (reader.problem !== undefined) return { problem: reader.problem };
      if (next === at) {
        if (looksLikeFlag(arg)) return unknownFlag(arg, [...switches, ...valued, ...OTHER_FLAGS]);
        operands.push(arg);
        at++;
      } else at = next;
    }
  }
  return { ok: { operands, flags, values, options: reader.options() } };
}

function unknownFlag(flag: string, known?: readonly string[]): { problem: string; advice: string } {
  const near = nearestFlag(flag, known);
  return {
    problem: `unknown flag '${flag}'`,
    advice: `${near === undefined ? '' : `did you mean '${near}'? `}To pass it to the program, put '--' before it.`,
  };
}

function nearestFlag(flag: string, known?: readonly string[]): string | undefined {
  return nearest(
    flag,
    known ?? [...OTHER_FLAGS, ...RUN_PERMISSION_FLAGS, ...Object.keys(ENGINE_FLAGS), ...Object.keys(ACTION_FLAGS)],
  );
}
