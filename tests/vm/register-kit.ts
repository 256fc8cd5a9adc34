// Runs programs on a machine made by the test and records everything that engines have to agree on.
import { readdirSync, readFileSync } from 'node:fs';
import { chooseEntry, functionsOf, readArguments } from '../../src/cli/entry.ts';
import { readImport } from '../../src/cli/source.ts';
import type { TestCase } from '../../src/cli/test-cases.ts';
import type { CoreUnit } from '../../src/core/core.ts';
import { Fault } from '../../src/core/fault.ts';
import type { Host } from '../../src/core/host.ts';
import { type Limits, Meter } from '../../src/core/meter.ts';
import { showValue } from '../../src/core/value/show.ts';
import type { Value } from '../../src/core/value/value.ts';
import { BUILTINS } from '../../src/lang/ilo/builtins/table.ts';
import { lower } from '../../src/lang/ilo/lower/lower.ts';
import { parse } from '../../src/lang/ilo/parse.ts';
import { prove } from '../../src/lang/ilo/prove.ts';
import { makeContext } from '../../src/lang/ilo/verify.ts';
import { collectDeclarations } from '../../src/lang/ilo/verify-declarations.ts';
import { loadProgram } from '../../src/runtime/program.ts';
import { makeServices } from '../../src/runtime/services.ts';
import type { Machine, RunServices } from '../../src/vm/engine.ts';
import { expectationsOf, testHost } from '../programs/expectations.ts';

export const PROGRAMS = 'tests/programs/ilo';
export const EXAMPLES = 'examples';

export interface Run {
  readonly label: string;
  readonly unit: CoreUnit;
  readonly callee: number;
  readonly args: readonly Value[];
  /** What the program can read; the files of the test programs when missing. */
  readonly files?: ReadonlyMap<string, string>;
}

export type MakeMachine = (unit: CoreUnit, services: RunServices) => Machine;

/** A program with its functions, or an exception that says what is wrong with it. */
export function load(source: string): CoreUnit {
  const { unit, diagnostics } = loadProgram(source, { readFile: readImport });
  if (!unit) throw new Error(diagnostics.map(each => `${each.code} ${each.message}`).join('; '));
  return unit;
}

/** Core of a program that need not verify. */
export function lowerAny(source: string): CoreUnit {
  const { program } = parse(source);
  const context = makeContext(BUILTINS);
  collectDeclarations(context, program);
  prove(program, context);
  return lower(program, BUILTINS);
}

/** The call of the first function of a program. */
export function first(source: string, args: readonly Value[] = []): Run {
  return { label: source, unit: load(source), callee: 0, args };
}

/** The cases of all programs under a folder. */
export function programRuns(folder: string): Run[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ilo'));
  return names.sort().flatMap(name => runsOf(`${folder}/${name}`, name, text => expectationsOf(text).cases));
}

/** The examples: each as `ilo run` runs it, and their cases. */
export function exampleRuns(): Run[] {
  const data = readdirSync(`${EXAMPLES}/data`).map(name => `${EXAMPLES}/data/${name}`);
  const files = new Map([...data, 'package-lock.json'].map(path => [path, readFileSync(path, 'utf8')]));
  const names = readdirSync(EXAMPLES).filter(name => name.endsWith('.ilo'));
  const runs = names.flatMap(name =>
    runsOf(`${EXAMPLES}/${name}`, name, text => [{ line: 1, words: [] }, ...expectationsOf(text).cases]),
  );
  return runs.map(run => ({ ...run, files }));
}

function runsOf(
  path: string,
  name: string,
  casesOf: (text: string) => readonly Pick<TestCase, 'line' | 'words'>[],
): Run[] {
  const text = readFileSync(path, 'utf8');
  const { program, unit } = loadProgram(text, { file: path, readFile: readImport });
  if (unit === undefined) return [];
  return casesOf(text).flatMap((test): Run[] => {
    const entry = chooseEntry(functionsOf(program), test.words, Number.POSITIVE_INFINITY, true);
    if (entry.kind !== 'call') return [];
    const read = readArguments(program, entry.fn, entry.words);
    const callee = unit.byName.get(entry.fn.name);
    if ('diagnostic' in read || callee === undefined) return [];
    return [{ label: `${name}:${test.line}`, unit, callee, args: read.args }];
  });
}

export interface Options {
  readonly limits?: Limits | undefined;
  readonly maxDepth?: number;
  /** Calls the function; the machine's own `run` when missing. */
  readonly call?: ((machine: Machine, callee: number, args: readonly Value[]) => Value) | undefined;
}

/** What a run did, as data that can be compared. */
export function observe(run: Run, make: MakeMachine, options: Options = {}): unknown {
  const host = testHost(run.files);
  const meter = options.limits === undefined ? undefined : new Meter(options.limits, () => 0);
  let seed = 1;
  const services = makeServices({
    builtins: BUILTINS,
    host: host as Host,
    maxDepth: options.maxDepth ?? 10_000,
    meter,
    random: () => {
      seed = (seed * 48271) % 2147483647;
      return seed / 2147483647;
    },
    callValue: (value, values) => machine.callValue(value, values, ''),
  });
  const machine = make(run.unit, services);
  const usage = (): unknown => (meter === undefined ? {} : { fuel: meter.fuel, bytes: meter.bytes });
  const call = options.call ?? ((made, callee, args) => made.run(callee, args));
  try {
    const value = call(machine, run.callee, run.args);
    return { value: showValue(value), output: host.output(), ...(usage() as object) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { code, message, span, calls, file } = error;
    return { code, message, span, calls: calls.join(' '), file, output: host.output(), ...(usage() as object) };
  }
}
