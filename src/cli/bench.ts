// `ilo bench`: one call of a program on every engine, as a table, as JSON, and as a picture.
//
// What a program does to the world cannot be repeated a million times: files, the network and tools are refused. What it prints
// goes nowhere, sleeping takes no time, and a note says so.
import type { CoreUnit } from '../core/core.ts';
import { visitFunction } from '../core/visit.ts';
import { faultDiagnostic } from '../diag/fault.ts';
import { BUILTINS } from '../lang/ilo/builtins/table.ts';
import {
  type BenchCall,
  callOnce,
  disagreeing,
  type EngineTimes,
  steadiness,
  timeEngines,
} from '../runtime/bench-engines.ts';
import { ENGINES, REFERENCE_ENGINE } from '../runtime/engines.ts';
import { createNodeHost } from '../runtime/host/node-host.ts';
import { loadProgram } from '../runtime/program.ts';
import { reachableFunctions } from '../runtime/reach.ts';
import { parseRun, type RunRequest } from './arguments.ts';
import { measurePython, type PythonTimes } from './bench-python.ts';
import { drawBars, showTime } from './bench-svg.ts';
import { type Console, EXIT, printForeignHints, refuse, report } from './console.ts';
import { pythonOf } from './emit.ts';
import { chooseEntry, functionsOf, readArguments } from './entry.ts';
import { readImport, readSource, sourcesOf } from './source.ts';

interface BenchFlags {
  readonly seconds: number;
  readonly svg: string | undefined;
}

const MOST_SECONDS = 600;

/** `ilo bench SOURCE …`. */
export async function benchCommand(args: readonly string[], console: Console): Promise<number> {
  const others: string[] = [];
  let seconds = 1;
  let svg: string | undefined;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    if (arg === '--') {
      others.push(...args.slice(at));
      break;
    }
    const [name, inline] = arg.startsWith('--') ? splitFlag(arg) : [arg];
    if (name !== '--seconds' && name !== '--svg') others.push(arg);
    else {
      const value = inline ?? args[++at];
      if (value === undefined) return refuse(console, `${name} needs a value after it`);
      if (name === '--svg') svg = value;
      else seconds = /^\d+(\.\d+)?$/.test(value) ? Number(value) : 0;
    }
  }
  if (seconds <= 0 || seconds > MOST_SECONDS) {
    return refuse(console, `--seconds needs a number above 0 and up to ${MOST_SECONDS} after it`);
  }
  const parsed = parseRun(others, false);
  if ('problem' in parsed) return refuse(console, parsed.problem, parsed.advice);
  return benchRequest(parsed.ok, console, { seconds, svg });
}

/** Measures what a run's command line asks for. */
export async function benchRequest(
  request: RunRequest,
  console: Console,
  flags: BenchFlags = { seconds: 1, svg: undefined },
): Promise<number> {
  const { options } = request;
  if (options.explainEngine) {
    return refuse(
      console,
      'bench has no --explain-engine: every engine of its table runs the call',
      'It belongs to ilo run.',
    );
  }
  const source = readSource(request.source, request.codeOnly);
  if ('diagnostic' in source) {
    await report([source.diagnostic], () => undefined, options, console);
    return EXIT.refused;
  }
  const { text, file } = source;
  const loaded = loadProgram(text, { readFile: readImport, entry: 'checked', ...(file === undefined ? {} : { file }) });
  const sources = sourcesOf(text, file, loaded.imported);
  await report(loaded.diagnostics, sources, options, console);
  if (loaded.unit === undefined) {
    if (options.hints) await printForeignHints(text, loaded.diagnostics, options, console);
    return EXIT.refused;
  }
  const functions = functionsOf(loaded.program);
  const entry = chooseEntry(functions, request.rest, request.dataFrom, file !== undefined);
  if (entry.kind !== 'call') {
    const names = functions.map(fn => fn.name).join(', ');
    const problem = entry.kind === 'unknown' ? `there is no function '${entry.name}'` : 'say which function to measure';
    return refuse(console, problem, names === '' ? 'There is none.' : `There are: ${names}`);
  }
  const read = readArguments(loaded.program, entry.fn, entry.words);
  if ('diagnostic' in read) {
    await report([read.diagnostic], sources, options, console);
    return EXIT.failed;
  }
  const effects = effectsOf(loaded.unit, loaded.unit.byName.get(entry.fn.name)!);
  if (effects.refused.length > 0) {
    const what = effects.refused.join(', ');
    return refuse(
      console,
      `this program cannot be measured: it uses ${what}`,
      'Measure a function that only computes.',
    );
  }
  const call: BenchCall = {
    unit: loaded.unit,
    name: entry.fn.name,
    args: read.args,
    environment: effects.environment ? definedOnly(console.env) : {},
    maxDepth: options.maxDepth,
    limits: options.limits,
  };
  const engines = ENGINES.map(({ name }) => name).filter(name => !options.engineGiven || name === options.engine);
  const progress = progressOn(console);
  progress('comparing the engines');
  const known = options.engineGiven && options.engine !== REFERENCE_ENGINE ? [REFERENCE_ENGINE, ...engines] : engines;
  const first = known.map(engine => callOnce(call, engine));
  const different = disagreeing(first);
  const [oracle] = first;
  if (different.length > 0 || oracle!.fault !== undefined) {
    progress('');
    if (different.length > 0) return reportDisagreement([oracle!, ...different], console);
    await report([faultDiagnostic(oracle!.fault!, oracle!.fault!.file)], sources, options, console);
    return EXIT.failed;
  }
  const inPython = (): PythonTimes | undefined => {
    progress(`measuring ${PYTHON}`);
    const emitted = pythonOf(loaded, sources);
    return 'missing' in emitted ? undefined : measurePython(emitted.text, entry.fn.name, entry.words, flags.seconds);
  };
  const measured = options.engineGiven || !effects.repeatable ? undefined : inPython();
  const python = measured?.seen === oracle!.seen ? measured : undefined;
  if (measured !== undefined && python === undefined) {
    effects.notes.push(`${PYTHON} is left out, because it gave something else: ${shorten(measured.seen, 80)}`);
  }
  const times = timeEngines(call, engines, flags.seconds, progress);
  progress('');
  const title = [entry.fn.name, ...entry.words.map(word => shorten(word))].join(' ');
  const rows: Row[] = times.map(time => ({
    ...time,
    firstMilliseconds: first.find(({ engine }) => engine === time.engine)!.milliseconds,
  }));
  if (python !== undefined) {
    rows.push({ ...python.times, engine: PYTHON, firstMilliseconds: python.firstMilliseconds });
    effects.notes.push(`${PYTHON} is ${python.version} with the program that --emit python prints.`);
  }
  if (flags.svg !== undefined) {
    const written = createNodeHost({ output: console.out, errorOutput: console.err }).writeFile(
      flags.svg,
      drawBars(
        title,
        'time for one call, median; logarithmic, shorter is better',
        rows.map(row => ({ label: row.engine, value: row.median, note: ratioOf(row, rows) })),
      ),
    );
    if ('err' in written) {
      console.err.write(`error: cannot write ${flags.svg}: ${written.err}\n`);
      return EXIT.failed;
    }
  }
  console.out.write(
    options.json ? asJson(title, flags.seconds, rows, effects.notes) : asTable(title, rows, effects.notes),
  );
  return EXIT.ok;
}

/** The line of Python in the ladder. */
const PYTHON = 'python';

interface Row extends Omit<EngineTimes, 'engine'> {
  readonly engine: string;
  readonly firstMilliseconds: number;
}

function asTable(title: string, rows: readonly Row[], notes: readonly string[]): string {
  const cells = rows.map(row => [
    row.engine,
    showTime(row.median),
    `±${(row.spread * 100).toFixed(0)} %`,
    ratioOf(row, rows),
    showTime(row.firstMilliseconds * 1e6),
    `${row.samples} × ${row.callsPerSample}`,
  ]);
  const lines = [['engine', 'per call', 'spread', 'of fastest', 'first call', 'samples × calls'], ...cells];
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map(line => line[column]!.length)));
  const body = lines.map(line =>
    line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
  );
  const worst = rows.reduce((a, b) => (a.spread > b.spread ? a : b));
  const verdict = {
    steady: 'The numbers are steady.',
    usable: `The numbers moved a little (${worst.engine} most): differences below ${percent(worst.spread * 2)} mean nothing.`,
    unsteady: `The numbers are not steady (${worst.engine} least): the machine is busy. Try again, or --seconds 5.`,
  }[steadiness(worst.spread)];
  const agreed = rows.length > 1 ? 'All engines gave the same answer. ' : '';
  return [`${title}: one call`, '', ...body, '', `${agreed}${verdict}`, ...notes, ''].join('\n');
}

function percent(share: number): string {
  return `${Math.ceil(share * 100)} %`;
}

function asJson(title: string, seconds: number, rows: readonly Row[], notes: readonly string[]): string {
  const fastest = Math.min(...rows.map(row => row.median));
  const engines = rows.map(row => ({
    engine: row.engine,
    medianNs: row.median,
    bestNs: row.best,
    spread: row.spread,
    steadiness: steadiness(row.spread),
    ratio: row.median / fastest,
    firstCallMs: row.firstMilliseconds,
    samples: row.samples,
    callsPerSample: row.callsPerSample,
  }));
  return `${JSON.stringify({ call: title, seconds, node: process.versions.node, agree: true, engines, notes })}\n`;
}

function ratioOf(row: Row, rows: readonly Row[]): string {
  const ratio = row.median / Math.min(...rows.map(({ median }) => median));
  return `${ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(0)}x`;
}

function reportDisagreement(
  calls: readonly { readonly engine: string; readonly seen: string }[],
  console: Console,
): number {
  const lines = calls.map(({ engine, seen }) => `  ${engine}: ${shorten(seen, 200)}\n`).join('');
  console.err.write(`error: the engines do not agree; please report it together with the program\n${lines}`);
  return EXIT.internal;
}

interface Effects {
  readonly refused: readonly string[];
  readonly notes: string[];
  readonly environment: boolean;
  /** Whether another process comes to the same answer. */
  readonly repeatable: boolean;
}

/** What the call could do besides computing. A function that is only named in a text counts as well: it may be called. */
function effectsOf(unit: CoreUnit, callee: number): Effects {
  const refused = new Set<string>();
  const notes = new Set<string>();
  let environment = false;
  let repeatable = true;
  const look = (name: string): void => {
    switch (BUILTINS.get(name)?.effect) {
      case 'read':
      case 'write':
        refused.add(`files (${name})`);
        break;
      case 'net':
        refused.add(`the network (${name})`);
        break;
      case 'print':
        notes.add('What the program prints was not written.');
        break;
      case 'sleep':
        notes.add('Sleeping took no time.');
        repeatable = false;
        break;
      case 'clock':
        notes.add('The clock stood still.');
        repeatable = false;
        break;
      case 'random':
        notes.add('Random numbers came from a fixed row.');
        repeatable = false;
        break;
      case 'env':
        environment = true;
        break;
    }
  };
  for (const index of reachableFunctions(unit, callee)) {
    visitFunction(unit.functions[index]!, expr => {
      if (expr.kind === 'builtin') look(expr.name);
      else if (expr.kind === 'function' && expr.callee < 0) look(expr.name);
      else if (expr.kind === 'tool') refused.add(`the tool ${unit.tools[expr.tool]!.name}`);
    });
  }
  return { refused: [...refused], notes: [...notes], environment, repeatable };
}

function definedOnly(env: Console['env']): Record<string, string> {
  const defined: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) if (value !== undefined) defined[name] = value;
  return defined;
}

/** Shows what happens on one line of a terminal, which an empty text clears; says nothing to anybody else. */
function progressOn(console: Console): (what: string) => void {
  if (!console.errIsTerminal()) return () => {};
  return what => {
    console.err.write(`\r\x1b[2K${what}`);
    console.err.flush();
  };
}

function splitFlag(flag: string): readonly [string, string?] {
  const equals = flag.indexOf('=');
  return equals < 0 ? [flag] : [flag.slice(0, equals), flag.slice(equals + 1)];
}

function shorten(text: string, most = 24): string {
  const chars = [...text];
  return chars.length <= most ? text : `${chars.slice(0, most - 1).join('')}…`;
}
