// Functions and statements of Core as Python.
import { unreachable } from '../../base/assert.ts';
import type { CoreExpr, CoreStmt } from '../../core/core.ts';
import { visitFunction } from '../../core/visit.ts';
import { emitExpression, type FunctionContext, LEVEL, textOf } from './expressions.ts';
import { quote, type UnitContext } from './unit.ts';

const INDENT = '    ';

/** One function of the unit, as a `def`. */
export function emitFunction(unit: UnitContext, index: number): string {
  const fn = unit.unit.functions[index]!;
  const slots = nameSlots(unit, index);
  const context: FunctionContext = { unit, fn, slots, place: span => quote(unit.place(span, fn.file)) };
  const parameters = slots.names.slice(0, fn.params.length).join(', ');
  const lines = [`def ${unit.names.ofFunction(index)}(${parameters}):`];
  for (const slot of slots.maybeEmpty) lines.push(`${INDENT}${slots.names[slot]} = EMPTY`);
  emitBlock(context, fn.body, INDENT, lines);
  return lines.join('\n');
}

/** A Python name for each slot, and the slots that may be read before they have a value. */
function nameSlots(
  unit: UnitContext,
  index: number,
): { readonly names: readonly string[]; readonly maybeEmpty: ReadonlySet<number> } {
  const fn = unit.unit.functions[index]!;
  const wanted: string[] = new Array(fn.slots).fill('');
  const maybeEmpty = new Set<number>();
  const note = (slot: number, name: string) => {
    wanted[slot] ||= name;
  };
  fn.params.forEach(({ name }, slot) => {
    note(slot, name);
  });
  visitFunction(
    fn,
    expr => {
      if (expr.kind !== 'local') return;
      note(expr.slot, expr.name);
      if (expr.maybeEmpty) maybeEmpty.add(expr.slot);
    },
    stmt => {
      if (stmt.kind === 'set') note(stmt.slot, stmt.name);
      else if (stmt.kind === 'destructure') for (const [i, slot] of stmt.slots.entries()) note(slot, stmt.names[i]!);
    },
  );
  const scope = unit.names.scope();
  return { names: wanted.map(name => scope.take(name === '' ? 'part' : name)), maybeEmpty };
}

function emitBlock(context: FunctionContext, block: readonly CoreStmt[], indent: string, lines: string[]): void {
  if (block.length === 0) lines.push(`${indent}pass`);
  for (const stmt of block) emitStatement(context, stmt, indent, lines);
}

function emitStatement(context: FunctionContext, stmt: CoreStmt, indent: string, lines: string[]): void {
  const put = (text: string) => lines.push(indent + text);
  const text = (expr: CoreExpr) => textOf(emitExpression(context, expr), LEVEL.conditional);
  const body = (block: readonly CoreStmt[]) => emitBlock(context, block, indent + INDENT, lines);
  switch (stmt.kind) {
    case 'set':
      put(`${context.slots.names[stmt.slot]} = ${text(stmt.value)}`);
      return;
    case 'eval':
      put(text(stmt.value));
      return;
    case 'return':
      put(`return ${text(stmt.value)}`);
      return;
    case 'cond':
      stmt.arms.forEach(({ test, body: block }, i) => {
        put(`${i === 0 ? 'if' : 'elif'} ${text(test)}:`);
        body(block);
      });
      if (stmt.otherwise.length > 0) {
        put('else:');
        body(stmt.otherwise);
      }
      return;
    case 'destructure': {
      const names = stmt.slots.map(slot => context.slots.names[slot]!);
      const fields = stmt.names.map(quote).join(', ');
      const targets = names.length === 1 ? `${names[0]},` : names.join(', ');
      put(`${targets} = fields_of(${context.place(stmt.span)}, ${text(stmt.value)}, ${fields})`);
      return;
    }
    case 'foreach':
      put(`for ${context.slots.names[stmt.slot]} in each(${context.place(stmt.span)}, ${text(stmt.list)}):`);
      body(stmt.body);
      return;
    case 'range': {
      const bounds = `${text(stmt.from)}, ${text(stmt.to)}`;
      put(`for ${context.slots.names[stmt.slot]} in whole_numbers(${context.place(stmt.span)}, ${bounds}):`);
      body(stmt.body);
      return;
    }
    case 'while':
      if (stmt.before.length === 0) {
        put(`while ${text(stmt.test)}:`);
      } else {
        put('while True:');
        body(stmt.before);
        lines.push(`${indent}${INDENT}if not ${textOf(emitExpression(context, stmt.test), LEVEL.not)}:`);
        lines.push(`${indent}${INDENT}${INDENT}break`);
      }
      body(stmt.body);
      return;
    case 'break':
    case 'continue':
      put(stmt.kind);
      return;
    default:
      unreachable(stmt);
  }
}
