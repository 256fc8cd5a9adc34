// Expressions as code, and expressions as conditions. A condition needs no value: a comparison gives its boolean directly,
// `and`, `or` and `not` decide without making one.
import type { CoreExpr } from '../../core/core.ts';
import { fault } from '../../core/fault.ts';
import { isTruthy } from '../../core/value/compare.ts';
import { at } from '../calls.ts';
import { compileBuiltin, compileCall, compileCallValue, compileTool } from './calls.ts';
import { type Code, type Compiler, sureSlot, type Test } from './code.ts';
import { compileField, compileFunction, compileIndex, compileList, compileRecord, compileWith } from './objects.ts';
import { compilePrimitive, compilePrimitiveTest } from './primitives.ts';

/** The value of an expression. */
export function compileValue(expr: CoreExpr, compiler: Compiler): Code {
  switch (expr.kind) {
    case 'local':
      return compileLocal(expr);
    case 'const': {
      const { value } = expr;
      return () => value;
    }
    case 'prim':
      return compilePrimitive(expr, compiler);
    case 'call':
      return compileCall(expr, compiler);
    case 'builtin':
      return compileBuiltin(expr, compiler);
    case 'callValue':
      return compileCallValue(expr, compiler);
    case 'tool':
      return compileTool(expr, compiler);
    case 'field':
      return compileField(expr, compiler);
    case 'index':
      return compileIndex(expr, compiler);
    case 'list':
      return compileList(expr, compiler);
    case 'record':
      return compileRecord(expr, compiler);
    case 'with':
      return compileWith(expr, compiler);
    case 'function':
      return compileFunction(expr, compiler);
    default:
      return compileChoice(expr, compiler);
  }
}

function compileLocal(expr: CoreExpr & { kind: 'local' }): Code {
  const { slot, name, span } = expr;
  if (sureSlot(expr) !== undefined) return f => f[slot]!;
  return f => {
    const value = f[slot];
    if (value === undefined) throw at(fault('ILO-R001', 'variable', { name }), span);
    return value;
  };
}

function compileChoice(expr: CoreExpr & { kind: 'and' | 'or' | 'coalesce' | 'if' }, compiler: Compiler): Code {
  switch (expr.kind) {
    case 'and': {
      const left = compiler.value(expr.left);
      const right = compiler.value(expr.right);
      return f => {
        const value = left(f);
        return isTruthy(value) ? right(f) : value;
      };
    }
    case 'or': {
      const left = compiler.value(expr.left);
      const right = compiler.value(expr.right);
      return f => {
        const value = left(f);
        return isTruthy(value) ? value : right(f);
      };
    }
    case 'coalesce': {
      const code = compiler.value(expr.value);
      const fallback = compiler.value(expr.fallback);
      return f => code(f) ?? fallback(f);
    }
    case 'if': {
      const test = compiler.test(expr.test);
      const then = compiler.value(expr.then);
      const otherwise = compiler.value(expr.otherwise);
      return f => (test(f) ? then(f) : otherwise(f));
    }
  }
}

/** Whether the value of an expression counts as true. */
export function compileTest(expr: CoreExpr, compiler: Compiler): Test {
  switch (expr.kind) {
    case 'prim': {
      const test = compilePrimitiveTest(expr, compiler);
      if (test) return test;
      break;
    }
    case 'const': {
      const truth = isTruthy(expr.value);
      return () => truth;
    }
    case 'and': {
      const left = compiler.test(expr.left);
      const right = compiler.test(expr.right);
      return f => left(f) && right(f);
    }
    case 'or': {
      const left = compiler.test(expr.left);
      const right = compiler.test(expr.right);
      return f => left(f) || right(f);
    }
    case 'if': {
      const test = compiler.test(expr.test);
      const then = compiler.test(expr.then);
      const otherwise = compiler.test(expr.otherwise);
      return f => (test(f) ? then(f) : otherwise(f));
    }
    case 'local': {
      const slot = sureSlot(expr);
      if (slot !== undefined) return f => isTruthy(f[slot]!);
      break;
    }
  }
  const code = compiler.value(expr);
  return f => isTruthy(code(f));
}
