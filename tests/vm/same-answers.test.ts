// All engines against the tree engine: the programs of tests/programs with every limit in turn, and random programs.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { chooseEntry, functionsOf, readArguments } from '../../src/cli/entry.ts';
import { readImport } from '../../src/cli/source.ts';
import { findCases } from '../../src/cli/test-cases.ts';
import type { CoreUnit } from '../../src/core/core.ts';
import type { Limits } from '../../src/core/meter.ts';
import { List } from '../../src/core/value/list.ts';
import { Err, Ok } from '../../src/core/value/result.ts';
import type { Value } from '../../src/core/value/value.ts';
import { BUILTINS } from '../../src/lang/ilo/builtins/table.ts';
import { lower } from '../../src/lang/ilo/lower/lower.ts';
import { parse } from '../../src/lang/ilo/parse.ts';
import { prove } from '../../src/lang/ilo/prove.ts';
import { makeContext } from '../../src/lang/ilo/verify.ts';
import { collectDeclarations } from '../../src/lang/ilo/verify-declarations.ts';
import { ENGINES } from '../../src/runtime/engines.ts';
import { loadProgram, type Usage } from '../../src/runtime/program.ts';
import { makeRandom, randomProgram } from '../lang/random-programs.ts';
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

describe.each(OTHERS)('%s', engine => {
  test.each(paths)('%s', name => {
    const path = `${ROOT}/${name}`;
    for (const call of callsOf(readFileSync(path, 'utf8'), path)) {
      for (const variant of variantsOf(call)) expect(observe(variant, engine)).toEqual(observe(variant, ORACLE));
    }
  });

  test('random programs', { timeout: 600_000 }, () => {
    let runs = 0;
    let faults = 0;
    for (let seed = 1; seed <= RANDOM_PROGRAMS; seed++) {
      const text = randomProgram(seed);
      const unit = lowerUnverified(text);
      if (unit === undefined) continue;
      const random = makeRandom(seed);
      const value = (): Value => VALUES[random(VALUES.length)]!;
      for (let i = 0; i < 8; i++) {
        const call: Call = { unit, name: ['fa', 'fb', 'fc', 'fd'][i % 4]!, args: [value(), value()], maxDepth: 30 };
        const variant = i < 4 ? call : { ...call, limits: { fuel: 10 + random(500), alloc: random(3000) } };
        const expected = observe(variant, ORACLE);
        expect(observe(variant, engine), `${text}\n${variant.name}`).toEqual(expected);
        runs++;
        if ('code' in expected) faults++;
      }
    }
    expect(runs).toBeGreaterThan(RANDOM_PROGRAMS);
    expect(faults).toBeGreaterThan(RANDOM_PROGRAMS / 10);
    expect(runs - faults).toBeGreaterThan(RANDOM_PROGRAMS / 10);
  });
});

const RANDOM_PROGRAMS = Number(process.env.ILO_RANDOM_PROGRAMS ?? 500);

const VALUES: readonly Value[] = [0, 1, -2.5, 'a', '', true, false, null, new Ok(1), new Err('bad'), new List([1, 2])];

/** Core of a program whether it verifies or not: it has more faults then. */
function lowerUnverified(text: string): CoreUnit | undefined {
  const { program, diagnostics } = parse(text);
  if (diagnostics.length > 0) return undefined;
  const context = makeContext(BUILTINS);
  collectDeclarations(context, program);
  prove(program, context);
  return lower(program, BUILTINS);
}

test('the cases are many', () => {
  const calls = paths.flatMap(name => callsOf(readFileSync(`${ROOT}/${name}`, 'utf8'), `${ROOT}/${name}`));
  expect(calls.length).toBeGreaterThan(700);
});
