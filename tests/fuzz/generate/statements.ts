// Statements: bindings, conditions, loops, matches, early returns. Loops end by construction, or soon enough to be counted.
import { ANY, BOOL, listOf, NUM, TEXT, type Type } from '../../../src/core/type.ts';
import { type Context, freshName, inner, inScope, newType, type Variable } from './context.ts';
import { condition } from './expressions.ts';
import { changedItems } from './items.ts';
import { list, recordNamed, variablesOf } from './leaves.ts';
import { matchStatement } from './matches.ts';
import { keptAndChanged, versions } from './sharing.ts';
import { sweep } from './sweeps.ts';
import { assemble, block, leaf, type Node } from './tree.ts';
import { someFunctionType } from './types.ts';

interface Way {
  readonly weight: number;
  readonly make: (context: Context) => Node | readonly Node[] | undefined;
  /** Whether several rows can be computed at once where this is. */
  readonly lanes?: true;
}

const WAYS: readonly Way[] = [
  { weight: 26, make: bind, lanes: true },
  { weight: 18, make: assign, lanes: true },
  { weight: 14, make: accumulate, lanes: true },
  { weight: 7, make: alias, lanes: true },
  { weight: 4, make: keptAndChanged },
  { weight: 5, make: versions },
  { weight: 4, make: changedItems },
  { weight: 9, make: sweep },
  { weight: 3, make: swap, lanes: true },
  { weight: 4, make: retype },
  { weight: 6, make: guard, lanes: true },
  { weight: 12, make: conditional, lanes: true },
  { weight: 7, make: choice, lanes: true },
  { weight: 4, make: bindWhenTrue, lanes: true },
  { weight: 4, make: bindChoice, lanes: true },
  { weight: 9, make: forEach },
  { weight: 3, make: forEachOfBoth },
  { weight: 9, make: range, lanes: true },
  { weight: 7, make: whileLoop, lanes: true },
  { weight: 11, make: leaveLoop, lanes: true },
  { weight: 7, make: matchOf },
  { weight: 4, make: returnEarly, lanes: true },
  { weight: 5, make: destructure },
  { weight: 5, make: printed },
  { weight: 3, make: discarded },
];

/** Simple ones, for where nothing may nest any more. */
const FLAT: readonly Way[] = WAYS.filter(({ make }) =>
  ([bind, assign, accumulate, leaveLoop, printed] as Way['make'][]).includes(make),
);

const onLanes = (ways: readonly Way[]): readonly Way[] => ways.filter(({ lanes }) => lanes);
const LANE_WAYS = onLanes(WAYS);
const FLAT_LANE_WAYS = onLanes(FLAT);

/** Statements for their effect, in a scope of their own. */
export function blockOf(context: Context, most: number): Node {
  return inScope(context, around => {
    const statements: Node[] = [];
    const count = 1 + around.world.choose.below(most);
    while (statements.length < count) statements.push(...statementOf(around));
    return block(statements);
  });
}

export function statementOf(context: Context): readonly Node[] {
  const { choose, budget, palette } = context.world;
  const [flat, all] = palette.lanes ? [FLAT_LANE_WAYS, LANE_WAYS] : [FLAT, WAYS];
  const ways = context.depth <= 1 || budget <= 0 ? flat : all;
  for (let attempt = 0; attempt < 4; attempt++) {
    const made = choose.weighted(ways, way => way.weight)!.make(context);
    if (made !== undefined) return 'label' in made ? [made] : made;
  }
  return [bind(context)];
}

/** Statements and a value at the end: a body of a function, or a block that is a value. */
export function bodyOf(context: Context, most: number): Node {
  return inScope(context, around => {
    const statements: Node[] = [];
    const count = around.world.choose.below(most + 1);
    while (statements.length < count) statements.push(...statementOf(around));
    // What a variable holds is often not seen otherwise; and where it is not seen, code for it may be left out.
    const { choose, palette } = around.world;
    if (statements.length > 0 && choose.chance(palette.lanes ? 0 : 25)) statements.push(printedAll(around));
    statements.push(ending(around));
    return block(statements);
  });
}

/** The last statement gives the value; one of unknown type may also be a loop, or a condition without a second block. */
function ending(context: Context): Node {
  const { choose, palette } = context.world;
  const { result } = context;
  if (context.depth > 1) {
    if (choose.chance(palette.lanes ? 0 : 10)) return matchStatement(context, around => bodyOf(shallower(around), 1));
    if (choose.chance(8))
      return assemble(
        'statement',
        'choice as value',
        undefined,
        ['(', '){', '}{', '}'],
        [condition(context), bodyOf(shallower(context), 1), bodyOf(shallower(context), 1)],
      );
    if (result.kind === 'any' && choose.chance(25)) return choose.pick([forEach, range, conditional])(context);
  }
  const value = inner(context, result);
  return assemble('statement', 'value', undefined, ['(', ')'], [value]);
}

function shallower(context: Context): Context {
  return { ...context, depth: context.depth - 1 };
}

function bind(context: Context): Node {
  const { choose, records, palette } = context.world;
  const type = choose.chance(palette.lanes ? 0 : 6) ? someFunctionType(choose, records) : newType(context, 2);
  return bound(context, type);
}

function bound(context: Context, type: Type): Node {
  const value = inner(context, type);
  const name = freshName(context.world, 'v');
  context.variables.push({ name, type, fixed: false });
  return assemble('statement', 'let', undefined, [`${name}= `, ''], [value]);
}

/** Variables that statements may give new values. */
function assignable(context: Context, type?: Type): readonly Variable[] {
  const found = type === undefined ? context.variables : variablesOf(context, type);
  return found.filter(variable => !variable.fixed);
}

function assign(context: Context): Node | undefined {
  const found = assignable(context);
  if (found.length === 0) return undefined;
  const { name, type } = context.world.choose.pick(found);
  return assemble('statement', 'assign', undefined, [`${name}= `, ''], [inner(context, type)]);
}

const GROWING: readonly Type['kind'][] = ['list', 'text', 'map', 'num', 'named'];

/** A second name for something that may be changed in place when it has only one. */
function alias(context: Context): Node | undefined {
  const { choose } = context.world;
  const found = context.variables.filter(({ type }) => ['list', 'map', 'named', 'any'].includes(type.kind));
  if (found.length === 0) return undefined;
  const { name, type } = choose.pick(found);
  const targets = assignable(context, type).filter(other => other.name !== name);
  const to = targets.length > 0 && choose.chance(40) ? choose.pick(targets).name : freshName(context.world, 'v');
  if (!context.variables.some(known => known.name === to)) context.variables.push({ name: to, type, fixed: false });
  return assemble('statement', 'alias', undefined, [`${to}= `, ''], [leaf('variable', type, name)]);
}

/** The shapes in which lists, texts, maps and sums grow. */
function accumulate(context: Context): Node | undefined {
  const { choose } = context.world;
  const found = assignable(context).filter(({ type }) => GROWING.includes(type.kind));
  if (found.length === 0) return undefined;
  const { name, type } = choose.pick(found);
  switch (type.kind) {
    case 'named': {
      const field = choose.pick(recordNamed(context.world.records, type.name).fields);
      return assemble(
        'statement',
        'change itself',
        undefined,
        [`${name}=${name} with ${field.name}:`, ''],
        [inner(context, field.type)],
      );
    }
    case 'list':
      if (choose.chance(25))
        return assemble(
          'statement',
          'lst',
          undefined,
          [`${name}=lst ${name} `, ' ', ''],
          [leaf('number', NUM, choose.pick(['0', '0', '1', '2'])), inner(context, type.of)],
        );
      return assemble(
        'statement',
        'append to itself',
        undefined,
        [`${name}=+=${name} `, ''],
        [inner(context, type.of)],
      );
    case 'map': {
      const parts = [inner(context, type.key), inner(context, type.value)];
      return assemble('statement', 'put into itself', undefined, [`${name}=mset ${name} `, ' ', ''], parts);
    }
    default: {
      const op = type.kind === 'num' ? choose.pick(['+', '-', '*']) : '+';
      return assemble('statement', 'add to itself', undefined, [`${name}=${op} ${name} `, ''], [inner(context, type)]);
    }
  }
}

function swap(context: Context): readonly Node[] | undefined {
  const { choose } = context.world;
  const first = assignable(context);
  if (first.length === 0) return undefined;
  const { name, type } = choose.pick(first);
  const others = assignable(context, type).filter(other => other.name !== name);
  if (others.length === 0) return undefined;
  const other = choose.pick(others).name;
  const between = freshName(context.world, 'v');
  context.variables.push({ name: between, type, fixed: false });
  const move = (to: string, from: string): Node =>
    assemble('statement', 'move', undefined, [`${to}= `, ''], [leaf('variable', type, from)]);
  return [move(between, name), move(name, other), move(other, between)];
}

/** A variable gets a value of another type, and is of unknown type from then on. */
function retype(context: Context): Node | undefined {
  const { choose } = context.world;
  const found = assignable(context).filter(({ type }) => type.kind !== 'fn');
  if (found.length === 0) return undefined;
  const old = choose.pick(found);
  const type = newType(context);
  const value = inner(context, type);
  context.variables[context.variables.indexOf(old)] = { name: old.name, type: ANY, fixed: false };
  return assemble('statement', 'retype', undefined, [`${old.name}= `, ''], [value]);
}

/** Returns from the function when a comparison holds. */
function guard(context: Context): Node | undefined {
  const { choose } = context.world;
  const op = choose.pick(['<', '>', '<=', '>=', '=', '!=', '&', '|']);
  const of = op === '&' || op === '|' ? BOOL : choose.chance(80) ? NUM : TEXT;
  // A name of a function would be taken for a call.
  if (context.result.kind === 'fn') return undefined;
  const parts = [inner(context, of), inner(context, of), inner(context, context.result)];
  const not = op !== '!=' && choose.chance(20) ? '!' : '';
  return assemble('statement', 'guard', undefined, [`${not}${op}`, ' ', ' ', ''], parts);
}

function conditional(context: Context): Node {
  const not = context.world.choose.chance(25) ? '!' : '';
  return assemble(
    'statement',
    'condition',
    undefined,
    [`${not}(`, '){', '}'],
    [condition(context), blockOf(shallower(context), 2)],
  );
}

function choice(context: Context): Node {
  return assemble(
    'statement',
    'choice',
    undefined,
    ['(', '){', '}{', '}'],
    [condition(context), blockOf(shallower(context), 2), blockOf(shallower(context), 2)],
  );
}

/** `v= <a b{value}`: the variable keeps what it had when the comparison does not hold. */
function bindWhenTrue(context: Context): Node | undefined {
  const { choose } = context.world;
  const found = assignable(context);
  const fresh = found.length === 0 || choose.chance(25);
  const { name, type } = fresh ? { name: freshName(context.world, 'v'), type: NUM } : choose.pick(found);
  const parts = [inner(context, NUM), inner(context, NUM), inner(context, type)];
  // A variable that is new has no value at all otherwise.
  if (fresh) context.variables.push({ name, type: ANY, fixed: false });
  return assemble(
    'statement',
    'bind when true',
    undefined,
    [`${name}= ${choose.pick(['<', '>', '='])}`, ' ', '{', '}'],
    parts,
  );
}

function bindChoice(context: Context): Node {
  const type = newType(context);
  const arms = { ...shallower(context), result: type };
  const parts = [inner(context, NUM), inner(context, NUM), valueBlock(arms), valueBlock(arms)];
  const name = freshName(context.world, 'v');
  context.variables.push({ name, type, fixed: false });
  return assemble('statement', 'bind choice', undefined, [`${name}= <`, ' ', '{', '}{', '}'], parts);
}

/** A block that is a value: nothing in it may return, since that would be of the type of the function around. */
function valueBlock(context: Context): Node {
  return inScope(context, around => {
    const before = around.world.choose.chance(30) ? [bind(around)] : [];
    return block([...before, assemble('statement', 'value', undefined, ['(', ')'], [inner(around, around.result)])]);
  });
}

/** The body of a loop; its variables are gone behind it. */
function loopBody(context: Context, variables: readonly Variable[]): Node {
  return inScope(context, around => {
    around.variables.push(...variables);
    const body = blockOf({ ...shallower(around), loops: around.loops + 1 }, 3);
    const [counter] = variables;
    if (counter === undefined || around.world.choose.chance(50)) return body;
    return block([gathered(context, counter), ...body.parts]);
  });
}

/** Each round leaves a trace of its counter or item: in a sum, in a list, or printed. */
function gathered(context: Context, { name, type }: Variable): Node {
  const { choose } = context.world;
  const sums = type.kind === 'num' ? assignable(context, NUM) : [];
  const lists = assignable(context, listOf(type));
  const item = leaf('variable', type, name);
  if (sums.length > 0 && choose.chance(60)) {
    const sum = choose.pick(sums).name;
    return assemble('statement', 'add to itself', undefined, [`${sum}=+ ${sum} `, ''], [item]);
  }
  if (lists.length === 0) return assemble('statement', 'prnt', undefined, ['prnt ', ''], [item]);
  const to = choose.pick(lists).name;
  return assemble('statement', 'append to itself', undefined, [`${to}=+=${to} `, ''], [item]);
}

function forEach(context: Context): Node {
  const { choose } = context.world;
  const type = newType(context);
  const list = inner(context, listOf(type));
  const name = freshName(context.world, 'e');
  const body = loopBody(context, [{ name, type, fixed: choose.chance(70) }]);
  return assemble('statement', 'foreach', undefined, [`@${name} `, '{', '}'], [list, body]);
}

/** One place reads a field of records of different shapes. */
function forEachOfBoth(context: Context): Node | undefined {
  const { choose, records } = context.world;
  if (records.length < 2) return undefined;
  const items = Array.from({ length: 2 + choose.below(3) }, () =>
    inner(context, { kind: 'named', name: choose.pick(records).name }),
  );
  const name = freshName(context.world, 'e');
  const field = choose.pick(choose.pick(records).fields).name;
  const body = loopBody(context, [{ name, type: ANY, fixed: true }]);
  return assemble(
    'statement',
    'foreach of both',
    undefined,
    [`@${name} `, `{prnt ${name}.${choose.pick(['', '?'])}${field};`, '}'],
    [list({ kind: 'list', of: ANY }, items), body],
  );
}

function range(context: Context): Node {
  const { choose } = context.world;
  const from = choose.chance(80) ? leaf('number', NUM, choose.pick(['0', '1', '(-2)', '0.5'])) : inner(context, NUM);
  const to = choose.chance(75)
    ? leaf('number', NUM, choose.pick(['0', '2', '3', '5', '5', '2.5', '12', choose.chance(10) ? '200' : '4']))
    : inner(context, NUM);
  const name = freshName(context.world, 'i');
  const body = loopBody(context, [{ name, type: NUM, fixed: choose.chance(70) }]);
  return assemble('statement', 'range', undefined, [`@${name} `, '..', '{', '}'], [from, to, body]);
}

/** Counts first, so that `cnt` does not keep it from ending. */
function whileLoop(context: Context): readonly Node[] {
  const { choose } = context.world;
  const name = freshName(context.world, 'w');
  const begin = assemble('statement', 'let', undefined, [`${name}=0`], []);
  context.variables.push({ name, type: NUM, fixed: true });
  const most = choose.pick(['2', '3', '5', '9', choose.chance(10) ? '150' : '4']);
  const body = loopBody(context, []);
  // The body of `wh` shares names with what is around: one that only it binds may still be empty behind it.
  const only = body.parts.find(part => part.label === 'let' && part.pieces[0]!.endsWith('= '));
  if (only !== undefined && choose.chance(40))
    context.variables.push({ name: only.pieces[0]!.slice(0, -2), type: ANY, fixed: false });
  const count = `{${name}=+ ${name} 1;`;
  const loop = choose.chance(70)
    ? assemble('statement', 'while', undefined, [`wh <${name} ${most}${count}`, '}'], [body])
    : assemble(
        'statement',
        'while',
        undefined,
        [`wh ((${name} < ${most}) & `, `)${count}`, '}'],
        [condition(context), body],
      );
  return [begin, loop];
}

function leaveLoop(context: Context): Node | undefined {
  const { choose } = context.world;
  if (context.loops === 0) return undefined;
  const how = choose.below(3);
  if (how === 0) return assemble('statement', 'cnt', undefined, ['(', '){cnt}'], [condition(context)]);
  if (how === 1) return assemble('statement', 'brk', undefined, ['(', '){brk}'], [condition(context)]);
  const parts = [condition(context), inner(context, context.result)];
  return assemble('statement', 'brk with value', undefined, ['(', '){brk ', '}'], parts);
}

function matchOf(context: Context): Node {
  return matchStatement(context, around => blockOf(shallower(around), 2));
}

function returnEarly(context: Context): Node {
  return assemble(
    'statement',
    'ret',
    undefined,
    ['(', '){ret ', '}'],
    [condition(context), inner(context, context.result)],
  );
}

function destructure(context: Context): Node | undefined {
  const { choose, records } = context.world;
  if (records.length === 0) return undefined;
  const { name, fields } = choose.pick(records);
  const free = fields.filter(field => !context.variables.some(known => known.name === field.name));
  if (free.length === 0) return undefined;
  const value = inner(context, { kind: 'named', name });
  for (const field of free) context.variables.push({ name: field.name, type: field.type, fixed: false });
  return assemble(
    'statement',
    'destructure',
    undefined,
    [`{${free.map(field => field.name).join(';')}}= `, ''],
    [value],
  );
}

function printed(context: Context): Node {
  return assemble('statement', 'prnt', undefined, ['prnt ', ''], [inner(context, newType(context))]);
}

function printedAll(context: Context): Node {
  const names = context.variables.map(({ name, type }) => leaf('variable', type, name));
  return assemble('statement', 'all variables', undefined, ['prnt ', ''], [list({ kind: 'list', of: ANY }, names)]);
}

/** A value that nobody wants: it is still computed. */
function discarded(context: Context): Node {
  return assemble('statement', 'discarded', undefined, ['(', ')'], [inner(context, newType(context))]);
}

/** More variables than a machine has registers, all alive at the end. */
export function wideBody(context: Context): Node {
  const { choose } = context.world;
  const statements: Node[] = [];
  const names: string[] = [];
  const count = 240 + choose.below(60);
  while (names.length < count) {
    const before =
      names.length === 0 || choose.chance(20)
        ? inner({ ...context, depth: 2 }, NUM)
        : leaf('variable', NUM, choose.pick(names));
    const name = freshName(context.world, 'v');
    statements.push(assemble('statement', 'let', undefined, [`${name}=+ ${names.length} `, ''], [before]));
    names.push(name);
    context.variables.push({ name, type: NUM, fixed: false });
  }
  statements.push(...blockOf({ ...context, depth: 3 }, 3).parts);
  statements.push(assemble('statement', 'prnt', undefined, [`prnt [${names.join(', ')}]`], []));
  statements.push(ending({ ...context, depth: 2 }));
  return block(statements);
}
