// Calls of builtins, straight from the table of signatures: a builtin that is added is called from the next run on. Only arguments that
// would nearly always be refused if anything of their type stood there have a list of what is worth trying.
import { NUM, TEXT, type Type } from '../../../src/core/type.ts';
import {
  type Bindings,
  isTypeVariable,
  type Signature,
  type SignatureParam,
  signaturesOf,
  substitute,
} from '../../../src/lang/ilo/builtins/signature.ts';
import { BUILTINS } from '../../../src/lang/ilo/builtins/table.ts';
import { argumentOf, callPieces } from './callables.ts';
import { type Context, newType } from './context.ts';
import { assemble, leaf, type Node, sequence } from './tree.ts';
import { unify } from './types.ts';

/** Numbers that are near what counts and sizes are. */
const SMALL = ['0', '1', '2', '3', '(-1)', '(-2)', '5', '0.5'];

/** Arguments by the name of their parameter, alone or behind the name of the builtin. */
const HABITS: Readonly<Record<string, readonly string[]>> = {
  i: SMALL,
  n: SMALL,
  from: SMALL,
  to: [...SMALL, '8'],
  width: ['0', '3', '7', '(-1)', '2.5'],
  digits: SMALL,
  code: ['65', '97', '8364', '128512', '55296', '(-1)'],
  ms: ['0', '5'],
  p: ['0', '0.25', '0.5', '1', '2'],
  pad: ['"0"', '"ab"', '""', '"é"'],
  separator: ['","', '""', '" "', '"-"', '"ab"'],
  template: ['"{}"', '"{}-{}"', '"a{}b{}c{}"', '"none"', '"{} {"'],
  pattern: ['"a+"', '"(\\\\d+)-(\\\\w)"', '"[a-c]"', '"("', '"^b|c$"', '"x*"'],
  replacement: ['"$1"', '"-"', '""'],
  json: ['"[1,2,{}]"', '"{\\"x\\":1,\\"y\\":[2]}"', '"null"', '"{"', '"1e3"'],
  'jpth.path': ['"x"', '"y.0"', '"0"', '""'],
  path: ['"notes.txt"', '"people.csv"', '"settings.json"', '"log.jsonl"', '"none.txt"', '"broken.json"'],
  format: ['"json"', '"csv"', '"raw"', '"tsv"', '"xml"'],
  'dtfmt.format': ['"%Y-%m-%d"', '"%H:%M:%S"', '"%A %j"', '"%Q"'],
  'dtparse.format': ['"%Y-%m-%d"', '"%H"'],
  'dtparse.text': ['"2024-02-29"', '"2023-02-29"', '"12"'],
  epoch: ['0', '1700000000', '(-86400.5)', '1e15'],
  'env.name': ['"USER"', '"EMPTY"', '"NONE"'],
  url: ['"http://test/hello"', '"http://test/json"', '"http://test/none"'],
  'num.s': ['"1"', '"-2.5"', '" 7 "', '"1e3"', '"0x10"', '"x"', '"NaN"'],
  'chars.text': ['"héllo"', '"a😀b"', '""'],
};

/** Parameters of type `L _` that want numbers. */
const NUMERIC_TOPICS = ['statistics', 'fourier transform', 'linear algebra'];

interface Candidate {
  readonly name: string;
  readonly topic: string;
  readonly signature: Signature;
  readonly weight: number;
}

/** What engines treat in ways of their own, and what programs are made of. */
const OFTEN: Readonly<Record<string, number>> = {
  map: 60,
  flt: 40,
  mod: 25,
  len: 15,
  flr: 12,
  abs: 10,
  str: 12,
  srt: 12,
  grp: 16,
  mget: 12,
  sum: 10,
  lst: 16,
  cat: 10,
};

/** What costs much, or says the same on each run, is called seldom. */
function weightOf(name: string, topic: string, effect: string): number {
  const often = OFTEN[name];
  if (often !== undefined) return often;
  if (name === 'now' || name === 'sleep' || topic === 'http' || topic === 'fourier transform') return 1;
  if (topic === 'files' || topic === 'dates' || topic === 'regular expressions' || topic === 'linear algebra') return 2;
  if (effect === 'random') return 2;
  return ['lists', 'functions', 'maps', 'sets'].includes(topic) ? 8 : 4;
}

const ALL: readonly Candidate[] = [...BUILTINS.names()].flatMap(name => {
  const row = BUILTINS.get(name)!;
  const weight = weightOf(name, row.topic, row.effect);
  return signaturesOf(row).map(signature => ({ name, topic: row.topic, signature, weight }));
});

/** Those that are computed on lanes. */
const LANES = new Set(['abs', 'min', 'max', 'mod', 'flr', 'cel', 'rou', 'clamp', 'sqrt']);

const byKind = new Map<string, readonly Candidate[]>();

/** Signatures that may give the kind of type, before a look at what is inside. */
function candidatesFor(type: Type, lanes: boolean): readonly Candidate[] {
  const key = lanes ? `${type.kind} on lanes` : type.kind;
  let found = byKind.get(key);
  if (found === undefined) {
    found = ALL.filter(
      ({ name, signature: { result } }) =>
        (!lanes || LANES.has(name)) && (isTypeVariable(result) || result.kind === type.kind),
    );
    byKind.set(key, found);
  }
  return found;
}

/** A call of some builtin that gives the type; undefined when none was found quickly. */
export function builtinCall(context: Context, type: Type): Node | undefined {
  const { choose, palette } = context.world;
  const candidates = candidatesFor(type, palette.lanes ?? false);
  if (candidates.length === 0) return undefined;
  for (let attempt = 0; attempt < 6; attempt++) {
    const chosen = choose.weighted(candidates, candidate => candidate.weight);
    if (chosen === undefined) return undefined;
    const bindings: Bindings = new Map();
    if (unify(chosen.signature.result, type, bindings)) return call(context, chosen, bindings, type);
  }
  return undefined;
}

function call(context: Context, chosen: Candidate, bindings: Bindings, type: Type): Node {
  const { name, signature } = chosen;
  if (name === 'mmap') return leaf('mmap', type, 'mmap');
  const { choose } = context.world;
  const closed = (pattern: Type): Type => {
    bindAll(pattern, bindings, isKey => (isKey ? choose.pick([NUM, TEXT]) : newType(context)));
    return substitute(pattern, bindings);
  };
  const args: Node[] = [];
  for (const param of signature.params) {
    const count = param.variadic ? choose.below(4) : 1;
    for (let i = 0; i < count; i++) args.push(argument(context, chosen, param, closed));
  }
  if (args.length === 0) return leaf(name, type, `${name}()`);
  if (name === 'fmt') return sequence('expression', name, ['(fmt ', ' ', ')'], args, type);
  return assemble('expression', name, type, callPieces(`(${name}`, args.length), args);
}

function argument(
  context: Context,
  { name, topic }: Candidate,
  param: SignatureParam,
  closed: (pattern: Type) => Type,
): Node {
  const { choose } = context.world;
  const pattern = choose.pick(param.alternatives);
  const habits = HABITS[`${name}.${param.name}`] ?? HABITS[param.name];
  if (habits !== undefined && choose.chance(75) && (pattern.kind === 'num' || pattern.kind === 'text'))
    return leaf('literal', pattern, choose.pick(habits));
  return argumentOf(context, closed(numeric(topic, pattern)));
}

/** `L _` of a builtin that calculates is a list of numbers. */
function numeric(topic: string, pattern: Type): Type {
  if (!NUMERIC_TOPICS.includes(topic) || pattern.kind !== 'list') return pattern;
  if (pattern.of.kind === 'any') return { kind: 'list', of: NUM };
  return pattern.of.kind === 'list' ? { kind: 'list', of: { kind: 'list', of: NUM } } : pattern;
}

/** Gives each variable of a pattern that is still free a type. */
function bindAll(pattern: Type, bindings: Bindings, choose: (isKey: boolean) => Type): void {
  switch (pattern.kind) {
    case 'named':
      if (isTypeVariable(pattern) && !bindings.has(pattern.name))
        bindings.set(pattern.name, choose(pattern.name === 'k'));
      return;
    case 'list':
    case 'optional':
      bindAll(pattern.of, bindings, choose);
      return;
    case 'map':
      bindAll(pattern.key, bindings, choose);
      bindAll(pattern.value, bindings, choose);
      return;
    case 'result':
      bindAll(pattern.ok, bindings, choose);
      bindAll(pattern.err, bindings, choose);
      return;
    case 'fn':
      for (const param of pattern.params) bindAll(param, bindings, choose);
      bindAll(pattern.result, bindings, choose);
      return;
    default:
      return;
  }
}
