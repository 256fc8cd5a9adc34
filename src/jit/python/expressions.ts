// Expressions of Core as Python. Each comes with how tightly its outermost operator binds, so that parentheses stand only where
// Python needs them.
import { unreachable } from '../../base/assert.ts';
import type { Span } from '../../base/span.ts';
import type { CoreExpr, CoreFunction } from '../../core/core.ts';
import type { CoreOp } from '../../spec/core-ops.ts';
import { quote, recordMaker, type UnitContext } from './unit.ts';

export interface FunctionContext {
  readonly unit: UnitContext;
  readonly fn: CoreFunction;
  readonly slots: { readonly names: readonly string[]; readonly maybeEmpty: ReadonlySet<number> };
  /** A place as a Python literal. */
  readonly place: (span: Span) => string;
}

export interface Python {
  readonly text: string;
  readonly level: number;
}

/** Python's operators from loose to tight. */
export const LEVEL = { conditional: 0, or: 1, and: 2, not: 3, compare: 4, add: 5, multiply: 6, negate: 7, atom: 8 };

const INFIX: Partial<Record<CoreOp, readonly [operator: string, level: number]>> = {
  'num.add': ['+', LEVEL.add],
  'num.sub': ['-', LEVEL.add],
  'num.mul': ['*', LEVEL.multiply],
  'num.lt': ['<', LEVEL.compare],
  'num.le': ['<=', LEVEL.compare],
  'num.gt': ['>', LEVEL.compare],
  'num.ge': ['>=', LEVEL.compare],
  'text.concat': ['+', LEVEL.add],
};

/** Primitives that are a function of the prelude, told the place because they can fail. */
const CHECKED: Partial<Record<CoreOp, string>> = {
  'num.div': 'divide',
  'any.add': 'add',
  'any.sub': 'subtract',
  'any.mul': 'multiply',
  'any.div': 'divide',
  'any.neg': 'negate',
  'any.lt': 'less',
  'any.le': 'less_or_equal',
  'any.gt': 'greater',
  'any.ge': 'greater_or_equal',
  'list.append': 'appended',
  panic: 'unwrap',
};

/** Primitives of which the text of the operand becomes the text of the whole. */
const PLAIN: Partial<Record<CoreOp, (...operands: readonly string[]) => string>> = {
  'num.eq': (a, b) => `equal(${a}, ${b})`,
  'any.eq': (a, b) => `equal(${a}, ${b})`,
  truthy: value => `bool(${value})`,
  'is.ok': value => `isinstance(${value}, Ok)`,
  'is.err': value => `isinstance(${value}, Err)`,
  'is.num': value => `isinstance(${value}, float)`,
  'is.text': value => `isinstance(${value}, str)`,
  'is.bool': value => `isinstance(${value}, bool)`,
  'is.list': value => `isinstance(${value}, List)`,
  payload: value => `payload(${value})`,
  'new.ok': value => `Ok(${value})`,
  'new.err': value => `Err(${value})`,
};

const atom = (text: string): Python => ({ text, level: LEVEL.atom });

/** The text, in parentheses unless its operator binds at least as tightly as `level`. */
export function textOf({ text, level }: Python, least: number): string {
  return level >= least ? text : `(${text})`;
}

export function emitExpression(context: FunctionContext, expr: CoreExpr): Python {
  const { unit, slots } = context;
  const text = (inner: CoreExpr, least: number = LEVEL.conditional) => textOf(emitExpression(context, inner), least);
  const texts = (exprs: readonly CoreExpr[]) => exprs.map(inner => text(inner));
  const place = () => context.place(expr.span);
  switch (expr.kind) {
    case 'local': {
      const name = slots.names[expr.slot]!;
      return atom(expr.maybeEmpty ? `filled(${place()}, ${quote(expr.name)}, ${name})` : name);
    }
    case 'const':
      return constant(expr.value);
    case 'prim':
      return primitive(context, expr);
    case 'call': {
      const { name, params, captures } = unit.unit.functions[expr.callee]!;
      if (expr.args.length !== params.length) {
        const counts = `${params.length - captures}, ${expr.args.length - captures}`;
        return atom(`wrong_count(${place()}, ${quote(name)}, ${counts})`);
      }
      return atom(`${unit.names.ofFunction(expr.callee)}(${texts(expr.args).join(', ')})`);
    }
    case 'builtin':
      return atom(`${unit.useBuiltin(expr.name)}(${[place(), ...texts(expr.args)].join(', ')})`);
    case 'callValue': {
      if (expr.fallback !== '' && !unit.unit.byName.has(expr.fallback)) noteFallback(unit, expr.fallback);
      // The function is looked at after its arguments, which Python does as well when it stands last.
      return atom(
        `call_with([${texts(expr.args).join(', ')}], ${place()}, ${quote(expr.fallback)}, ${text(expr.callee)})`,
      );
    }
    case 'tool':
      unit.useTool(unit.unit.tools[expr.tool]!.name);
      return atom('None');
    case 'and':
      return { text: `${text(expr.left, LEVEL.and)} and ${text(expr.right, LEVEL.not)}`, level: LEVEL.and };
    case 'or':
      return { text: `${text(expr.left, LEVEL.or)} or ${text(expr.right, LEVEL.and)}`, level: LEVEL.or };
    case 'coalesce': {
      const fallback = text(expr.fallback, LEVEL.or);
      const test =
        expr.value.kind === 'local' && !expr.value.maybeEmpty ? text(expr.value) : `(_value := ${text(expr.value)})`;
      const value = test.startsWith('(') ? '_value' : test;
      return { text: `${fallback} if ${test} is None else ${value}`, level: LEVEL.conditional };
    }
    case 'if': {
      const [test, then] = [text(expr.test, LEVEL.or), text(expr.then, LEVEL.or)];
      return { text: `${then} if ${test} else ${text(expr.otherwise)}`, level: LEVEL.conditional };
    }
    case 'field': {
      const object = text(expr.object);
      const name = quote(expr.name);
      return atom(expr.safe ? `field_or_nil(${object}, ${name})` : `field_of(${place()}, ${object}, ${name})`);
    }
    case 'index': {
      const object = text(expr.object);
      return atom(
        expr.safe ? `item_or_nil(${object}, ${expr.index})` : `item_at(${place()}, ${object}, ${expr.index})`,
      );
    }
    case 'list':
      return atom(`List([${texts(expr.items).join(', ')}])`);
    case 'record': {
      const { name, parameters } = recordMaker(unit, expr.shape);
      const fields = expr.values.map((value, i) => {
        return `${parameters.get(expr.shape.names[expr.order[i]!]!)}=${text(value)}`;
      });
      return atom(`${name}(${fields.join(', ')})`);
    }
    case 'with': {
      const fields = expr.names.map((name, i) => `${quote(name)}: ${text(expr.values[i]!)}`);
      return atom(`replaced(${place()}, ${text(expr.object)}, {${fields.join(', ')}})`);
    }
    case 'function': {
      if (expr.callee < 0) unit.useBuiltinValue(expr.name);
      const captures = expr.captures.length === 0 ? '' : `, [${texts(expr.captures).join(', ')}]`;
      return atom(`Function(${quote(expr.name)}${captures})`);
    }
    default:
      return unreachable(expr);
  }
}

/** A fallback that no function of the program has is a builtin, a tool, or nothing. */
function noteFallback(unit: UnitContext, name: string): void {
  if (unit.unit.toolByName.has(name)) unit.useTool(name);
  else if (unit.isBuiltin(name)) unit.useBuiltinValue(name);
}

function constant(value: number | string | boolean | null): Python {
  if (value === null) return atom('None');
  if (typeof value === 'boolean') return atom(value ? 'True' : 'False');
  if (typeof value === 'string') return atom(quote(value));
  if (Number.isNaN(value)) return atom('NAN');
  if (!Number.isFinite(value)) return value > 0 ? atom('INFINITY') : { text: '-INFINITY', level: LEVEL.negate };
  const digits = Object.is(value, -0) ? '-0' : String(value);
  const text = /[.e]/.test(digits) ? digits : `${digits}.0`;
  return { text, level: text.startsWith('-') ? LEVEL.negate : LEVEL.atom };
}

function primitive(context: FunctionContext, expr: CoreExpr & { kind: 'prim' }): Python {
  const { op } = expr;
  const operands = expr.args.map(arg => emitExpression(context, arg));
  const [left, right] = operands as [Python, Python];
  const infix = INFIX[op];
  if (infix !== undefined) {
    const [operator, level] = infix;
    // Comparisons in a row mean something else in Python; sums and products are taken from the left.
    const leftLevel = level === LEVEL.compare ? level + 1 : level;
    return { text: `${textOf(left, leftLevel)} ${operator} ${textOf(right, level + 1)}`, level };
  }
  const checked = CHECKED[op];
  if (checked !== undefined) {
    const args = operands.map(({ text }) => text).join(', ');
    return atom(`${checked}(${context.place(expr.span)}, ${args})`);
  }
  const plain = PLAIN[op];
  if (plain !== undefined) return atom(plain(...operands.map(({ text }) => text)));
  switch (op) {
    case 'num.neg':
      return { text: `-${textOf(left, LEVEL.atom)}`, level: LEVEL.negate };
    case 'not':
      return { text: `not ${textOf(left, LEVEL.not)}`, level: LEVEL.not };
    case 'is.nil':
      return { text: `${textOf(left, LEVEL.add)} is None`, level: LEVEL.compare };
    case 'any.ne':
      return { text: `not equal(${left.text}, ${right.text})`, level: LEVEL.not };
    default:
      throw new TypeError(`there is no Python for ${op}`);
  }
}
