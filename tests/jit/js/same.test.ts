// The JavaScript engine beside the tree engine, in more than the answers: fuel, bytes, the place and the chain of calls of a fault; and with every
// amount of fuel up to the end, so that each place where fuel is charged is stopped at once.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readImport } from '../../../src/cli/source.ts';
import type { CoreUnit } from '../../../src/core/core.ts';
import type { Limits } from '../../../src/core/meter.ts';
import { showValue } from '../../../src/core/value/show.ts';
import type { Value } from '../../../src/core/value/value.ts';
import type { EngineName } from '../../../src/runtime/engines.ts';
import { loadProgram, runProgram } from '../../../src/runtime/program.ts';
import { testHost } from '../../programs/expectations.ts';
import { ROOT } from '../../structure/source-files.ts';

function unitOf(source: string, file?: string): CoreUnit | undefined {
  return loadProgram(source, file === undefined ? { readFile: readImport } : { file, readFile: readImport }).unit;
}

/** Everything that can be observed of a run. */
function observe(
  unit: CoreUnit,
  name: string,
  args: readonly Value[],
  engine: EngineName,
  limits: Limits,
  maxDepth = 300,
) {
  const host = testHost();
  let state = 1;
  const random = (): number => {
    state = (state * 48271) % 0x7fffffff;
    return state / 0x7fffffff;
  };
  const result = runProgram(unit, name, args, { host, engine, limits, random, maxDepth });
  const end =
    'value' in result
      ? { value: showValue(result.value) }
      : {
          code: result.fault.code,
          message: result.fault.message,
          span: result.fault.span,
          calls: result.fault.calls,
          file: result.fault.file,
        };
  return { ...end, usage: result.usage, output: host.output() };
}

const SAMPLES: readonly Value[] = [0, 3, -1.5, 'a b', true, null];

describe('programs of this repository, with made-up arguments', () => {
  const files = readdirSync(join(ROOT, 'tests/programs/ilo'), { recursive: true })
    .map(String)
    .filter(name => name.endsWith('.ilo'))
    .map(name => join(ROOT, 'tests/programs/ilo', name));

  test('every function of every program does the same', () => {
    let runs = 0;
    for (const file of files) {
      const unit = unitOf(readFileSync(file, 'utf8'), file);
      for (const fn of unit?.functions ?? []) {
        if (fn.captures > 0) continue;
        for (const [i, sample] of SAMPLES.entries()) {
          // With arguments of any type, so that every checked operation fails somewhere.
          const args = fn.params.map((_, n) => (n === 0 ? sample : SAMPLES[(i + n) % SAMPLES.length]!));
          for (const limits of [{}, { fuel: 3000, alloc: 20_000, output: 2000 }]) {
            const [tree, js] = (['tree', 'js'] as const).map(engine => observe(unit!, fn.name, args, engine, limits));
            expect(js, `${file} ${fn.name} ${JSON.stringify(args)}`).toEqual(tree);
            runs++;
          }
          if (fn.params.length === 0) break;
        }
      }
    }
    expect(runs).toBeGreaterThan(1000);
  });
});

describe('stopped everywhere', () => {
  const source = [
    'type pt{x:n;y:n}',
    'main n:n>n;s=0;xs=[];@i 0..n{y=*i i;xs=+=xs y;h=half i;s=+s h};w="";@z xs{u=str z;w=+w u};k=len w;r=pt x:s y:k;j=len xs;q=r with x:j;+q.x q.y',
    'half n:n>n;>n 2{m=-n 2;ret half m};n',
  ].join('\n');

  test('by fuel and by memory', () => {
    const unit = unitOf(source)!;
    const whole = observe(unit, 'main', [6], 'tree', { fuel: 1e9, alloc: 1e9 });
    expect(whole).toHaveProperty('value');
    for (let fuel = 0; fuel <= whole.usage!.fuel; fuel++) {
      expect(observe(unit, 'main', [6], 'js', { fuel })).toEqual(observe(unit, 'main', [6], 'tree', { fuel }));
    }
    for (let alloc = 0; alloc <= whole.usage!.bytes; alloc += 2) {
      expect(observe(unit, 'main', [6], 'js', { alloc })).toEqual(observe(unit, 'main', [6], 'tree', { alloc }));
    }
  });

  test('by depth, through a builtin as well', () => {
    const deep = unitOf('main n:n>n;r=map (x:n>n;+main -n 1 x) [n];hd r')!;
    for (const depth of [0, 1, 2, 9, 10]) {
      expect(observe(deep, 'main', [100], 'js', {}, depth)).toEqual(observe(deep, 'main', [100], 'tree', {}, depth));
    }
  });
});
