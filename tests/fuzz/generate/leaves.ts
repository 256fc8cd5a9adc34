// Expressions without parts: literals of each type, with the values at which engines go wrong, and variables.
import { BOOL, NUM, TEXT, type Type } from '../../../src/core/type.ts';
import { typeSource } from '../../../src/lang/ilo/format/literals.ts';
import { sameType } from '../../../src/lang/ilo/verify-types.ts';
import type { Chooser } from '../random.ts';
import { type Context, newType, type Variable, type World } from './context.ts';
import { assemble, expression, leaf, type Node, sequence } from './tree.ts';
import type { RecordType } from './types.ts';

/** Where representations of numbers end: 31, 32 and 53 bits, the smallest, the largest, the ones that equality blurs. */
const EDGES = [
  '(-0)',
  '1e999',
  '(-1e999)',
  '(sqrt (-1))',
  '2147483647',
  '2147483648',
  '(-2147483648)',
  '(-2147483649)',
  '4294967295',
  '4294967296',
  '1073741824',
  '9007199254740991',
  '9007199254740993',
  '9223372036854775807',
  '1e21',
  '1e308',
  '5e-324',
  '1e-7',
  '0.1',
  '0.30000000000000004',
  '1.0000000000000002',
  '127',
  '128',
  '(-128)',
  '(-129)',
  '255',
  '256',
  '65535',
  '65536',
  '32767',
  '32768',
  '(-32769)',
];

const PLAIN = ['0', '(-0)', '1', '2', '3', '4', '7', '10', '(-1)', '(-3)', '0.5', '2.5', '(-1.5)', '100'];

const TEXTS = [
  '""',
  '"a"',
  '"b"',
  '"ab"',
  '"Zz"',
  '"1"',
  '"-2.5"',
  '"x y"',
  '"é"',
  '"😀"',
  '"a\\nb"',
  '"red"',
  '"nil"',
];

export function numberLeaf({ choose, favourite }: World): Node {
  if (favourite !== undefined && choose.chance(35)) return leaf('number', NUM, favourite[0]);
  return leaf('number', NUM, choose.chance(15) ? choose.pick(EDGES) : choose.pick(PLAIN));
}

export function textLeaf(choose: Chooser): Node {
  return leaf('text', TEXT, choose.pick(TEXTS));
}

/** Variables that the program may take for the type. */
export function variablesOf(context: Context, type: Type): readonly Variable[] {
  return context.variables.filter(variable => sameType(variable.type, type));
}

export function variable(type: Type, { name }: Variable): Node {
  return leaf('variable', type, name);
}

/** The smallest expression of the type that needs nothing from around, or next to nothing. */
export function leafOf(context: Context, type: Type): Node {
  const { choose, records } = context.world;
  const own = variablesOf(context, type);
  if (own.length > 0 && choose.chance(60)) return variable(type, choose.pick(own));
  const parts = (of: Type, most: number): Node[] =>
    Array.from({ length: choose.below(most + 1) }, () => leafOf(context, of));
  switch (type.kind) {
    case 'num':
      return numberLeaf(context.world);
    case 'text':
      return textLeaf(choose);
    case 'bool':
      return leaf('boolean', BOOL, choose.pick(['true', 'false']));
    case 'nil':
      return leaf('nil', type, 'nil');
    case 'any':
      return choose.chance(20) ? leaf('nil', type, 'nil') : leafOf(context, newType(context));
    case 'optional':
      return choose.chance(40) ? leaf('nil', type, 'nil') : { ...leafOf(context, type.of), type };
    case 'list':
      return list(type, parts(type.of, 3));
    case 'map': {
      let made: Node = leaf('mmap', type, 'mmap');
      for (const value of parts(type.value, 2))
        made = expression('mset', type)`(mset ${made} ${leafOf(context, type.key)} ${value})`;
      return made;
    }
    case 'result':
      return choose.chance(65)
        ? expression('ok', type)`(~${leafOf(context, type.ok)})`
        : expression('err', type)`(^${leafOf(context, type.err)})`;
    case 'sum':
      return leaf('variant', type, `"${choose.pick(type.variants)}"`);
    case 'named':
      return record(type, recordNamed(records, type.name), field => leafOf(context, field));
    case 'fn':
      return lambda(context, type, body => leafOf(body, type.result));
  }
}

export function recordNamed(records: readonly RecordType[], name: string): RecordType {
  return records.find(known => known.name === name)!;
}

export function list(type: Type, items: readonly Node[]): Node {
  return sequence('expression', 'list', ['[', ', ', ']'], items, type);
}

/** A record with all fields, in the order of the declaration or the other way round. */
export function record(type: Type, of: RecordType, make: (type: Type) => Node, turned = false): Node {
  const fields = turned ? of.fields.toReversed() : of.fields;
  const names = fields.map(({ name }, i) => (i === 0 ? `(${of.name} ${name}:` : ` ${name}:`));
  return assemble(
    'expression',
    'record',
    type,
    [...names, ')'],
    fields.map(field => make(field.type)),
  );
}

/** A function in place. Its body sees the variables around and its parameters. */
export function lambda(
  context: Context,
  type: Type & { readonly kind: 'fn' },
  makeBody: (context: Context) => Node,
): Node {
  const params = type.params.map(param => ({ name: `p${context.world.names++}`, type: param, fixed: false }));
  const variables = [...context.variables, ...params];
  const body = makeBody({ ...context, variables, result: type.result, loops: 0 });
  const header = params.map(({ name, type: of }) => `${name}:${typeSource(of)}`).join(' ');
  return assemble('expression', 'lambda', type, [`(${header}>${typeSource(type.result)};`, ')'], [body]);
}
