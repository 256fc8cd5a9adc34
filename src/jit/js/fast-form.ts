// Writes what is different in the fast form of a loop: how it begins and ends, what its tests do, and what leaving it sets. fast-loops.ts says what it is.
import type { Cfg } from '../../ir/cfg.ts';
import type { BlockId, Instruction, IrFunction, ValueId } from '../../ir/ir.ts';
import type { LoopNest } from '../../ir/loops.ts';
import { type FastList, type FastLoop, findFastLoops, isChange, neededFrom } from './fast-loops.ts';
import type { Scope, View } from './scope.ts';
import type { Values } from './values.ts';

export class FastForm {
  /** How many variables the fast forms have, at most. */
  variables = 0;
  private readonly fn: IrFunction;
  private readonly cfg: Cfg;
  private readonly values: Values;
  private readonly write: (line: string) => void;
  private readonly temporary: () => string;
  private readonly loops: ReadonlyMap<BlockId, FastLoop>;
  /** The loop whose fast form is being written, and the variables with the items of the lists that it changes in place. */
  private loop: FastLoop | undefined;
  private readonly views = new Map<FastList, View>();
  /** The variable that is true until the fast form is entered; only where it stands at the head. */
  private isUntried = '';
  /** What was tested on every way to a block, as far as it is written. */
  private readonly known = new Map<BlockId, Set<string>>();
  private current: BlockId = 0;
  /** Whether the round may have changed something in place where the next line goes. */
  private isChanged = false;
  private tests = 0;
  private hasFailed = false;

  /** `loops`: undefined where no loop has a fast form. */
  constructor(
    fn: IrFunction,
    cfg: Cfg,
    loops: LoopNest | undefined,
    values: Values,
    write: (line: string) => void,
    temporary: () => string,
  ) {
    this.fn = fn;
    this.cfg = cfg;
    this.values = values;
    this.write = write;
    this.temporary = temporary;
    this.loops = loops === undefined ? new Map() : findFastLoops(fn, cfg, loops, values.definition);
  }

  /** The blocks of the loops that may have one. */
  bodies(): ReadonlySet<BlockId>[] {
    return [...this.loops.values()].map(loop => loop.body);
  }

  readonly isWritten = (): boolean => this.loop !== undefined;

  isHead(block: BlockId): boolean {
    return this.loop?.head === block;
  }

  /** Begins a fast form: says whether it stands at the head of the usual form or before it; undefined when there is none. */
  begin(head: BlockId): 'at head' | 'before' | undefined {
    this.loop = this.loops.get(head);
    if (this.loop === undefined) return undefined;
    this.tests = 0;
    this.hasFailed = false;
    if (this.loop.lists.length === 0) return 'before';
    this.isUntried = this.temporary();
    this.write(`${this.isUntried} = true;`);
    return 'at head';
  }

  /** Writes what stands before the first block. */
  enter(): void {
    const { head, lists, made } = this.loop!;
    if (lists.length > 0) {
      this.write(`if (${[this.isUntried, ...lists.flatMap(list => this.owns(list))].join(' && ')}) {`);
      this.write(`${this.isUntried} = false;`);
      for (const { items, length } of this.views.values()) this.write(`${length} = ${items}.length;`);
    }
    for (const param of this.moved()) this.write(`var w${param} = v${param};`);
    this.write(`F${head}: for (;;) {`);
    this.variables += made.size;
    this.values.beginFast(this.loop!);
  }

  /** Writes what stands behind the last block; false when the form is of no use. */
  end(): boolean {
    this.values.endFast();
    this.write('}');
    for (const param of this.moved()) this.write(`var v${param} = w${param};`);
    if (this.views.size > 0) this.write('}');
    this.loop = undefined;
    this.views.clear();
    this.known.clear();
    return this.tests > 0 && !this.hasFailed;
  }

  /** Says which block is written next. */
  block(id: BlockId): void {
    if (this.loop === undefined) return;
    const { head, changed } = this.loop;
    this.current = id;
    this.isChanged = changed.has(id);
    this.known.set(id, new Set(id === head ? [] : this.known.get(this.cfg.dominator[id]!)));
  }

  /** Says that an instruction was written. */
  done(each: Instruction): void {
    if (this.loop !== undefined && isChange(each, this.values.definition)) this.isChanged = true;
  }

  /** The line that gives a value its variable. */
  assign(value: ValueId, text: string): string {
    // A list that is changed in place stays what it is.
    return this.loop?.versions.has(value) === true ? `${text};` : `var ${this.values.variable(value)} = ${text};`;
  }

  readonly choose: Scope['choose'] = (tests, value, slow) => {
    if (this.loop === undefined) return tests.length === 0 ? value : `${tests.join(' && ')} ? ${value} : ${slow()}`;
    const known = this.known.get(this.current)!;
    const open = tests.filter(test => !known.has(test));
    if (open.length === 0) return value;
    if (this.isChanged) this.hasFailed = true;
    for (const test of open) known.add(test);
    this.tests++;
    this.write(`if (!(${open.join(' && ')})) break F${this.loop.head};`);
    return value;
  };

  /** The items of a list that the loop changes in place. */
  view(list: ValueId): View | undefined {
    const version = this.loop?.versions.get(list);
    return version === undefined ? undefined : this.views.get(version);
  }

  /** Writes what the usual form would have set where an edge leaves the loop. */
  leave(from: BlockId, to: BlockId): void {
    if (this.loop === undefined || this.loop.body.has(to)) return;
    for (const value of neededFrom(this.loop, from, this.cfg)) {
      const text = this.values.bare(value);
      if (text !== `v${value}`) this.write(`var v${value} = ${text};`);
    }
  }

  /** The parameters of the head that have variables of their own. */
  private moved(): readonly ValueId[] {
    const { head, versions } = this.loop!;
    return this.fn.blocks[head]!.params.filter(param => !versions.has(param));
  }

  /** Tests that a list may be changed in place, before the loop. */
  private owns(list: FastList): readonly string[] {
    const view = { items: this.temporary(), length: this.temporary() };
    this.views.set(list, view);
    const name = `v${list.param}`;
    const flags = list.flags.map(this.values.use);
    return [...flags, `${name} !== null`, `(${view.items} = ${name}.items) !== undefined`, `${name}.changes === 0`];
  }
}
