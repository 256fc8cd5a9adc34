// Items of lists that are changed where they lie: where that is found to be possible, and that no program can tell.
import { describe, expect, test } from 'vitest';
import { showValue } from '../../../src/core/value/show.ts';
import { buildIr } from '../../../src/ir/build.ts';
import { findGivenItems, markOwnedAmong } from '../../../src/ir/passes/own.ts';
import type { ItemsOwner } from '../../../src/ir/passes/own-items.ts';
import type { Others } from '../../../src/ir/passes/ownership.ts';
import { optimiseFunction } from '../../../src/ir/passes/pipeline.ts';
import { createVirtualHost } from '../../../src/runtime/host/virtual-host.ts';
import { loadProgram, runProgram } from '../../../src/runtime/program.ts';
import { itemStep, itemsSeen } from '../../fuzz/generate/items.ts';
import { makeChooser } from '../../fuzz/random.ts';

const PAIR = 'type pair{a:n;b:n}\n';

function load(source: string) {
  const { unit, diagnostics } = loadProgram(PAIR + source, { readFile: () => ({ err: 'none' }) });
  if (!unit) throw new Error(`${source}: ${diagnostics.map(each => each.message).join('; ')}`);
  return unit;
}

interface Found {
  readonly taken: readonly number[];
  readonly gives: ItemsOwner | undefined;
  /** How many changes may be made in place. */
  readonly changes: number;
}

/** What is found of the last function of a source; those before it are known to it. */
function found(source: string): Found {
  const functions = buildIr(load(source)).functions.map(optimiseFunction);
  const known: Found[] = [];
  const others: Others = {
    borrows: () => false,
    takes: () => [],
    gives: () => 'never',
    takesItems: callee => known[callee]!.taken,
    givesItems: callee => known[callee]!.gives,
    arity: callee => functions[callee]!.params.length,
  };
  for (const fn of functions) {
    const marked = markOwnedAmong(fn, others);
    const changes = marked.blocks.flatMap(block => block.code).filter(each => each.op === 'record.with');
    const made = new Map(marked.blocks.flatMap(block => block.code).map(each => [each.result, each]));
    known.push({
      taken: marked.takenItems,
      gives: findGivenItems(fn, others),
      changes: changes.filter(each => made.get(each.args[0]!)?.op === 'owned').length,
    });
  }
  return known.at(-1)!;
}

describe('what the last function takes and gives, and how many changes it makes in place', () => {
  test.each([
    // An item that is read, changed and put back.
    ['f xs:L pair>L pair;lst xs 0 (xs.0 with a:1)', [0], 0, 1],
    ['f xs:L pair i:n>L pair;x=xs.i;lst xs i (x with a:1)', [0], 0, 1],
    ['f xs:L pair>L pair;x=xs.0;x=x with a:1;xs=+=xs (pair a:1 b:2);x=x with b:1;lst xs 0 x', [0], 0, 2],
    // It is put back elsewhere, or not at all.
    ['f xs:L pair>L pair;lst xs 1 (xs.0 with a:1)', [], undefined, 0],
    ['f xs:L pair>n;x=xs.0;x=x with a:1;y=xs.0;+ x.a y.a', [], undefined, 0],
    // It has another name, or may have one.
    ['f xs:L pair>n;x=xs.0;y=xs.0;xs=lst xs 0 (x with a:1);y.a', [], undefined, 0],
    ['f xs:L pair i:n>n;x=xs.0;y=xs.i;xs=lst xs 0 (x with a:1);y.a', [], undefined, 0],
    ['f xs:L pair>n;x=xs.0;y=xs.1;xs=lst xs 0 (x with a:1);y.a', [0], undefined, 1],
    ['f xs:L pair>L (L pair);x=xs.0;ys=lst xs 0 (x with a:1);[xs ys]', [], undefined, 0],
    ['f xs:L pair>L pair;x=xs.0;ys=[x];xs=lst xs 0 (x with a:1);+=xs ys.0', [], undefined, 0],
    // Somebody looks at its place in the meantime.
    ['f xs:L pair>n;x=xs.0;x=x with a:1;y=xs.0;xs=lst xs 0 x;y.a', [], undefined, 0],
    ['f xs:L pair>n;x=xs.0;x=x with a:1;y=xs.1;xs=lst xs 0 x;y.a', [0], undefined, 1],
    ['f xs:L pair i:n>n;x=xs.i;x=x with a:1;t=0;@j 0..9{y=xs.j;t=+ t y.a};xs=lst xs i x;t', [], undefined, 0],
    ['f xs:L pair>L pair;@i 0..9{x=xs.i;@j (+ i 1)..9{y=xs.j;x=x with a:y.a};xs=lst xs i x};xs', [0], 0, 1],
    ['f xs:L pair>L pair;@i 0..9{x=xs.i;@j i..9{y=xs.j;x=x with a:y.a};xs=lst xs i x};xs', [], 0, 1],
    // A list of what is new.
    ['f x:n>L pair;[(pair a:x b:1) (pair a:1 b:x)]', [], 'always', 0],
    ['f x:n>L pair;p=pair a:x b:1;[p p]', [], undefined, 0],
    ['f p:pair>L pair;[p]', [], undefined, 0],
    ['f n:n>L pair;xs=[];@i 0..n{xs=+=xs (pair a:i b:1)};xs=lst xs 0 (xs.0 with a:1);xs', [], 'always', 1],
    // Over calls.
    ['g xs:L pair>L pair;lst xs 0 (xs.0 with a:1)\nf x:n>L pair;g [(pair a:x b:1)]', [], 'always', 0],
    ['g xs:L pair>L pair;lst xs 0 (xs.0 with a:1)\nf xs:L pair>L pair;g (g xs)', [0], 0, 0],
    ['g xs:L pair>L pair;lst xs 0 (xs.0 with a:1)\nf xs:L pair>n;x=xs.0;ys=g xs;x.a', [], undefined, 0],
    ['g xs:L pair>L pair;lst xs 0 (xs.0 with a:1)\nf xs:L pair>n;ys=g xs;len xs', [], undefined, 0],
  ] as const)('%s', (source, taken, gives, changes) => {
    expect(found(source)).toEqual({ taken, gives, changes });
  });
});

const HELPERS = `bump xs:L pair>L pair;lst xs 0 (xs.0 with a:(+ 1 xs.0.a))
all xs:L pair>L pair;@i 0..(len xs){x=xs.i;@j (+ i 1)..(len xs){y=xs.j;x=x with a:(+ x.a y.a)};xs=lst xs i x};xs
same xs:L pair>L pair;xs
first xs:L pair>L pair;x=xs.0;[x x xs.2]
grow xs:L pair>L pair;+=xs (pair a:3 b:4)
`;

/** A program that does things with the items of a list; the same for the same seed. */
function programOf(seed: number): string {
  const choose = makeChooser(seed);
  const wild = choose.chance(40);
  const functions = wild ? ['bump', 'all', 'grow', 'same', 'first'] : ['bump', 'all', 'grow'];
  const names = { xs: 'xs', ys: 'ys', a: 'a', b: 'b', t: 't', field: 'a', functions, wild };
  const steps = Array.from({ length: 3 + choose.below(8) }, () => itemStep(choose, names, []));
  const own = `own xs:L pair>L pair;ys=xs;a=xs.0;b=xs.1;t=0;${itemStep(choose, names, [])};${itemStep(choose, names, [])};xs`;
  const start = 'xs=[(pair a:1 b:n) (pair a:n b:2) (pair a:3 b:3)];ys=[];a=xs.0;b=xs.1;t=0';
  const last = [...steps, ...(choose.chance(50) ? ['xs=own xs'] : []), ...itemsSeen(names)].join(';');
  return `${HELPERS}${own}\nf n:n>_;${start};${last};[t xs ys a b]`;
}

function answers(source: string, limits: object | undefined) {
  const unit = load(source);
  return (['tree', 'js'] as const).map(engine => {
    const result = runProgram(unit, 'f', [5], { host: createVirtualHost({}), engine, ...(limits && { limits }) });
    return 'value' in result
      ? { value: showValue(result.value), usage: result.usage }
      : { fault: result.fault.code, span: result.fault.span, calls: result.fault.calls, usage: result.usage };
  });
}

test('programs about items give what the tree gives', () => {
  const first = Number(process.env.ITEMS_SEED ?? 1);
  const count = Number(process.env.ITEMS_PROGRAMS ?? 100);
  for (let seed = first; seed < first + count; seed++) {
    const source = programOf(seed);
    for (const limits of [undefined, { fuel: 1e5 }]) {
      const [tree, js] = answers(source, limits);
      expect(js, `seed ${seed}: ${source}`).toEqual(tree);
    }
  }
});
