// Every program of tests/programs under limits: each engine stops where the tree engine stops, with the same fault at the same
// place, the same chain of calls, the same output so far, and the same amounts used.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { chooseEntry, functionsOf, readArguments } from '../../src/cli/entry.ts';
import { readImport } from '../../src/cli/source.ts';
import { findCases } from '../../src/cli/test-cases.ts';
import type { Host } from '../../src/core/host.ts';
import { showValue } from '../../src/core/value/show.ts';
import type { Value } from '../../src/core/value/value.ts';
import { ENGINES, type EngineName } from '../../src/runtime/engines.ts';
import { type Loaded, loadProgram, type RunOptions, runProgram } from '../../src/runtime/program.ts';
import { testHost } from '../programs/expectations.ts';

const ROOT = 'tests/programs/ilo';
/** Limits tried for one case, spread over what it uses. */
const STOPS = 3;
/** Longer programs would only take time. */
const MOST_FUEL = 20_000;
/** Within what the JavaScript stack of any thread holds: engines that stand on it end earlier than others. */
const DEPTH = 300;

interface Case {
  readonly loaded: Loaded;
  readonly name: string;
  readonly args: readonly Value[];
}

function casesOf(path: string): Case[] {
  const text = readFileSync(path, 'utf8');
  const loaded = loadProgram(text, { file: path, readFile: readImport });
  if (loaded.unit === undefined) return [];
  return findCases(text).flatMap(({ words }) => {
    const entry = chooseEntry(functionsOf(loaded.program), words, Number.POSITIVE_INFINITY, true);
    if (entry.kind !== 'call') return [];
    const read = readArguments(loaded.program, entry.fn, entry.words);
    return 'args' in read ? [{ loaded, name: entry.fn.name, args: read.args }] : [];
  });
}

function outcome({ loaded, name, args }: Case, engine: EngineName, options: Partial<RunOptions>) {
  const host = testHost();
  const all = { host: host as Host, engine, random: () => 0.25, maxDepth: DEPTH, ...options };
  const result = runProgram(loaded.unit!, name, args, all);
  const { usage } = result;
  const seen = { output: host.output(), usage };
  if ('value' in result) return { value: showValue(result.value), ...seen };
  const { code, message, span, calls, file } = result.fault;
  return { code, message, span, calls, file, ...seen };
}

function spread(most: number): number[] {
  const step = Math.max(1, Math.floor(most / STOPS));
  return [...new Set(Array.from({ length: STOPS + 1 }, (_, i) => Math.max(0, most - i * step)))];
}

const paths = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ilo') && !name.includes('modules'))
  .sort();

const OTHERS = ENGINES.map(({ name }) => name).filter(name => name !== 'tree');

test.each(paths)('%s', path => {
  for (const each of casesOf(`${ROOT}/${path}`)) {
    const same = (options: Partial<RunOptions>): void => {
      const expected = outcome(each, 'tree', options);
      for (const engine of OTHERS) {
        expect(outcome(each, engine, options), `${engine} ${JSON.stringify(options)}`).toEqual(expected);
      }
    };
    const { usage } = outcome(each, 'tree', { limits: { fuel: 1e9 } });
    if (usage === undefined || usage.fuel > MOST_FUEL) continue;
    same({});
    for (const fuel of spread(usage.fuel)) same({ limits: { fuel, alloc: 1e9 } });
    for (const alloc of spread(usage.bytes)) same({ limits: { alloc } });
    for (const output of spread(usage.output)) same({ limits: { output } });
    for (const maxDepth of [1, 3]) same({ maxDepth });
  }
});
