// `ilo test`: runs the cases written into programs. Every case runs in this process, through the same calls as `ilo run`, with its
// output caught; a file is loaded once for all its cases.
import { readdirSync, statSync } from 'node:fs';
import { Fault } from '../core/fault.ts';
import { Err, Ok } from '../core/value/result.ts';
import { showValue } from '../core/value/show.ts';
import type { Diagnostic } from '../diag/diagnostic.ts';
import { faultDiagnostic } from '../diag/fault.ts';
import type { SourceLookup } from '../diag/source.ts';
import { renderText } from '../diag/text.ts';
import { writeTextFile } from '../runtime/host/files.ts';
import { type Loaded, loadProgram } from '../runtime/program.ts';
import { type Options, parseSimple } from './arguments.ts';
import { callEntry, openHost } from './call.ts';
import { type Console, EXIT, refuse, report } from './console.ts';
import { chooseEntry, functionsOf } from './entry.ts';
import { readImport, readProgramFile, sourcesOf } from './source.ts';
import { findCases, judge, type Observed, rewriteExpectations, type TestCase } from './test-cases.ts';
import type { OpenTools } from './tools/open.ts';

/** Milliseconds that one case may take, unless --timeout says otherwise. */
const CASE_TIMEOUT = 10_000;

interface Tally {
  passed: number;
  failed: number;
}

/** `ilo test FILE|DIRECTORY… [--update] [--verbose]`. */
export async function testCommand(args: readonly string[], console: Console): Promise<number> {
  const parsed = parseSimple(args, ['--update', '--verbose', '-v']);
  if ('problem' in parsed) return refuse(console, parsed.problem, parsed.advice);
  const { operands, flags, options } = parsed.ok;
  if (operands.length === 0) return refuse(console, 'there is nothing to test', 'ilo test FILE|DIRECTORY…');
  const setup = { update: flags.has('--update'), verbose: flags.has('--verbose') || flags.has('-v') };
  const runAll = (tools?: OpenTools): Promise<number> => testAll(operands, options, { ...setup, tools }, console);
  if (options.tools === undefined && options.mcp === undefined) return runAll();
  const { withTools } = await import('./tools/open.ts');
  return withTools(options, console, runAll);
}

interface Setup {
  readonly update: boolean;
  readonly verbose: boolean;
  readonly tools: OpenTools | undefined;
}

async function testAll(operands: readonly string[], options: Options, setup: Setup, console: Console): Promise<number> {
  const tally: Tally = { passed: 0, failed: 0 };
  let unreadable = false;
  for (const path of operands.flatMap(programsIn)) {
    const source = readProgramFile(path);
    if ('diagnostic' in source) {
      await report([source.diagnostic], () => undefined, options, console);
      unreadable = true;
      continue;
    }
    const problem = testProgram(path, source.text, options, setup, tally, console);
    if (problem !== undefined) return refuse(console, problem);
  }
  console.out.write(`${tally.passed} passed, ${tally.failed} failed\n`);
  if (unreadable) return EXIT.refused;
  if (tally.passed + tally.failed > 0) return tally.failed === 0 ? EXIT.ok : EXIT.failed;
  console.err.write('no -- run: lines found\n');
  return EXIT.failed;
}

/** The programs that an operand means: itself, or everything named `*.ilo` under a directory, in order of path. */
function programsIn(operand: string): string[] {
  if (!statSync(operand, { throwIfNoEntry: false })?.isDirectory()) return [operand];
  const base = operand.endsWith('/') ? operand : `${operand}/`;
  return readdirSync(operand, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ilo'))
    .sort()
    .map(name => base + name);
}

/** Runs the cases of one program and prints what failed. Gives a sentence when the file could not be updated. */
function testProgram(
  path: string,
  text: string,
  options: Options,
  { update, verbose, tools }: Setup,
  tally: Tally,
  console: Console,
): string | undefined {
  const cases = findCases(text);
  if (cases.length === 0) return undefined;
  const loaded = loadProgram(text, { file: path, readFile: readImport, entry: 'checked', tools: tools?.declared });
  const sources = sourcesOf(text, path, loaded.imported);
  const changed = new Map<number, Observed>();
  for (const test of cases) {
    const seen = observeSafely(() => observe(loaded, sources, path, test, options, tools, console));
    const problem = judge(test, seen);
    const title = `${path}::${test.words[0] ?? ''} (line ${test.line})`;
    if (problem !== undefined && update) changed.set(test.line, seen);
    if (problem === undefined || update) tally.passed++;
    else tally.failed++;
    if (problem === undefined) {
      if (verbose) console.out.write(`PASS  ${title}\n`);
    } else console.out.write(update ? `UPDATED  ${title}\n` : `FAIL  ${title} (${problem})\n`);
  }
  if (changed.size === 0) return undefined;
  const written = writeTextFile(path, rewriteExpectations(text, changed));
  return 'err' in written ? `cannot update '${path}': ${written.err}` : undefined;
}

/** A bug of ours fails the case in which it shows, and the others still run. */
function observeSafely(body: () => Observed): Observed {
  try {
    return body();
  } catch (error) {
    return { stdout: '', stderr: `internal error: ${(error as Error).message}`, code: EXIT.internal };
  }
}

/** What one case prints and ends with, as the run command would have it in text mode. */
function observe(
  { program, diagnostics, unit }: Loaded,
  sources: SourceLookup,
  path: string,
  test: TestCase,
  { engine, limits, maxDepth }: Options,
  tools: OpenTools | undefined,
  console: Console,
): Observed {
  const out: string[] = [];
  const err: string[] = [];
  const seen = (code: number): Observed => ({ stdout: out.join(''), stderr: err.join(''), code });
  const show = (diagnostic: Diagnostic) => err.push(renderText(diagnostic, sources));
  if (unit === undefined) {
    diagnostics.forEach(show);
    return seen(EXIT.refused);
  }
  const functions = functionsOf(program);
  const entry = chooseEntry(functions, test.words, Number.POSITIVE_INFINITY, true);
  if (entry.kind !== 'call') {
    const known = functions.map(({ name }) => name).join(', ');
    err.push(
      entry.kind === 'unknown' ? `error: no such function '${entry.name}' in ${path}` : 'error: no function to run',
    );
    err.push(` (available: ${known})\n`);
    return seen(EXIT.refused);
  }
  const host = openHost({ ...console, out: caught(out), err: caught(err) }, tools?.call);
  const outcome = callEntry(program, unit, entry.fn, entry.words, engine, host, {
    limits: { timeout: CASE_TIMEOUT, ...limits },
    maxDepth,
  });
  if ('diagnostic' in outcome) {
    show(outcome.diagnostic);
    return seen(EXIT.failed);
  }
  const { value, quiet } = outcome;
  try {
    if (value instanceof Err) {
      err.push(`${showValue(value)}\n`);
      return seen(EXIT.failed);
    }
    if (!quiet) out.push(`${showValue(value instanceof Ok ? value.value : value)}\n`);
    return seen(EXIT.ok);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    show(faultDiagnostic({ ...error, span: entry.fn.nameSpan }, entry.fn.file));
    return seen(EXIT.failed);
  }
}

function caught(parts: string[]): Console['out'] {
  return { write: text => void parts.push(text), flush: () => {} };
}
