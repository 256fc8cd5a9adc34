// Programs broken at random, and the check that whatever they have become ends in diagnostics or results. Everything depends on
// a seed alone, so that a finding can be made again. Used by the test beside this file and by scripts/mutate.mjs.

import { chooseEntry, functionsOf, readArguments } from '../../src/cli/entry.ts';
import { sourcesOf } from '../../src/cli/source.ts';
import { findCases } from '../../src/cli/test-cases.ts';
import { checkUnit } from '../../src/core/check.ts';
import { Fault } from '../../src/core/fault.ts';
import type { Host } from '../../src/core/host.ts';
import type { Type } from '../../src/core/type.ts';
import { writeJson } from '../../src/core/value/json.ts';
import { List } from '../../src/core/value/list.ts';
import { MapValue } from '../../src/core/value/map.ts';
import { Ok } from '../../src/core/value/result.ts';
import { showValue } from '../../src/core/value/show.ts';
import type { Value } from '../../src/core/value/value.ts';
import type { Diagnostic } from '../../src/diag/diagnostic.ts';
import { faultDiagnostic } from '../../src/diag/fault.ts';
import { renderDiagnostic } from '../../src/diag/mode.ts';
import { programJson } from '../../src/lang/ilo/ast-json.ts';
import { explainProgram } from '../../src/lang/ilo/explain.ts';
import { formatProgram } from '../../src/lang/ilo/format/format.ts';
import { collectHints } from '../../src/lang/ilo/hints.ts';
import { ENGINES, type EngineName } from '../../src/runtime/engines.ts';
import { createVirtualHost } from '../../src/runtime/host/virtual-host.ts';
import { type Loaded, loadProgram, runProgram } from '../../src/runtime/program.ts';
import { makeRandom } from '../lang/random-programs.ts';

type Random = (bound: number) => number;

/** Tokens and pieces that begin, end or bend something. */
const PIECES = [
  ...'()[]{};:,.?!~^$@+-*/<>=&|"_\\ \n\t\r\0',
  ...[
    '>>',
    '??',
    '!!',
    '.?',
    '>=',
    '..',
    '+=',
    '--',
    '\\n',
    '\\u',
    '{}',
    '[]',
    '""',
    '0',
    '-1',
    '1e999',
    '0.1',
    'x',
    'n',
    't',
  ],
  ...[
    'nil',
    'true',
    'ret ',
    'wh ',
    'brk',
    'cnt',
    'use "a"',
    'type p{x:n}',
    'tool ',
    'alias ',
    'with ',
    'L ',
    'O ',
    'M t ',
    'R n t',
  ],
  ...[
    'F n n',
    'S a b',
    'f x:n>n;',
    'map ',
    'flt ',
    'fld ',
    'len ',
    'srt ',
    'at ',
    '(x:n>n;x)',
    '\u{1f600}',
    'é',
    '\ufeff',
    '\u2028',
  ],
];

/** Changes a program in one to four places: bytes flipped, deleted, inserted, repeated, and pieces or tokens taken from elsewhere. */
export function mutate(source: string, corpus: readonly string[], seed: number): string {
  const random = makeRandom(seed);
  let text = source;
  for (let rounds = 1 + random(4); rounds > 0; rounds--)
    text = MUTATIONS[random(MUTATIONS.length)]!(text, corpus, random);
  return text;
}

const WORD = /[A-Za-z0-9_]+(?:-[A-Za-z0-9_]+)*|"[^"\n]*"|\s+|./gsu;

const MUTATIONS: readonly ((text: string, corpus: readonly string[], random: Random) => string)[] = [
  function flipBit(text, _, random) {
    const bytes = Buffer.from(text);
    if (bytes.length > 0) bytes[random(bytes.length)]! ^= 1 << random(8);
    // What is not UTF-8 any more never gets past reading the file; here it becomes U+FFFD.
    return bytes.toString();
  },
  function remove(text, _, random) {
    const at = random(text.length + 1);
    return text.slice(0, at) + text.slice(at + 1 + random(random(4) === 0 ? 60 : 3));
  },
  function insertPiece(text, _, random) {
    const at = random(text.length + 1);
    return text.slice(0, at) + PIECES[random(PIECES.length)] + text.slice(at);
  },
  function repeat(text, _, random) {
    const at = random(text.length + 1);
    const piece = text.slice(at, at + 1 + random(20));
    return text.slice(0, at) + piece.repeat(1 + random(4)) + text.slice(at);
  },
  function splice(text, corpus, random) {
    const other = corpus[random(corpus.length)]!;
    const from = random(other.length + 1);
    const at = random(text.length + 1);
    return text.slice(0, at) + other.slice(from, from + random(80)) + text.slice(at + random(20));
  },
  function cut(text, _, random) {
    const at = random(text.length + 1);
    return random(2) === 0 ? text.slice(0, at) : text.slice(at);
  },
  function swapTokens(text, _, random) {
    const words = text.match(WORD) ?? [];
    if (words.length < 2) return text;
    const first = random(words.length);
    const second = random(words.length);
    [words[first], words[second]] = [words[second]!, words[first]!];
    return words.join('');
  },
  function replaceToken(text, corpus, random) {
    const words = text.match(WORD) ?? [];
    const others = corpus[random(corpus.length)]!.match(WORD) ?? [];
    if (words.length === 0 || others.length === 0) return text;
    words[random(words.length)] = random(2) === 0 ? others[random(others.length)]! : words[random(words.length)]!;
    return words.join('');
  },
  function removeLine(text, _, random) {
    const lines = text.split('\n');
    lines.splice(random(lines.length), 1);
    return lines.join('\n');
  },
];

export interface Tried {
  readonly loaded: boolean;
  readonly ran: number;
  /** What went wrong in ilo itself; undefined when all is well. */
  readonly problem: string | undefined;
}

/** Takes a text through everything that the command line would do with it. Never throws. */
export function tryProgram(text: string): Tried {
  let step = 'load';
  let loaded = false;
  let ran = 0;
  try {
    const program = loadProgram(text, { file: 'mutant.ilo', readFile: path => ({ err: `no ${path}` }) });
    step = 'render';
    checkDiagnostics(text, program);
    step = 'syntax tree';
    JSON.parse(programJson(program.program));
    if (program.unit !== undefined) {
      loaded = true;
      step = 'check';
      checkUnit(program.unit);
      step = 'hints';
      collectHints(program.program);
      step = 'explain';
      explainProgram(program.program);
      step = 'format';
      formatProgram(program.program, 'dense');
      formatProgram(program.program, 'expanded');
      step = 'run';
      ran = runSome(text, program);
    }
    return { loaded, ran, problem: undefined };
  } catch (error) {
    const what = error instanceof Error ? `${error.stack}`.slice(0, 2000) : JSON.stringify(error);
    return { loaded, ran, problem: `${step}: ${what}` };
  }
}

function checkDiagnostics(text: string, { diagnostics, imported }: Loaded): void {
  const sources = sourcesOf(text, 'mutant.ilo', imported);
  // A mistake in a long program can have followers without number; the first show that all can be shown.
  for (const diagnostic of diagnostics.slice(0, 20)) checkDiagnostic(diagnostic, text, sources);
}

function checkDiagnostic(diagnostic: Diagnostic, text: string, sources: ReturnType<typeof sourcesOf>): void {
  if (!/^ILO-[LPTWR][0-9]{3}$/.test(diagnostic.code)) throw new Error(`strange code ${diagnostic.code}`);
  if (diagnostic.message === '' || /undefined$|\[object|\{[a-z]+\}$/.test(diagnostic.message))
    throw new Error(`strange message ${diagnostic.message}`);
  for (const { span } of diagnostic.labels)
    if (!(span.start >= 0 && span.start <= span.end && span.end <= text.length))
      throw new Error(`${diagnostic.code} at ${span.start}..${span.end} of ${text.length}`);
  for (const mode of ['ansi', 'text'] as const) renderDiagnostic(diagnostic, sources, mode);
  JSON.parse(renderDiagnostic(diagnostic, sources, 'json'));
}

/** Small enough that any mutant is done in an instant, whatever loop it has become. */
const LIMITS = { fuel: 20_000, alloc: 16 << 20, output: 100_000 };

function runSome(text: string, loaded: Loaded): number {
  const { program, unit } = loaded;
  if (unit === undefined) return 0;
  const functions = functionsOf(program);
  const calls: { name: string; args: readonly Value[] }[] = [];
  for (const test of findCases(text).slice(0, 3)) {
    const entry = chooseEntry(functions, test.words, Number.POSITIVE_INFINITY, true);
    if (entry.kind !== 'call') continue;
    const read = readArguments(program, entry.fn, entry.words);
    if ('args' in read) calls.push({ name: entry.fn.name, args: read.args });
  }
  for (const fn of functions.slice(0, 6))
    if (fn.params.length < 6) calls.push({ name: fn.name, args: fn.params.map(param => someValue(param.type, 0)) });
  for (const { name, args } of calls) {
    const answers = ENGINES.map(engine => answer(engine.name, loaded, name, args, text));
    const other = answers.findIndex(seen => seen !== answers[0]);
    if (other > 0) throw new Error(`${ENGINES[other]!.name} gives ${answers[other]}, ${ENGINES[0].name} ${answers[0]}`);
  }
  return calls.length;
}

/** How a call ends on an engine, what it used and what it printed, as one line. */
function answer(engine: EngineName, loaded: Loaded, name: string, args: readonly Value[], text: string): string {
  const host = createVirtualHost({ now: 1_700_000_000 });
  const options = { host: host as Host, engine, limits: LIMITS, maxDepth: 200, random: () => 0.5 };
  const result = runProgram(loaded.unit!, name, args, options);
  const after = `fuel ${result.usage?.fuel} bytes ${result.usage?.bytes} after ${JSON.stringify(host.output())}`;
  if ('value' in result) return `${written(result.value)} ${after}`;
  const { fault } = result;
  const sources = sourcesOf(text, 'mutant.ilo', loaded.imported);
  if (fault.file === undefined) checkDiagnostic(faultDiagnostic(fault), text, sources);
  return `${fault.code} ${fault.message} at ${fault.span?.start} in ${fault.calls.join('>')} ${after}`;
}

function written(value: Value): string {
  try {
    JSON.parse(writeJson(value, { results: 'wrap' }));
    return showValue(value);
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
}

function someValue(type: Type, depth: number): Value {
  switch (type.kind) {
    case 'num':
      return 3;
    case 'text':
    case 'sum':
      return 'a b';
    case 'bool':
      return true;
    case 'list':
      return new List(depth > 5 ? [] : [someValue(type.of, depth + 1), someValue(type.of, depth + 1)]);
    case 'map':
      return new MapValue(new Map(depth > 5 ? [] : [['a', someValue(type.value, depth + 1)]]));
    case 'result':
      return new Ok(depth > 5 ? null : someValue(type.ok, depth + 1));
    default:
      return null;
  }
}
