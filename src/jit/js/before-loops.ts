// What is written before a loop, and what is found there by the accesses inside: views.ts and building.ts say what and why. An expression that calls
// `none` otherwise tells V8 that a variable is never empty, for as long as it never is: code that never ran is compiled as leaving the function.

import { UNNOTED_ITEMS } from '../../core/value/list.ts';
import type { Cfg } from '../../ir/cfg.ts';
import type { BlockId, Instruction, IrFunction, ValueId } from '../../ir/ir.ts';
import type { LoopNest } from '../../ir/loops.ts';
import { type Building, FEWEST_RESERVED, findBuilding, MOST_RESERVED } from './building.ts';
import { beforeDot, numberLiteral } from './literals.ts';
import type { Place, Scope, View } from './scope.ts';
import { type Hoist, type IsQuiet, Views } from './views.ts';

type Definition = (value: ValueId) => Instruction | undefined;

export class BeforeLoops {
  private readonly loops: LoopNest;
  private readonly scope: Scope;
  private readonly definition: Definition;
  private readonly line: (text: string) => void;
  private readonly views: Views;
  /** The variables of what was read before a loop: the items and their number, or one item. */
  private readonly hoisted = new Map<Hoist, View>();
  private readonly building: readonly Building[];
  /** The variable with the array for a list that is being built; empty when the list grows as always. */
  private readonly arrays = new Map<Building, string>();

  constructor(
    fn: IrFunction,
    cfg: Cfg,
    loops: LoopNest,
    definition: Definition,
    isQuiet: IsQuiet,
    scope: Scope,
    line: (text: string) => void,
  ) {
    this.loops = loops;
    this.scope = scope;
    this.definition = definition;
    this.line = line;
    this.views = new Views(fn, cfg, loops, isQuiet);
    this.building = findBuilding(fn, cfg, loops, definition);
  }

  /** Writes the lines before a loop. */
  write(head: BlockId): void {
    for (const hoist of this.views.before(head)) {
      if (hoist.index === undefined) this.items(hoist);
      else this.item(hoist, hoist.index, head);
    }
    for (const built of this.building) if (built.head === head) this.reserve(built);
  }

  /** Writes the lines for an edge, which may leave a loop: makes the lists of what it has built. */
  leave(from: BlockId, to: BlockId): void {
    if (this.arrays.size === 0 || this.loops.heads.get(from)?.body.has(to) !== false) return;
    for (const [{ head, list }, array] of this.arrays) {
      if (head === from)
        this.line(
          `if (${array} !== undefined) ${this.scope.variable(list)} = new ${this.scope.helper('List')}(${array});`,
        );
    }
  }

  /** What an access in a block finds in variables: one item when there is an index, else all. */
  view(block: BlockId, list: ValueId, index: ValueId | undefined): View | undefined {
    const hoist = this.views.find(block, list, index);
    return hoist === undefined ? undefined : this.hoisted.get(hoist);
  }

  /** The place for what an instruction appends to a list that is being built. */
  placeFor(append: Instruction): Place | undefined {
    const built = this.building.find(each => each.append === append);
    const array = built === undefined ? undefined : this.arrays.get(built);
    if (built === undefined || array === undefined) return undefined;
    const from = this.operand(built.from);
    const counter = this.scope.use(built.counter);
    return { array, index: from === '0' ? counter : `${counter} - ${from}` };
  }

  private items(hoist: Hoist): void {
    const { helper, name, temporary } = this.scope;
    const source = this.views.itemOf(hoist.list);
    const from = source === undefined ? beforeDot(name(hoist.list)) : this.hoisted.get(source)!.items;
    const [items, length] = [temporary(), temporary()];
    this.hoisted.set(hoist, { items, length });
    const isThere = source === undefined ? '' : `${from} !== undefined && `;
    const owns = `${isThere}${from} !== null && (${items} = ${from}.items) !== undefined`;
    this.line(`${length} = ${owns} ? ${items}.length : ${helper('none')}();`);
  }

  private item(hoist: Hoist, index: ValueId, head: BlockId): void {
    const all = this.view(head, hoist.list, undefined)!;
    const item = this.scope.temporary();
    const at = beforeDot(this.operand(index));
    const whole = this.scope.isInteger(index) ? '' : ` && ${at} % 1 === 0`;
    this.hoisted.set(hoist, { items: item, length: '' });
    const inside = `${at} < ${all.length} && ${at} >= 0${whole}`;
    this.line(`${item} = ${inside} ? ${all.items}[${at}] : ${this.scope.helper('none')}();`);
  }

  private reserve(built: Building): void {
    const { helper, temporary } = this.scope;
    const [count, array] = [temporary(), temporary()];
    this.arrays.set(built, array);
    const from = this.operand(built.from);
    const copied = this.scope.metered ? undefined : built.copied;
    const fewest = copied === undefined ? FEWEST_RESERVED : UNNOTED_ITEMS;
    const pays = `${count} >= ${fewest} && ${count} <= ${MOST_RESERVED} && ${count} % 1 === 0`;
    // Below 2^53 a counter really counts.
    const counts = from === '0' ? '' : ` && ${from} >= 0 && ${from} <= ${MOST_RESERVED} && ${from} % 1 === 0`;
    const made = `(${helper('roomFor')}(${count}), new ${helper('Array')}(${count}))`;
    this.line(`${count} = ${this.operand(built.to)} - ${from};`);
    if (copied !== undefined) {
      const copy = `v${built.list} = ${helper('copyList')}(${this.scope.name(copied)}); v${built.counter} = ${this.operand(built.to)};`;
      this.line(`if (${count} < ${UNNOTED_ITEMS}) { ${copy} }`);
    }
    this.line(`${array} = ${pays}${counts} ? ${made} : ${helper('none')}();`);
  }

  /** A number from outside a loop; a constant may stand inside it and have no variable yet. */
  private operand(value: ValueId): string {
    const made = this.definition(value);
    return made?.op === 'const.num' ? numberLiteral(made.imm as number) : this.scope.name(value);
  }
}
