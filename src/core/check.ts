// States the rules of Core once and checks a unit against them. Tests check every program they lower; a broken rule is a bug
// in a front end, never in the user's program.
import { assert, unreachable } from '../base/assert.ts';
import { CORE_OPS } from '../spec/core-ops.ts';
import type { CoreExpr, CoreFunction, CoreStmt, CoreUnit } from './core.ts';

/** Throws an InternalError that names the function and the rule when the unit is malformed. */
export function checkUnit(unit: CoreUnit): void {
  for (const [index, fn] of unit.functions.entries()) {
    assert(fn !== undefined, `function ${index} is missing`);
    assert(unit.byName.has(fn.name), `${fn.name} is not in byName`);
    new FunctionCheck(fn, unit).check();
  }
}

class FunctionCheck {
  private readonly fn: CoreFunction;
  private readonly unit: CoreUnit;

  constructor(fn: CoreFunction, unit: CoreUnit) {
    this.fn = fn;
    this.unit = unit;
  }

  check(): void {
    this.require(this.fn.captures <= this.fn.params.length, 'captures are parameters');
    this.require(this.fn.params.length <= this.fn.slots, 'parameters have slots');
    const set = new Set<number>();
    for (let slot = 0; slot < this.fn.params.length; slot++) set.add(slot);
    this.block(this.fn.body, set, false);
  }

  private require(condition: boolean, rule: string): void {
    assert(condition, `core of ${this.fn.name}: ${rule}`);
  }

  /** `set` holds the slots that have a value on every way to this place; it is updated along the block. */
  private block(block: readonly CoreStmt[], set: Set<number>, inLoop: boolean): void {
    for (const stmt of block) this.statement(stmt, set, inLoop);
  }

  private statement(stmt: CoreStmt, set: Set<number>, inLoop: boolean): void {
    switch (stmt.kind) {
      case 'set':
        this.expr(stmt.value, set);
        this.define(stmt.slot, set);
        break;
      case 'eval':
      case 'return':
        this.expr(stmt.value, set);
        break;
      case 'cond': {
        for (const arm of stmt.arms) this.expr(arm.test, set);
        const ways = [...stmt.arms.map(arm => arm.body), stmt.otherwise].map(body => {
          const after = new Set(set);
          this.block(body, after, inLoop);
          return { after, leaves: leaves(body) };
        });
        const going = ways.filter(way => !way.leaves);
        for (const slot of going[0]?.after ?? []) if (going.every(way => way.after.has(slot))) set.add(slot);
        break;
      }
      case 'destructure':
        this.expr(stmt.value, set);
        this.require(stmt.names.length === stmt.slots.length, 'destructure pairs names and slots');
        for (const slot of stmt.slots) this.define(slot, set);
        break;
      case 'foreach':
      case 'range': {
        for (const part of stmt.kind === 'foreach' ? [stmt.list] : [stmt.from, stmt.to]) this.expr(part, set);
        const inside = new Set(set);
        this.define(stmt.slot, inside);
        this.block(stmt.body, inside, true);
        break;
      }
      case 'while': {
        this.block(stmt.before, set, inLoop);
        this.expr(stmt.test, set);
        this.block(stmt.body, new Set(set), true);
        break;
      }
      case 'break':
      case 'continue':
        this.require(inLoop, `${stmt.kind} stands in a loop`);
        break;
      default:
        unreachable(stmt);
    }
  }

  private define(slot: number, set: Set<number>): void {
    this.require(Number.isInteger(slot) && slot >= 0 && slot < this.fn.slots, `slot ${slot} exists`);
    set.add(slot);
  }

  private expr(expr: CoreExpr, set: ReadonlySet<number>): void {
    switch (expr.kind) {
      case 'local':
        this.require(expr.slot < this.fn.slots, `slot ${expr.slot} exists`);
        this.require(expr.maybeEmpty || set.has(expr.slot), `slot ${expr.slot} has a value when read`);
        break;
      case 'prim':
        this.require(
          CORE_OPS[expr.op].arity === expr.args.length,
          `${expr.op} takes ${CORE_OPS[expr.op].arity} arguments`,
        );
        break;
      case 'call':
        this.require(this.unit.functions[expr.callee] !== undefined, `function ${expr.callee} exists`);
        break;
      case 'tool':
        this.require(this.unit.tools[expr.tool] !== undefined, `tool ${expr.tool} exists`);
        break;
      case 'record':
        this.require(
          expr.order.length === expr.values.length &&
            expr.order.every(place => place >= 0 && place < expr.shape.names.length),
          'record values have places',
        );
        break;
      case 'with':
        this.require(expr.names.length === expr.values.length, 'with pairs names and values');
        break;
      default:
        break;
    }
    for (const child of childrenOf(expr)) this.expr(child, set);
  }
}

/** Whether control never goes on behind the block. */
function leaves(block: readonly CoreStmt[]): boolean {
  const last = block[block.length - 1];
  if (last === undefined) return false;
  if (last.kind === 'return' || last.kind === 'break' || last.kind === 'continue') return true;
  return last.kind === 'cond' && leaves(last.otherwise) && last.arms.every(arm => leaves(arm.body));
}

/** The expressions directly inside an expression, in the order in which they are evaluated. */
function childrenOf(expr: CoreExpr): readonly CoreExpr[] {
  switch (expr.kind) {
    case 'local':
    case 'const':
      return [];
    case 'prim':
    case 'call':
    case 'builtin':
    case 'tool':
      return expr.args;
    case 'callValue':
      return [...expr.args, expr.callee];
    case 'and':
    case 'or':
      return [expr.left, expr.right];
    case 'coalesce':
      return [expr.value, expr.fallback];
    case 'if':
      return [expr.test, expr.then, expr.otherwise];
    case 'field':
    case 'index':
      return [expr.object];
    case 'list':
      return expr.items;
    case 'record':
      return expr.values;
    case 'with':
      return [expr.object, ...expr.values];
    case 'function':
      return expr.captures;
    default:
      return unreachable(expr);
  }
}
