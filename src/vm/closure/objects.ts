// Lists, records and functions as values: making them, and reading fields and items. A field access remembers the shape that
// it met last and where the field is in it.
import type { CoreExpr } from '../../core/core.ts';
import { FunctionValue } from '../../core/value/function.ts';
import { List } from '../../core/value/list.ts';
import { RecordValue, recordOf, type Shape } from '../../core/value/record.ts';
import type { Value } from '../../core/value/value.ts';
import { allocate, at } from '../calls.ts';
import { readField, readIndex, updateRecord } from '../operations.ts';
import type { Code, Compiler } from './code.ts';
import { compileParts, type Parts } from './parts.ts';

/** The parts, charged as an object of `count` items once they are evaluated. */
function charged(parts: Parts, count: number, expr: CoreExpr, { meter }: Compiler): Parts {
  if (meter === undefined) return parts;
  return f => {
    const values = parts(f);
    allocate(meter, count, expr.span);
    return values;
  };
}

export function compileList(expr: CoreExpr & { kind: 'list' }, compiler: Compiler): Code {
  const items = charged(compileParts(expr.items, compiler), expr.items.length, expr, compiler);
  return f => new List(items(f));
}

export function compileFunction(expr: CoreExpr & { kind: 'function' }, compiler: Compiler): Code {
  const { name } = expr;
  const captures = charged(compileParts(expr.captures, compiler), expr.captures.length, expr, compiler);
  return f => new FunctionValue(name, captures(f));
}

export function compileRecord(expr: CoreExpr & { kind: 'record' }, compiler: Compiler): Code {
  const { shape, order } = expr;
  const count = shape.names.length;
  const written = compileParts(expr.values, compiler);
  const inOrder = order.length === count && order.every((place, i) => place === i);
  const values = charged(inOrder ? written : placed(written, order, count), count, expr, compiler);
  return f => recordOf(shape, values(f));
}

/** Puts the values as written where the shape wants them; nil where none was written. */
function placed(written: Parts, order: readonly number[], count: number): Parts {
  return f => {
    const given = written(f);
    const values: Value[] = [];
    for (let i = 0; i < count; i++) values.push(null);
    for (let i = 0; i < given.length; i++) values[order[i]!] = given[i]!;
    return values;
  };
}

export function compileWith(expr: CoreExpr & { kind: 'with' }, compiler: Compiler): Code {
  const { names, span } = expr;
  const { meter } = compiler;
  const object = compiler.value(expr.object);
  const parts = compileParts(expr.values, compiler);
  return f => {
    const record = object(f);
    const values = parts(f);
    if (meter !== undefined && record instanceof RecordValue) allocate(meter, record.size, span);
    try {
      return updateRecord(record, names, values);
    } catch (error) {
      throw at(error, span);
    }
  };
}

export function compileField(expr: CoreExpr & { kind: 'field' }, compiler: Compiler): Code {
  const { name, safe, span } = expr;
  const object = compiler.value(expr.object);
  let shape: Shape | undefined;
  let index = 0;
  return f => {
    const record = object(f);
    if (record instanceof RecordValue) {
      if (record.shape === shape) return record.at(index);
      const found = record.shape.indexOf(name);
      if (found !== undefined) {
        shape = record.shape;
        index = found;
        return record.at(found);
      }
    }
    try {
      return readField(record, name, safe);
    } catch (error) {
      throw at(error, span);
    }
  };
}

export function compileIndex(expr: CoreExpr & { kind: 'index' }, compiler: Compiler): Code {
  const { index, safe, span } = expr;
  const object = compiler.value(expr.object);
  return f => {
    const list = object(f);
    try {
      return readIndex(list, index, safe);
    } catch (error) {
      throw at(error, span);
    }
  };
}
