// All engines against the tree engine: the programs of tests/programs with every limit in turn. Random programs are in tests/fuzz.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { chooseEntry, functionsOf, readArguments } from '../../src/cli/entry.ts';
import { readImport } from '../../src/cli/source.ts';
import { findCases } from '../../src/cli/test-cases.ts';
import type { Limits } from '../../src/core/meter.ts';
import { ENGINES } from '../../src/runtime/engines.ts';
import { loadProgram, type Usage } from '../../src/runtime/program.ts';
import { type Call, observe } from './observe.ts';

const ORACLE = 'tree';
const OTHERS = ENGINES.map(({ name }) => name).filter(name => name !== ORACLE);
const ROOT = 'tests/programs/ilo';
const COUNTED: Limits = { fuel: 1e12, alloc: 1e12, output: 1e12 };

const paths = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ilo') && !name.includes('modules'))
  .sort();

/** The calls that a program's cases make. */
function callsOf(text: string, path: string): Call[] {
  const { program, unit } = loadProgram(text, { file: path, readFile: readImport });
  if (unit === undefined) return [];
  return findCases(text).flatMap(({ words }) => {
    const chosen = chooseEntry(functionsOf(program), words, Number.POSITIVE_INFINITY, true);
    if (chosen.kind !== 'call') return [];
    const read = readArguments(program, chosen.fn, chosen.words);
    return 'diagnostic' in read ? [] : [{ unit, name: chosen.fn.name, args: read.args, maxDepth: 300 }];
  });
}

/** A call as it is, with everything counted, and with limits that strike on its way. */
function variantsOf(call: Call): Call[] {
  const { fuel, bytes, output } = observe({ ...call, limits: COUNTED }, ORACLE).usage as Usage;
  const variants = [call, { ...call, limits: COUNTED }, { ...call, maxDepth: 2 }];
  for (const share of [0.1, 0.5, 0.95]) variants.push({ ...call, limits: { fuel: Math.floor(fuel * share) } });
  for (const share of [0, 0.5, 0.95]) variants.push({ ...call, limits: { alloc: Math.floor(bytes * share) } });
  if (output > 1) variants.push({ ...call, limits: { output: output - 1, fuel: 1e12 } });
  return variants;
}

/** All that is to be compared of a program, and what the tree engine says to it: the same for every engine, so found once. */
const known = new Map<string, readonly { readonly variant: Call; readonly expected: Record<string, unknown> }[]>();
function expectationsOf(name: string) {
  let found = known.get(name);
  if (found === undefined) {
    const path = `${ROOT}/${name}`;
    const variants = callsOf(readFileSync(path, 'utf8'), path).flatMap(variantsOf);
    found = variants.map(variant => ({ variant, expected: observe(variant, ORACLE) }));
    known.set(name, found);
  }
  return found;
}

describe.each(OTHERS)('%s', engine => {
  test.each(paths)('%s', name => {
    for (const { variant, expected } of expectationsOf(name)) expect(observe(variant, engine)).toEqual(expected);
  });
});

test('the cases are many', () => {
  const calls = paths.flatMap(name => callsOf(readFileSync(`${ROOT}/${name}`, 'utf8'), `${ROOT}/${name}`));
  expect(calls.length).toBeGreaterThan(700);
});
