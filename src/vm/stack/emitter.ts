// Writes stack bytecode: words, tables without repetitions, and jumps whose targets are filled in later. It knows whether control
// can reach the place where it writes, and drops what nothing reaches.
import { assert } from '../../base/assert.ts';
import type { Span } from '../../base/span.ts';
import type { CoreTool } from '../../core/core.ts';
import { STACK_OP_NUMBERS, STACK_OPS, type StackOp } from '../../spec/stack-ops.ts';
import { bytesOf, type Layout, type StackCode, type StackFunction } from './code.ts';

/** A place further on: the words that hold its address once it is known. */
export interface Label {
  readonly patches: number[];
}

export const newLabel = (): Label => ({ patches: [] });

/** Arithmetic, by its number, that a `store` may become part of. */
const WITH_SLOT: ReadonlyMap<number, StackOp> = new Map([
  [STACK_OP_NUMBERS['add.slots'], 'add.slots.to'],
  [STACK_OP_NUMBERS['sub.slots'], 'sub.slots.to'],
  [STACK_OP_NUMBERS['mul.slots'], 'mul.slots.to'],
  [STACK_OP_NUMBERS['add.slot.number'], 'add.slot.number.to'],
  [STACK_OP_NUMBERS['sub.slot.number'], 'sub.slot.number.to'],
  [STACK_OP_NUMBERS['mul.slot.number'], 'mul.slot.number.to'],
]);

export class Emitter {
  private readonly words: number[] = [];
  private readonly functions: StackFunction[] = [];
  private readonly constants: (number | string | boolean | null)[] = [];
  private readonly constantIndexes = new Map<unknown, number>();
  private readonly names: string[] = [];
  private readonly nameIndexes = new Map<string, number>();
  private readonly nameLists: (readonly string[])[] = [];
  readonly layouts: Layout[] = [];
  private readonly placed: number[] = [];
  private readonly places: Span[] = [];
  readonly metered: boolean;
  /** Where the last instruction begins, if that is a `store` and nothing jumps behind it. */
  private lastStore = -1;
  /** The same for one that has a form with a slot for its result. */
  private lastMade = -1;
  /** Whether control can come to the next instruction. */
  live = true;

  constructor(metered: boolean) {
    this.metered = metered;
  }

  /** The place of the next instruction, as a target to come back to. */
  mark(): number {
    this.lastStore = -1;
    this.lastMade = -1;
    return this.words.length;
  }

  /** Writes an instruction, after its charge if it has one. `span` is the place to blame when it faults. */
  emit(op: StackOp, span: Span | undefined, first = 0, second = 0): void {
    if (!this.live) return;
    if (op === 'load' && this.lastStore === this.words.length - 2 && this.words.at(-1) === first) {
      this.words[this.lastStore] = STACK_OP_NUMBERS.tee;
      this.lastStore = -1;
      return;
    }
    if (op === 'store' && this.lastMade >= 0 && this.lastMade === this.words.length - 3) {
      this.words[this.lastMade] = STACK_OP_NUMBERS[WITH_SLOT.get(this.words[this.lastMade]!)!];
      this.words.push(first);
      return;
    }
    const { charge, operands, flow } = STACK_OPS[op];
    if (charge !== undefined && charge !== 'never' && this.metered) {
      const amount = charge === 'charge.bytes' ? bytesOf(op, this, first, second) : first;
      this.write(charge, STACK_OPS[charge].operands.length, span, amount, 0);
    }
    this.write(op, operands.length, span, first, second);
    if (flow === 'end') this.live = false;
    if (op === 'store') this.lastStore = this.words.length - 2;
    if (WITH_SLOT.has(STACK_OP_NUMBERS[op])) this.lastMade = this.words.length - 3;
  }

  /** Counts a call or a round of a loop, when the code is metered. */
  charge(op: 'charge.call' | 'charge.round', span: Span): void {
    if (this.metered) this.emit(op, span);
  }

  private write(op: StackOp, operands: number, span: Span | undefined, first: number, second: number): void {
    if (span !== undefined) {
      this.placed.push(this.words.length);
      this.places.push(span);
    }
    this.words.push(STACK_OP_NUMBERS[op]);
    if (operands > 0) this.words.push(first);
    if (operands > 1) this.words.push(second);
  }

  /** Writes an instruction whose last operand is a label further on. */
  jump(op: StackOp, label: Label, span?: Span, first = 0, second = 0): void {
    if (!this.live) return;
    const { operands, flow } = STACK_OPS[op];
    this.write(op, operands.length - 1, span, first, second);
    label.patches.push(this.words.length);
    this.words.push(0);
    if (flow === 'jump') this.live = false;
  }

  /** Writes an instruction that goes back to a target or on. */
  emitBack(op: StackOp, span: Span | undefined, first: number, second: number, target: number): void {
    if (!this.live) return;
    this.write(op, 2, span, first, second);
    this.words.push(target);
    this.lastStore = -1;
    this.lastMade = -1;
  }

  jumpBack(target: number): void {
    this.emit('jump', undefined, target);
    this.live = false;
  }

  /** The label stands here. */
  place(label: Label): void {
    for (const patch of label.patches) this.words[patch] = this.words.length;
    if (label.patches.length === 0) return;
    this.live = true;
    this.lastStore = -1;
    this.lastMade = -1;
  }

  constant(value: number | string | boolean | null): number {
    // A map does not tell -0 from 0.
    const key = Object.is(value, -0) ? this : value;
    return indexIn(this.constants, this.constantIndexes, value, key);
  }

  name(name: string): number {
    return indexIn(this.names, this.nameIndexes, name, name);
  }

  namesOf(names: readonly string[]): number {
    return this.nameLists.push(names) - 1;
  }

  layout(layout: Layout): number {
    return this.layouts.push(layout) - 1;
  }

  /** Begins a function; its code follows. */
  begin(): number {
    this.live = true;
    return this.mark();
  }

  /** Ends the function that was begun. */
  end(fn: StackFunction): void {
    assert(!this.live, `stack code of ${fn.name} does not end`);
    this.functions.push(fn);
  }

  finish(tools: readonly CoreTool[]): StackCode {
    return {
      words: new Int32Array(this.words),
      functions: this.functions,
      constants: this.constants,
      names: this.names,
      nameLists: this.nameLists,
      layouts: this.layouts,
      tools,
      metered: this.metered,
      placed: this.placed,
      places: this.places,
    };
  }
}

function indexIn<T, Key>(items: T[], indexes: Map<Key, number>, item: T, key: Key): number {
  const known = indexes.get(key);
  if (known !== undefined) return known;
  indexes.set(key, items.length);
  return items.push(item) - 1;
}
