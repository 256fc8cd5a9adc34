// Core as text, to see what lowering made of a program: one statement a line, slots as `%3:name`, calls by function name.
import { unreachable } from '../base/assert.ts';
import type { CoreExpr, CoreFunction, CoreStmt, CoreUnit } from './core.ts';
import { showType } from './type.ts';

/** All functions of a unit. */
export function printUnit(unit: CoreUnit): string {
  return unit.functions.map(fn => printFunction(fn, unit)).join('\n');
}

export function printFunction(fn: CoreFunction, unit: CoreUnit): string {
  const params = fn.params.map((param, slot) => `${slotName(slot, param.name)} ${showType(param.type)}`).join(', ');
  const lines = [`fn ${fn.name}(${params}) -> ${showType(fn.result)} slots ${fn.slots}`];
  printBlock(fn.body, 1, unit, lines);
  return `${lines.join('\n')}\n`;
}

const slotName = (slot: number, name: string): string => (name === '' ? `%${slot}` : `%${slot}:${name}`);

function printBlock(block: readonly CoreStmt[], depth: number, unit: CoreUnit, lines: string[]): void {
  const put = (text: string): void => {
    lines.push(`${'  '.repeat(depth)}${text}`);
  };
  for (const stmt of block) {
    switch (stmt.kind) {
      case 'set':
        put(`${slotName(stmt.slot, stmt.name)} = ${printExpr(stmt.value, unit)}`);
        break;
      case 'eval':
        put(printExpr(stmt.value, unit));
        break;
      case 'return':
        put(`return ${printExpr(stmt.value, unit)}`);
        break;
      case 'cond':
        stmt.arms.forEach((arm, i) => {
          put(`${i === 0 ? 'if' : 'elif'} ${printExpr(arm.test, unit)}`);
          printBlock(arm.body, depth + 1, unit, lines);
        });
        if (stmt.otherwise.length > 0) {
          put('else');
          printBlock(stmt.otherwise, depth + 1, unit, lines);
        }
        break;
      case 'destructure':
        put(
          `{${stmt.names.map((name, i) => slotName(stmt.slots[i]!, name)).join(', ')}} = ${printExpr(stmt.value, unit)}`,
        );
        break;
      case 'foreach':
        put(`foreach %${stmt.slot} in ${printExpr(stmt.list, unit)}`);
        printBlock(stmt.body, depth + 1, unit, lines);
        break;
      case 'range':
        put(`range %${stmt.slot} from ${printExpr(stmt.from, unit)} to ${printExpr(stmt.to, unit)}`);
        printBlock(stmt.body, depth + 1, unit, lines);
        break;
      case 'while':
        if (stmt.before.length > 0) {
          put('before');
          printBlock(stmt.before, depth + 1, unit, lines);
        }
        put(`while ${printExpr(stmt.test, unit)}`);
        printBlock(stmt.body, depth + 1, unit, lines);
        break;
      case 'break':
      case 'continue':
        put(stmt.kind);
        break;
      default:
        unreachable(stmt);
    }
  }
}

export function printExpr(expr: CoreExpr, unit: CoreUnit): string {
  const all = (exprs: readonly CoreExpr[]): string => exprs.map(each => printExpr(each, unit)).join(', ');
  switch (expr.kind) {
    case 'local':
      return `${slotName(expr.slot, expr.name)}${expr.maybeEmpty ? '?' : ''}`;
    case 'const':
      return typeof expr.value === 'number' && Object.is(expr.value, -0) ? '-0' : JSON.stringify(expr.value);
    case 'prim':
      return `${expr.op}(${all(expr.args)})`;
    case 'call':
      return `call ${unit.functions[expr.callee]?.name ?? expr.callee}(${all(expr.args)})`;
    case 'builtin':
      return `${expr.name}(${all(expr.args)})`;
    case 'callValue':
      return `callValue ${printExpr(expr.callee, unit)} else ${expr.fallback}(${all(expr.args)})`;
    case 'tool':
      return `tool ${unit.tools[expr.tool]?.name ?? expr.tool}(${all(expr.args)})`;
    case 'and':
    case 'or':
      return `${expr.kind}(${all([expr.left, expr.right])})`;
    case 'coalesce':
      return `coalesce(${all([expr.value, expr.fallback])})`;
    case 'if':
      return `if(${all([expr.test, expr.then, expr.otherwise])})`;
    case 'field':
      return `${printExpr(expr.object, unit)}${expr.safe ? '.?' : '.'}${expr.name}`;
    case 'index':
      return `${printExpr(expr.object, unit)}${expr.safe ? '.?' : '.'}${expr.index}`;
    case 'list':
      return `[${all(expr.items)}]`;
    case 'record':
      return `${expr.shape.typeName}{${expr.values.map((value, i) => `${expr.shape.names[expr.order[i]!]}: ${printExpr(value, unit)}`).join(', ')}}`;
    case 'with':
      return `${printExpr(expr.object, unit)} with {${expr.values.map((value, i) => `${expr.names[i]}: ${printExpr(value, unit)}`).join(', ')}}`;
    case 'function':
      return `fn ${expr.name}${expr.captures.length > 0 ? `[${all(expr.captures)}]` : ''}`;
    default:
      return unreachable(expr);
  }
}
