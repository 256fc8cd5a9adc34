// Expressions of a wanted type. Each way to make one has a weight; a way that finds nothing to work with gives undefined, and another
// one is tried.
import { ANY, BOOL, listOf, mapOf, NUM, optionalOf, resultOf, TEXT, type Type } from '../../../src/core/type.ts';
import { sameType } from '../../../src/lang/ilo/verify-types.ts';
import { builtinCall } from './builtins.ts';
import { argumentOf, callable, callOf, callPieces, UNKNOWN } from './callables.ts';
import { type Context, type FunctionHead, inner, newType } from './context.ts';
import { leafOf, list, record, recordNamed, variable, variablesOf } from './leaves.ts';
import { matchExpression } from './matches.ts';
import { assemble, expression, leaf, type Node } from './tree.ts';

interface Way {
  readonly weight: number;
  readonly make: (context: Context, type: Type) => Node | undefined;
  /** Whether several rows can be computed at once where this is. */
  readonly lanes?: true;
}

export function expressionOf(context: Context, type: Type): Node {
  const { world } = context;
  world.budget--;
  if (type.kind === 'fn') {
    const made = world.choose.chance(30) ? callOfFunction(context, type) : undefined;
    return made ?? callable(context, type);
  }
  if (context.depth <= 0 || world.budget <= 0) return leafOf(context, type);
  const ways = waysOf(type, world.palette.lanes ?? false);
  for (let attempt = 0; attempt < 3; attempt++) {
    const made = world.choose.weighted(ways, way => way.weight)!.make(context, type);
    if (made !== undefined) return made;
  }
  return leafOf(context, type);
}

const waysByKind = new Map<string, readonly Way[]>();

function waysOf(type: Type, lanes: boolean): readonly Way[] {
  const key = lanes ? `${type.kind} on lanes` : type.kind;
  let ways = waysByKind.get(key);
  if (ways === undefined) {
    ways = [...ANY_TYPE.filter(way => !lanes || way.lanes), ...(BY_KIND[type.kind] ?? [])];
    waysByKind.set(key, ways);
  }
  return ways;
}

const ANY_TYPE: readonly Way[] = [
  { weight: 12, make: leafOf, lanes: true },
  {
    weight: 14,
    make: (context, type) => {
      const own = variablesOf(context, type);
      return own.length === 0 ? undefined : variable(type, context.world.choose.pick(own));
    },
    lanes: true,
  },
  { weight: 14, make: callOfFunction, lanes: true },
  { weight: 6, make: callOfValue },
  { weight: 12, make: builtinCall, lanes: true },
  { weight: 6, make: ternary, lanes: true },
  { weight: 5, make: matchExpression },
  { weight: 4, make: (context, type) => coalesce(context, type) },
  { weight: 6, make: item },
  { weight: 7, make: field },
  { weight: 2, make: panic },
  { weight: 3, make: propagate },
  { weight: 3, make: (context, type) => laundered(context, type, type) },
  { weight: 1, make: (context, type) => laundered(context, type, ANY) },
  { weight: 2, make: unknownVariable },
  { weight: 3, make: deciding, lanes: true },
];

const BY_KIND: Partial<Record<Type['kind'], readonly Way[]>> = {
  num: [
    { weight: 60, make: arithmetic },
    { weight: 10, make: builtinCall },
    { weight: 4, make: context => expression('negate', NUM)`(-${inner(context, NUM)})` },
  ],
  text: [
    { weight: 10, make: builtinCall },
    { weight: 25, make: context => expression('join', TEXT)`(${inner(context, TEXT)} + ${inner(context, TEXT)})` },
  ],
  bool: [
    { weight: 40, make: comparison },
    { weight: 6, make: context => expression('not', BOOL)`(!${inner(context, newType(context))})` },
  ],
  list: [
    { weight: 12, make: listOfItems },
    { weight: 14, make: builtinCall },
    {
      weight: 8,
      make: (context, type) => expression('append', type)`(+=${inner(context, type)} ${itemFor(context, type)})`,
    },
    {
      weight: 6,
      make: (context, type) => expression('concat', type)`(${inner(context, type)} + ${inner(context, type)})`,
    },
  ],
  map: [
    { weight: 20, make: put },
    { weight: 8, make: builtinCall },
  ],
  result: [
    {
      weight: 16,
      make: (context, type) =>
        type.kind === 'result' ? expression('ok', type)`(~${inner(context, type.ok)})` : undefined,
    },
    {
      weight: 8,
      make: (context, type) =>
        type.kind === 'result' ? expression('err', type)`(^${inner(context, type.err)})` : undefined,
    },
  ],
  optional: [
    {
      weight: 10,
      make: (context, type) => (type.kind === 'optional' ? { ...inner(context, type.of), type } : undefined),
    },
    { weight: 5, make: safeItem },
  ],
  any: [
    { weight: 40, make: context => ({ ...inner(context, newType(context)), type: ANY }) },
    { weight: 8, make: safeField },
    { weight: 8, make: safeItem },
    { weight: 4, make: unknownField },
  ],
  named: [
    { weight: 20, make: newRecord },
    { weight: 15, make: changedRecord },
  ],
};

const NEUTRAL = ['0', '(-0)', '1', '(-1)'];

function arithmetic(context: Context): Node {
  const { choose } = context.world;
  const known = variablesOf(context, NUM);
  if (known.length > 0 && choose.chance(18)) {
    const parts = [variable(NUM, choose.pick(known)), leaf('number', NUM, choose.pick(NEUTRAL))];
    return assemble('expression', 'neutral', NUM, ['(', ` ${choose.pick(['+', '-', '*', '/'])} `, ')'], parts);
  }
  const op = choose.pick(['+', '+', '-', '-', '*', '*', '/']);
  // Operands that leave the other one as it is, or do so but for -0; zero divides seldom, since that ends the program.
  const constant = (of: readonly string[]): Node => leaf('number', NUM, choose.pick(of));
  const left = choose.chance(8) ? constant(NEUTRAL) : inner(context, NUM);
  const right =
    op === '/' && choose.chance(60)
      ? constant(['2', '3', '(-4)', '0.5', '1', '1', '7', '0'])
      : choose.chance(12)
        ? constant(NEUTRAL)
        : inner(context, NUM);
  return choose.chance(80)
    ? assemble('expression', op, NUM, ['(', ` ${op} `, ')'], [left, right])
    : assemble('expression', op, NUM, [`(${op} `, ' ', ')'], [left, right]);
}

/** Pairs that some engine may take for equal, or for different, when another does not. */
const NEAR: readonly (readonly [string, string])[] = [
  ['0.30000000000000004', '0.3'],
  ['1', '1.0000000000000002'],
  ['2', '2.0000000000000004'],
  ['100', '100.00000000000001'],
  ['0', '5e-324'],
  ['0', '(-0)'],
  ['1e999', '1e999'],
  ['(1e999 - 1e999)', '(1e999 - 1e999)'],
  ['9007199254740992', '9007199254740993'],
];

function comparison(context: Context): Node {
  const { choose } = context.world;
  if (choose.chance(5)) {
    const [left, right] = choose.pick(NEAR);
    const pieces = ['(', ` ${choose.pick(['=', '!=', '<', '<='])} `, ')'];
    return assemble('expression', 'nearly equal', BOOL, pieces, [
      leaf('number', NUM, left),
      leaf('number', NUM, right),
    ]);
  }
  const op = choose.pick(['<', '>', '<=', '>=', '=', '=', '!=', '&', '|']);
  const logical = op === '&' || op === '|';
  const left = logical
    ? BOOL
    : choose.chance(75)
      ? NUM
      : choose.chance(60) || !'=!='.includes(op)
        ? TEXT
        : newType(context);
  const right = (op === '=' || op === '!=') && choose.chance(10) ? ANY : left;
  return assemble('expression', op, BOOL, ['(', ` ${op} `, ')'], [inner(context, left), inner(context, right)]);
}

/** `&` and `|` give the operand that decided; the verifier takes that for a truth value. */
function deciding(context: Context, type: Type): Node {
  const op = context.world.choose.pick(['&', '|']);
  const parts = [inner(context, type), inner(context, type)];
  return assemble('expression', op, type, [`(${UNKNOWN} (`, ` ${op} `, '))'], parts);
}

/** The functions that may be called here, with how their countdown must begin. */
function callees(context: Context, type: Type): readonly FunctionHead[] {
  const { heads, tools } = context.world;
  const self = heads[context.index];
  const outside = tools.filter(tool => sameType(tool.result, type));
  const inside = heads.filter(
    (head, i) =>
      sameType(head.result, type) &&
      (i < context.index || (head.recursive && self?.recursive && i <= context.index + 1)),
  );
  return [...outside, ...inside];
}

function callOfFunction(context: Context, type: Type): Node | undefined {
  const found = callees(context, type);
  return found.length === 0 ? undefined : callOfHead(context, context.world.choose.pick(found), '');
}

/** A call; one that comes back to where it stands counts down. */
export function callOfHead(context: Context, head: FunctionHead, mark: string): Node {
  const { choose, heads } = context.world;
  const again = heads.indexOf(head) >= context.index;
  const label = head.name === 'ta' ? 'tool' : again ? 'recursion' : 'call';
  const args = head.params.map(({ type }, i) => {
    if (i > 0 || !head.recursive) return argumentOf(context, type);
    return again
      ? leaf('countdown', NUM, '(k - 1)')
      : leaf('number', NUM, choose.pick(['0', '1', '2', '3', '5', '2.5']));
  });
  return assemble('expression', label, head.result, callPieces(`(${head.name}${mark}`, args.length), args);
}

function callOfValue(context: Context, type: Type): Node | undefined {
  const { choose } = context.world;
  const found = context.variables.filter(({ type: of }) => of.kind === 'fn' && sameType(of.result, type));
  if (found.length === 0) return undefined;
  const { name, type: of } = choose.pick(found);
  return of.kind === 'fn' ? callOf(context, name, of) : undefined;
}

/** What conditions are: mostly truth values, sometimes anything. */
export function condition(context: Context): Node {
  const known = variablesOf(context, BOOL);
  if (known.length > 0 && context.world.choose.chance(30)) return variable(BOOL, context.world.choose.pick(known));
  return inner(context, context.world.choose.chance(85) ? BOOL : newType(context));
}

function ternary(context: Context, type: Type): Node | undefined {
  // Branches must be of one type, and nil is of none.
  if (type.kind === 'optional' || type.kind === 'any') return undefined;
  const parts = [condition(context), inner(context, type), inner(context, type)];
  return context.world.choose.chance(50)
    ? assemble('expression', 'ternary', type, ['(?(', ') ', ' ', ')'], parts)
    : assemble('expression', 'ternary', type, ['(?(', '){', '}{', '})'], parts);
}

function coalesce(context: Context, type: Type): Node {
  const parts = [inner(context, optionalOf(type)), inner(context, type)];
  return assemble('expression', '??', type, ['(??', ' ', ')'], parts);
}

/** One item of a list in a variable, by a number written behind a dot, by a variable there, or by `at`. */
function item(context: Context, type: Type): Node | undefined {
  const { choose } = context.world;
  const lists = variablesOf(context, listOf(type));
  if (lists.length === 0) return undefined;
  const { name } = choose.pick(lists);
  const indexes = variablesOf(context, NUM);
  if (indexes.length > 0 && choose.chance(40)) return leaf('item', type, `${name}.${choose.pick(indexes).name}`);
  if (choose.chance(60)) return leaf('item', type, `${name}.${choose.pick(['0', '0', '0', '1', '2'])}`);
  return assemble('expression', 'at', type, [`(at ${name} `, ')'], [inner(context, NUM)]);
}

function safeItem(context: Context, type: Type): Node | undefined {
  const { choose } = context.world;
  const lists = context.variables.filter(({ type: of }) =>
    type.kind === 'optional' ? of.kind === 'list' && sameType(of.of, type.of) : of.kind === 'list' || of.kind === 'any',
  );
  return lists.length === 0 ? undefined : leaf('safe item', type, `${choose.pick(lists).name}.?${choose.below(3)}`);
}

function field(context: Context, type: Type): Node | undefined {
  const { choose, records } = context.world;
  const found = context.variables.flatMap(({ name, type: of }) =>
    of.kind !== 'named'
      ? []
      : recordNamed(records, of.name)
          .fields.filter(known => sameType(known.type, type))
          .map(known => `${name}.${known.name}`),
  );
  return found.length === 0 ? undefined : leaf('field', type, choose.pick(found));
}

function safeField(context: Context, type: Type): Node | undefined {
  const { choose } = context.world;
  const found = variablesOf(context, ANY);
  if (found.length === 0) return undefined;
  return leaf('safe field', type, `${choose.pick(found).name}.?${choose.pick(['x', 'y', 'z', 'none'])}`);
}

/** A field of who knows what. */
function unknownField(context: Context, type: Type): Node | undefined {
  const { choose } = context.world;
  const found = variablesOf(context, ANY);
  return found.length === 0
    ? undefined
    : leaf('unknown field', type, `${choose.pick(found).name}.${choose.pick(['x', 'y', '0'])}`);
}

/** Opens a result or an optional that a function gives, or ends the program. */
function panic(context: Context, type: Type): Node | undefined {
  return marked(context, type, '!!', () => true);
}

/** Opens a result or returns it from the function around, which must give one like it. */
function propagate(context: Context, type: Type): Node | undefined {
  const { result } = context;
  if (result.kind !== 'result' && result.kind !== 'optional') return undefined;
  return marked(context, type, '!', given =>
    given.kind === 'result' ? result.kind === 'result' && sameType(given.err, result.err) : result.kind === 'optional',
  );
}

function marked(context: Context, type: Type, mark: string, fits: (given: Type) => boolean): Node | undefined {
  const { choose } = context.world;
  const found = [resultOf(type, TEXT), optionalOf(type)].flatMap(given => (fits(given) ? callees(context, given) : []));
  if (found.length === 0 || choose.chance(20)) {
    const mget = optionalOf(type);
    if (!fits(mget)) return undefined;
    const parts = [inner(context, mapOf(TEXT, type)), leaf('text', TEXT, '"a"')];
    return assemble('expression', `mget${mark}`, type, [`(mget${mark} `, ' ', ')'], parts);
  }
  const call = callOfHead(context, choose.pick(found), mark);
  return { ...call, label: mark, type };
}

/** A value of one type where another is wanted, behind the verifier's back. */
function laundered(context: Context, type: Type, real: Type): Node {
  return assemble('expression', 'unknown', type, [`(${UNKNOWN} `, ')'], [inner(context, real)]);
}

function unknownVariable(context: Context, type: Type): Node | undefined {
  const found = variablesOf(context, ANY);
  return found.length === 0 ? undefined : leaf('unknown variable', type, context.world.choose.pick(found).name);
}

function listOfItems(context: Context, type: Type): Node {
  const { choose } = context.world;
  return list(
    type,
    Array.from({ length: 1 + choose.below(4) }, () => itemFor(context, type)),
  );
}

function itemFor(context: Context, type: Type): Node {
  return inner(context, type.kind === 'list' ? type.of : ANY);
}

function put(context: Context, type: Type): Node | undefined {
  if (type.kind !== 'map') return undefined;
  const key = context.world.choose.chance(60) ? leafOf(context, type.key) : inner(context, type.key);
  return expression('mset', type)`(mset ${inner(context, type)} ${key} ${inner(context, type.value)})`;
}

function newRecord(context: Context, type: Type): Node | undefined {
  if (type.kind !== 'named') return undefined;
  const { choose, records } = context.world;
  return record(type, recordNamed(records, type.name), of => inner(context, of), choose.chance(30));
}

function changedRecord(context: Context, type: Type): Node | undefined {
  if (type.kind !== 'named') return undefined;
  const { choose, records } = context.world;
  const { fields } = recordNamed(records, type.name);
  const changed = fields.filter(() => choose.chance(60));
  if (changed.length === 0) changed.push(fields[0]!);
  const pieces = ['(', ...changed.map((each, i) => `${i === 0 ? ' with' : ''} ${each.name}:`), ')'];
  return assemble('expression', 'with', type, pieces, [
    inner(context, type),
    ...changed.map(each => inner(context, each.type)),
  ]);
}
