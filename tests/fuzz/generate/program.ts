// A whole program: record types, a few functions that call those before them, and the calls that are made of it.
import { NUM } from '../../../src/core/type.ts';
import { typeSource } from '../../../src/lang/ilo/format/literals.ts';
import { type Chooser, makeChooser } from '../random.ts';
import { UNKNOWN } from './callables.ts';
import type { Context, FunctionHead, World } from './context.ts';
import { callOfHead, expressionOf } from './expressions.ts';
import { bodyOf } from './statements.ts';
import { assemble, type Node, sequence } from './tree.ts';
import { type RecordType, someFunctionType, someType } from './types.ts';

export interface GeneratedProgram {
  readonly tree: Node;
  readonly heads: readonly FunctionHead[];
  readonly records: readonly RecordType[];
}

/** How deep expressions and blocks nest. */
const DEPTH = 4;

/** The program of a seed. */
export function generateProgram(seed: number): GeneratedProgram {
  const choose = makeChooser(seed);
  const records = someRecords(choose);
  const heads = someHeads(choose, records);
  const world: World = {
    choose,
    records,
    heads,
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
  const tree = sequence('program', '', ['', '\n', '\n'], [...types, unknown, ...functions]);
  return { tree, heads, records };
}

/** Records share names of fields, at other places in each. */
function someRecords(choose: Chooser): readonly RecordType[] {
  const records: RecordType[] = [];
  const count = choose.below(3);
  for (const name of ['ra', 'rb'].slice(0, count)) {
    const names = choose.pick([['x'], ['x', 'y'], ['y', 'x'], ['z', 'x', 'y'], ['y', 'z']]);
    records.push({ name, fields: names.map(field => ({ name: field, type: someType(choose, records, 1) })) });
  }
  return records;
}

function someHeads(choose: Chooser, records: readonly RecordType[]): readonly FunctionHead[] {
  const count = choose.weighted([1, 2, 3, 4], often => 5 - often)!;
  return ['fa', 'fb', 'fc', 'fd'].slice(0, count).map(name => {
    const recursive = choose.chance(25);
    const params = Array.from({ length: choose.chance(5) ? 0 : 1 + choose.below(3) }, (_, i) => ({
      name: `a${i}`,
      type: choose.chance(12) ? someFunctionType(choose, records) : someType(choose, records),
    }));
    return {
      name,
      params: recursive ? [{ name: 'k', type: NUM }, ...params] : params,
      result: choose.chance(4) ? someFunctionType(choose, records) : someType(choose, records),
      recursive,
    };
  });
}

function functionOf(world: World, head: FunctionHead, index: number): Node {
  const { choose } = world;
  // Small programs find most faults, and many of them are run while a large one is.
  world.budget = choose.chance(70) ? 6 + choose.below(18) : 20 + choose.below(50);
  const context: Context = {
    world,
    variables: head.params.map(param => ({ ...param, fixed: head.recursive && param.name === 'k' })),
    result: head.result,
    index,
    loops: 0,
    depth: 2 + choose.below(DEPTH - 1),
  };
  const params = head.params.map(param => `${param.name}:${typeSource(param.type)}`).join(' ');
  const header = `${head.name} ${params}>${typeSource(head.result)};`.replace(' >', '>');
  if (!head.recursive)
    return assemble('declaration', 'function', undefined, [header, ''], [bodyOf(context, choose.chance(60) ? 2 : 5)]);
  const base = expressionOf({ ...context, depth: 1 }, head.result);
  // Either it calls itself as the last thing it does, or anywhere or nowhere in its body.
  const tail = choose.chance(30);
  const rest = tail ? callOfHead({ ...context, depth: 1 }, head, '') : bodyOf(context, 2);
  const label = tail ? 'tail recursion' : 'recursive function';
  return assemble('declaration', label, undefined, [`${header}<=k 0 `, ';', ''], [base, rest]);
}
