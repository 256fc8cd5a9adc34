// Proven types against real values: every expression of a program is wrapped in a call of a builtin that compares the
// value with the type that was proven for it. All programs under tests/programs run this way.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { chooseEntry, functionsOf, readArguments } from '../../src/cli/entry.ts';
import { readImport } from '../../src/cli/source.ts';
import { findCases } from '../../src/cli/test-cases.ts';
import { Fault } from '../../src/core/fault.ts';
import type { Host } from '../../src/core/host.ts';
import { showType, type Type } from '../../src/core/type.ts';
import { FunctionValue } from '../../src/core/value/function.ts';
import { List } from '../../src/core/value/list.ts';
import { MapValue } from '../../src/core/value/map.ts';
import { RecordValue } from '../../src/core/value/record.ts';
import { Err, Ok } from '../../src/core/value/result.ts';
import { showValue } from '../../src/core/value/show.ts';
import type { Value } from '../../src/core/value/value.ts';
import type { Arm, Decl, Expr, Program, Stmt } from '../../src/lang/ilo/ast.ts';
import type { BuiltinRow, BuiltinTable } from '../../src/lang/ilo/builtins/row.ts';
import { BUILTINS } from '../../src/lang/ilo/builtins/table.ts';
import { resolveImports } from '../../src/lang/ilo/imports.ts';
import { lower } from '../../src/lang/ilo/lower/lower.ts';
import { parse } from '../../src/lang/ilo/parse.ts';
import { type Entry, prove } from '../../src/lang/ilo/prove.ts';
import { makeContext, verify } from '../../src/lang/ilo/verify.ts';
import { collectDeclarations } from '../../src/lang/ilo/verify-declarations.ts';
import { makeServices } from '../../src/runtime/services.ts';
import { TreeMachine } from '../../src/vm/tree/machine.ts';
import { testHost } from '../programs/expectations.ts';
import { makeRandom, randomProgram } from './random-programs.ts';

const CHECK = 'check-proof';
/** Parts of lists and maps that are looked at: accumulators would otherwise be read whole at every step. */
const SAMPLE = 20;

function inhabits(value: Value, type: Type): boolean {
  switch (type.kind) {
    case 'any':
      return true;
    case 'num':
      return typeof value === 'number';
    case 'text':
    case 'sum':
      return typeof value === 'string';
    case 'bool':
      return typeof value === 'boolean';
    case 'nil':
      return value === null;
    case 'optional':
      return value === null || inhabits(value, type.of);
    case 'list':
      return (
        value instanceof List &&
        [...Array(Math.min(SAMPLE, value.length)).keys()].every(index => inhabits(value.get(index)!, type.of))
      );
    case 'map': {
      if (!(value instanceof MapValue)) return false;
      let left = SAMPLE;
      for (const [key, item] of value.view()) {
        if (left-- === 0) break;
        if (!inhabits(key, type.key) || !inhabits(item, type.value)) return false;
      }
      return true;
    }
    case 'result':
      if (value instanceof Ok) return inhabits(value.value, type.ok);
      return value instanceof Err && inhabits(value.value, type.err);
    case 'fn':
      return value instanceof FunctionValue;
    case 'named':
      return value instanceof RecordValue && value.shape.typeName === type.name;
  }
}

/** The program with a check around every expression that has a type, and those expressions by number. */
function instrument(program: Program): { readonly program: Program; readonly checked: readonly Expr[] } {
  const checked: Expr[] = [];
  const expr = (node: Expr): Expr => {
    const inner = inside(node);
    if (node.type === undefined) return inner;
    const { span } = node;
    checked.push(node);
    const number: Expr = { kind: 'literal', value: checked.length - 1, span };
    return { kind: 'call', name: CHECK, nameSpan: span, args: [number, inner], unwrap: 'none', form: 'plain', span };
  };
  const arms = (nodes: readonly Arm[]): Arm[] => nodes.map(arm => ({ ...arm, body: block(arm.body) }));
  const inside = (node: Expr): Expr => {
    switch (node.kind) {
      case 'literal':
      case 'ref':
        return node;
      case 'call':
        return { ...node, args: node.args.map(expr) };
      case 'binary':
        return { ...node, left: expr(node.left), right: expr(node.right) };
      case 'unary':
        return { ...node, operand: expr(node.operand) };
      case 'ok':
      case 'err':
        return { ...node, value: expr(node.value) };
      case 'list':
        return { ...node, items: node.items.map(expr) };
      case 'record':
        return { ...node, fields: node.fields.map(field => ({ ...field, value: expr(field.value) })) };
      case 'field':
      case 'index':
        return { ...node, object: expr(node.object) };
      case 'match':
        return { ...node, subject: node.subject && expr(node.subject), arms: arms(node.arms) };
      case 'coalesce':
        return { ...node, value: expr(node.value), fallback: expr(node.fallback) };
      case 'with':
        return {
          ...node,
          object: expr(node.object),
          updates: node.updates.map(update => ({ ...update, value: expr(update.value) })),
        };
      case 'ternary':
        return {
          ...node,
          condition: expr(node.condition),

          then: expr(node.then),
          otherwise: expr(node.otherwise),
        };
      case 'lambda':
        return { ...node, body: block(node.body) };
    }
  };
  const block = (nodes: readonly Stmt[]): Stmt[] => nodes.map(stmt);
  const stmt = (node: Stmt): Stmt => {
    switch (node.kind) {
      case 'let':
      case 'destructure':
      case 'return':
      case 'expr':
        return { ...node, value: expr(node.value) };
      case 'guard':
        return {
          ...node,
          condition: expr(node.condition),
          body: block(node.body),
          otherwise: node.otherwise && block(node.otherwise),
        };
      case 'match':
        return { ...node, subject: node.subject && expr(node.subject), arms: arms(node.arms) };
      case 'foreach':
        return { ...node, collection: expr(node.collection), body: block(node.body) };
      case 'range':
        return { ...node, from: expr(node.from), to: expr(node.to), body: block(node.body) };
      case 'while':
        return { ...node, condition: expr(node.condition), body: block(node.body) };
      case 'break':
        return { ...node, value: node.value && expr(node.value) };
      case 'continue':
        return node;
    }
  };
  const decls = program.decls.map(
    (decl): Decl => (decl.kind === 'function' ? { ...decl, body: block(decl.body) } : decl),
  );
  return { program: { ...program, decls }, checked };
}

interface Instrumented {
  readonly program: Program;
  /** Runs one function with checks. */
  readonly run: (name: string, args: readonly Value[], maxDepth: number) => void;
  /** Every value that was not of the type proven for its expression. */
  readonly problems: string[];
  /** How many values were compared with a type that says something. */
  compared: number;
}

/** A program with checks, or undefined when it has mistakes. */
function load(text: string, path: string, entry: Entry): Instrumented | undefined {
  const parsed = parse(text);
  const resolved = resolveImports(parsed.program, { file: path, readFile: readImport });
  const { diagnostics } = verify(resolved.program, BUILTINS, entry);
  if ([...parsed.diagnostics, ...diagnostics].some(found => found.severity === 'error')) return undefined;
  return withChecks(resolved.program, text);
}

/** A program with checks, whether it verifies or not: proofs do not depend on what the program claims. */
function loadUnverified(text: string): Instrumented | undefined {
  const { program, diagnostics } = parse(text);
  if (diagnostics.length > 0) return undefined;
  const context = makeContext(BUILTINS);
  collectDeclarations(context, program);
  prove(program, context);
  return withChecks(program, text);
}

function withChecks(original: Program, text: string): Instrumented {
  const { program, checked } = instrument(original);
  const problems: string[] = [];
  const row: BuiltinRow = {
    ...BUILTINS.get('prnt')!,
    name: CHECK,
    signatures: [`${CHECK} number:n value:a > a`],
    run: ([number, value]) => {
      const node = checked[number as number]!;
      if (node.type!.kind !== 'any') instrumented.compared++;
      if (!inhabits(value!, node.type!)) {
        const source = text.slice(node.span.start, node.span.end);
        problems.push(`${source} is ${showValue(value!).slice(0, 80)}, not ${showType(node.type!)}`);
      }
      return value!;
    },
  };
  const builtins: BuiltinTable = {
    get: name => (name === CHECK ? row : BUILTINS.get(name)),
    names: BUILTINS.names,
  };
  const unit = lower(program, builtins);
  const run = (name: string, args: readonly Value[], maxDepth: number): void => {
    const services = makeServices({
      builtins,
      host: testHost() as Host,
      meter: undefined,
      maxDepth,
      random: () => 0.5,
      callValue: (value, values) => machine.callValue(value, values, ''),
    });
    const machine: TreeMachine = new TreeMachine(unit, services);
    try {
      machine.run(unit.byName.get(name)!, args);
    } catch (error) {
      if (!(error instanceof Fault || error instanceof RangeError)) throw error;
    }
  };
  const instrumented: Instrumented = { program, run, problems, compared: 0 };
  return instrumented;
}

/** Runs all cases of a program with checks and gives what did not hold. */
function findUnsound(text: string, path: string, entry: Entry): string[] {
  const loaded = load(text, path, entry);
  if (!loaded) return [];
  for (const { words } of findCases(text)) {
    const chosen = chooseEntry(functionsOf(loaded.program), words, Number.POSITIVE_INFINITY, true);
    if (chosen.kind !== 'call') continue;
    const read = readArguments(loaded.program, chosen.fn, chosen.words);
    if ('diagnostic' in read) continue;
    // The command line has checked the arguments already, though not what is inside.
    const kept = chosen.fn.params.every(({ type }, index) => isPlain(type, read.args[index]!));
    if (entry !== 'declared' || kept) loaded.run(chosen.fn.name, read.args, 2000);
  }
  return loaded.problems;
}

/** Whether an argument keeps to a declared type in which there is no name to resolve. */
function isPlain(type: Type, value: Value): boolean {
  return !/[a-z]{2}|[a-z]/.test(showType(type).replace(/\b[ntb]\b/g, '')) && inhabits(value, type);
}

const ROOT = process.env.ILO_SOUNDNESS_ROOT ?? 'tests/programs/ilo';
const paths = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ilo') && !name.includes('modules'))
  .sort();

describe.each(['anything', 'checked', 'declared'] as const)('entered with %s', entry => {
  it.each(paths)('%s', name => {
    const path = `${ROOT}/${name}`;
    expect(findUnsound(readFileSync(path, 'utf8'), path, entry)).toEqual([]);
  });
});

const VALUES: readonly Value[] = [
  1,
  'a',
  true,
  null,
  new List([1, 'b']),
  new Ok(3),
  new Err('e'),
  new FunctionValue('ga', []),
];

it('holds for random programs', () => {
  let parsed = 0;
  let compared = 0;
  for (let seed = 0; seed < Number(process.env.ILO_SOUNDNESS_SEEDS ?? 1500); seed++) {
    const text = randomProgram(seed);
    const loaded = loadUnverified(text);
    if (!loaded) continue;
    parsed++;
    const random = makeRandom(seed);
    for (let call = 0; call < 8; call++) {
      const args = [VALUES[random(VALUES.length)]!, VALUES[random(VALUES.length)]!];
      loaded.run(['fa', 'fb', 'fc', 'fd'][call % 4]!, args, 30);
    }
    compared += loaded.compared;
    expect(loaded.problems, text).toEqual([]);
  }
  expect(parsed).toBeGreaterThan(1000);
  expect(compared).toBeGreaterThan(2000);
});

it('finds a value that is not of its type', () => {
  const text = 'f x:n>n;x\n-- run: f 1';
  const { program } = parse(text);
  verify(program, BUILTINS);
  const fn = program.decls[0] as Decl & { kind: 'function' };
  const last = fn.body[0] as Stmt & { kind: 'expr' };
  last.value.type = { kind: 'text' };
  const { checked } = instrument(program);
  expect(checked.some(node => !inhabits(1, node.type!))).toBe(true);
});
