// A whole program: record types, a few functions that call those before them, and the calls that are made of it.
import { NUM, resultOf, TEXT, type Type } from '../../../src/core/type.ts';
import { typeSource } from '../../../src/lang/ilo/format/literals.ts';
import { type Chooser, makeChooser } from '../random.ts';
import { UNKNOWN } from './callables.ts';
import type { Context, FunctionHead, World } from './context.ts';
import { callOfHead, expressionOf } from './expressions.ts';
import { type Favourite, someFavourite } from './favourites.ts';
import { bodyOf, wideBody } from './statements.ts';
import { assemble, type Node, print, sequence } from './tree.ts';
import { type Palette, type RecordType, someFunctionType, somePalette, someType } from './types.ts';

export interface GeneratedProgram {
  readonly tree: Node;
  readonly heads: readonly FunctionHead[];
  readonly records: readonly RecordType[];
  readonly favourite: Favourite | undefined;
}

/** How deep expressions and blocks nest. */
const DEPTH = 4;

/** The program of a seed. */
export function generateProgram(seed: number): GeneratedProgram {
  const choose = makeChooser(seed);
  const records = someRecords(choose);
  const palette = somePalette(choose, records);
  const favourite = someFavourite(choose);
  const heads = someHeads(choose, records, palette);
  const tools = choose.chance(4) ? [toolHead(choose, palette)] : [];
  const world: World = {
    choose,
    records,
    heads,
    tools,
    palette,
    favourite,
    names: 0,
    budget: 0,
    expression: expressionOf,
    body: bodyOf,
  };
  const types = records.map(({ name, fields }) =>
    assemble(
      'declaration',
      'type',
      undefined,
      [`type ${name}{${fields.map(field => `${field.name}:${typeSource(field.type)}`).join(';')}}`],
      [],
    ),
  );
  const functions = heads.map((head, index) => functionOf(world, head, index));
  const unknown = assemble('declaration', 'any', undefined, [`${UNKNOWN} x:_>_;x`], []);
  const declared = tools.map(tool =>
    assemble('declaration', 'tool', undefined, [`tool ${tool.name}"outside" ${signatureOf(tool)}`], []),
  );
  const used = functions.some(each => print(each).includes(`(${UNKNOWN} `));
  const tree = sequence(
    'program',
    '',
    ['', '\n', '\n'],
    [...types, ...declared, ...(used ? [unknown] : []), ...functions],
  );
  return { tree, heads, records, favourite };
}

/** Records share names of fields, at other places in each. */
function someRecords(choose: Chooser): readonly RecordType[] {
  const records: RecordType[] = [];
  const count = choose.below(3);
  for (const name of ['ra', 'rb'].slice(0, count)) {
    const names = choose.pick([['x'], ['x', 'y'], ['y', 'x'], ['z', 'x', 'y'], ['y', 'z']]);
    records.push({
      name,
      fields: names.map(field => ({ name: field, type: choose.chance(40) ? NUM : someType(choose, records, 1) })),
    });
  }
  return records;
}

function someHeads(choose: Chooser, records: readonly RecordType[], palette: Palette): readonly FunctionHead[] {
  const newType = (): Type => (choose.chance(palette.share) ? choose.pick(palette.types) : someType(choose, records));
  const { lanes = false } = palette;
  if (choose.chance(6)) return chain(choose);
  const count = choose.weighted([1, 2, 3, 4], of => COUNTS[of]!)!;
  return ['fa', 'fb', 'fc', 'fd'].slice(0, count).map(name => {
    const recursive = choose.chance(lanes ? 5 : 25);
    const params = Array.from({ length: choose.chance(5) ? 0 : 1 + choose.below(3) }, (_, i) => ({
      name: `a${i}`,
      type: choose.chance(lanes ? 0 : 12) ? someFunctionType(choose, records) : newType(),
    }));
    return {
      name,
      params: recursive ? [{ name: 'k', type: NUM }, ...params] : params,
      result: choose.chance(lanes ? 0 : 5) ? someFunctionType(choose, records) : newType(),
      recursive,
      wraps: false,
    };
  });
}

/** Functions of a number that call each other in a row. */
function chain(choose: Chooser): readonly FunctionHead[] {
  return ['fa', 'fb', 'fc', 'fd']
    .slice(0, 2 + choose.below(3))
    .map(name => ({ name, params: [{ name: 'a0', type: NUM }], result: NUM, recursive: false, wraps: true }));
}

function toolHead(choose: Chooser, { types }: Palette): FunctionHead {
  const result = resultOf(choose.pick(types), TEXT);
  return { name: 'ta', params: [{ name: 'x', type: choose.pick(types) }], result, recursive: false, wraps: false };
}

/** How often a program has so many functions. */
const COUNTS = [0, 70, 18, 8, 4];

/** How much a function may have in it: small ones find most faults, and many of them are run while a large one is. */
function someBudget({ choose, palette }: World): number {
  const [least, more] = choose.weighted(palette.lanes ? LANE_BUDGETS : BUDGETS, ([, , often]) => often)!;
  return least + choose.below(more);
}

type Budgets = readonly (readonly [least: number, more: number, often: number])[];

const BUDGETS: Budgets = [
  [3, 7, 72],
  [10, 20, 22],
  [35, 50, 6],
];
/** Ways that part and meet again are what is difficult on lanes, and it takes some statements to have them. */
const LANE_BUDGETS: Budgets = [
  [3, 7, 20],
  [10, 20, 50],
  [35, 50, 30],
];

/** `k:n a0:t>n`. */
function signatureOf({ params, result }: FunctionHead): string {
  const written = params.map(param => `${param.name}:${typeSource(param.type)}`).join(' ');
  return `${written}>${typeSource(result)}`;
}

function functionOf(world: World, head: FunctionHead, index: number): Node {
  const { choose } = world;
  world.budget = someBudget(world);
  const context: Context = {
    world,
    variables: head.params.map(param => ({ ...param, fixed: head.recursive && param.name === 'k' })),
    result: head.result,
    index,
    loops: 0,
    depth: 2 + choose.below(DEPTH - 1),
  };
  const header = `${head.name} ${signatureOf(head)};`.replace(' >', '>');
  if (head.wraps) {
    const small = { ...context, depth: 1 };
    const inside = index === 0 ? expressionOf(small, NUM) : callOfHead(small, world.heads[index - 1]!, '');
    const value = assemble(
      'expression',
      '+',
      NUM,
      ['(', ` ${choose.pick(['+', '-', '*'])} `, ')'],
      [inside, expressionOf(small, NUM)],
    );
    return assemble('declaration', 'function that wraps', undefined, [header, ''], [value]);
  }
  if (!head.recursive && choose.below(400) === 0) {
    return assemble('declaration', 'wide function', undefined, [header, ''], [wideBody(context)]);
  }
  if (!head.recursive)
    return assemble('declaration', 'function', undefined, [header, ''], [bodyOf(context, world.budget < 20 ? 2 : 5)]);
  const base = expressionOf({ ...context, depth: 1 }, head.result);
  // Either it calls itself as the last thing it does, or anywhere or nowhere in its body.
  const tail = choose.chance(30);
  const rest = tail ? callOfHead({ ...context, depth: 1 }, head, '') : bodyOf(context, 2);
  const label = tail ? 'tail recursion' : 'recursive function';
  return assemble('declaration', label, undefined, [`${header}<=k 0 `, ';', ''], [base, rest]);
}
