// The bytecode checker: what it has let through cannot leave the stack, the frame, the tables or its function, and, when metered,
// cannot run or allocate without being counted. The run loop relies on that and looks at nothing twice. What an instruction
// does with a value of the wrong kind is the run loop's own business: a fault, or some value.
//
// One pass in the order of the words is enough, because only few instructions may go back, and only to an instruction that was already
// seen. For every place that control can come to, two things are known when the pass arrives there:
//
// * how many values are on the stack. All ways to a place have to agree;
// * in metered code, the earliest place from which one can come here without passing a charge. A jump back to that place or
//   behind it would close a loop that runs for free.
import { STACK_OP_NAMES, type StackOp } from '../../spec/stack-ops.ts';
import { bytesOf, FACTS, isCharge, popsOf, ROWS, type StackCode, type StackFunction } from './code.ts';

/** What is wrong with a bytecode, and where. It is our own bug when the compiler wrote it. */
export class StackCodeError extends Error {
  override name = 'StackCodeError';
}

/** Checks a bytecode, and gives the facts of each function that the run loop needs. Throws a StackCodeError. */
export function checkStack(code: StackCode): Int32Array {
  const { functions, words } = code;
  const facts = new Int32Array(functions.length * FACTS);
  const pass = new Pass(code);
  functions.forEach((fn, i) => {
    const size = pass.checkFunction(fn, functions[i + 1]?.entry ?? words.length);
    facts.set([fn.entry, fn.params, fn.slots, size, pass.empties ? 1 : 0], i * FACTS);
  });
  return facts;
}

const UNSEEN = -1;
const NO_PLACE = -2;

class Pass {
  private readonly code: StackCode;
  private readonly words: Int32Array;
  /** For each word: how deep the stack is before the instruction that begins there, UNSEEN, or NO_PLACE inside an instruction. */
  private readonly depths: Int32Array;
  /** For each word: the earliest place from which no charge lies on the way here. */
  private readonly free: Int32Array;
  private next = 0;
  /** Whether the function reads a slot that may be empty. */
  empties = false;
  private nextPlaced = 0;
  /** The instruction that the last charge belongs to. */
  private pending = UNSEEN;

  constructor(code: StackCode) {
    this.code = code;
    this.words = code.words;
    this.depths = new Int32Array(code.words.length).fill(UNSEEN);
    this.free = new Int32Array(code.words.length);
  }

  checkFunction(fn: StackFunction, end: number): number {
    this.require(Number.isInteger(fn.entry) && fn.entry === this.next, fn.entry, 'functions lie behind each other');
    this.require(fn.entry < end && end <= this.words.length, fn.entry, 'a function has code');
    this.require(isCount(fn.params) && isCount(fn.slots), fn.entry, 'counts are counts');
    this.require(
      fn.captures >= 0 && fn.captures <= fn.params && fn.params <= fn.slots,
      fn.entry,
      'parameters have slots',
    );
    let deepest = 0;
    this.empties = false;
    let pc = fn.entry;
    this.depths[pc] = 0;
    this.free[pc] = pc;
    if (this.code.metered) this.require(this.opAt(pc) === 'charge.call', pc, 'a call is charged');
    while (pc < end) {
      const depth = this.depths[pc]!;
      this.require(depth !== UNSEEN, pc, 'something comes here');
      this.require(depth !== NO_PLACE, pc, 'jumps lead to instructions');
      const after = this.checkInstruction(fn, pc, end, depth);
      deepest = Math.max(deepest, after, depth);
      pc = this.next;
    }
    return fn.slots + deepest;
  }

  /** Checks one instruction and passes on what is known behind it. Gives how deep the stack may become. */
  private checkInstruction(fn: StackFunction, pc: number, end: number, depth: number): number {
    const op = this.opAt(pc);
    const row = ROWS[this.words[pc]!]!;
    const next = pc + 1 + row.operands.length;
    this.require(next <= end, pc, 'an instruction is whole');
    this.next = next;
    for (let word = pc + 1; word < next; word++) {
      this.require(this.depths[word] === UNSEEN, pc, 'jumps lead to instructions');
      this.depths[word] = NO_PLACE;
    }
    row.operands.forEach((kind, i) => {
      const limit = this.limitOf(kind, fn, end);
      const value = this.words[pc + 1 + i]!;
      this.require(value >= 0 && value < limit, pc, `${kind} exists`);
      if (kind === 'number') this.require(typeof this.code.constants[value] === 'number', pc, 'a number is one');
      // The state of a loop takes two places, behind the parameters.
      if (kind === 'loop') this.require(value + 1 < limit && value >= fn.params, pc, 'a loop has its places');
    });
    if (op === 'load.checked') this.empties = true;
    this.checkPlace(pc, row.faults);
    this.checkCharge(op, pc, next);
    const taken = popsOf(this.code, row, pc);
    this.require(taken <= depth, pc, 'there are enough values on the stack');
    const left = row.looks ? depth : depth - taken;
    const after = left + row.pushes;
    const free = op === 'charge.call' || op === 'charge.round' ? next : this.free[pc]!;
    if (row.flow === 'branch' || row.flow === 'jump' || row.flow === 'back') {
      const target = this.words[next - 1]!;
      if (target > pc) {
        this.require(target >= next, pc, 'jumps lead to instructions');
        this.require(row.flow !== 'back', pc, 'a loop goes back');
        this.arrive(target, left + row.pushesTaken, free, pc);
      } else {
        this.require(row.flow !== 'branch' && target >= fn.entry, pc, 'only jumps and loops go back');
        this.require(this.depths[target] === after, pc, 'all ways to a place agree');
        if (this.code.metered) {
          this.require(free > target, pc, 'every loop is charged');
          this.require(ROWS[this.words[target]!]!.charge === undefined, pc, 'nothing jumps behind a charge');
        }
      }
    }
    if (row.flow === 'next' || row.flow === 'branch' || row.flow === 'back') {
      this.require(next < end, pc, 'a function ends with return or jump');
      this.arrive(next, after, free, pc);
    }
    return Math.max(after, left + row.pushesTaken);
  }

  private arrive(target: number, depth: number, free: number, pc: number): void {
    const known = this.depths[target]!;
    if (known === UNSEEN) {
      this.depths[target] = depth;
      this.free[target] = free;
      return;
    }
    this.require(known === depth, pc, 'all ways to a place agree');
    if (free < this.free[target]!) this.free[target] = free;
  }

  /** An instruction that may fault has a place; the places come in order. */
  private checkPlace(pc: number, needed: boolean): void {
    const { placed } = this.code;
    this.require(
      this.nextPlaced >= placed.length || placed[this.nextPlaced]! >= pc,
      pc,
      'places belong to instructions',
    );
    if (placed[this.nextPlaced] === pc) this.nextPlaced++;
    else this.require(!needed, pc, 'what may fault has a place');
  }

  /** Instructions that make values stand behind their charge, and only they do; nothing jumps between the two. */
  private checkCharge(op: StackOp, pc: number, next: number): void {
    const { metered, functions } = this.code;
    if (isCharge(this.words[pc]!)) this.require(metered, pc, 'unmetered code charges nothing');
    if (op === 'charge.call') this.require(isEntry(functions, pc), pc, 'a call is charged when it begins');
    const charged = op === 'charge.bytes' || op === 'charge.join' || op === 'charge.with';
    if (charged) {
      this.require(next < this.words.length, pc, 'a charge belongs to an instruction');
      this.require(this.depths[next] === UNSEEN, pc, 'nothing jumps behind a charge');
      const made = this.opAt(next);
      const row = ROWS[this.words[next]!]!;
      this.require(row.charge === op, pc, 'a charge belongs to the next instruction');
      const first = this.words[next + 1] ?? 0;
      const operand = this.words[pc + 1]!;
      if (op === 'charge.with') this.require(operand === first, pc, 'a charge is right');
      if (op === 'charge.bytes') {
        this.require(made !== 'record' || (first >= 0 && first < this.code.layouts.length), next, 'layout exists');
        this.require(operand === bytesOf(made, this.code, first, this.words[next + 2] ?? 0), pc, 'a charge is right');
      }
      this.pending = next;
    } else if (metered && ROWS[this.words[pc]!]!.charge !== undefined) {
      // There is no charge called `never`.
      this.require(this.pending === pc, pc, 'what makes a value is charged');
    }
  }

  private limitOf(kind: (typeof ROWS)[number]['operands'][number], fn: StackFunction, end: number): number {
    switch (kind) {
      case 'constant':
      case 'number':
        return this.code.constants.length;
      case 'name':
        return this.code.names.length;
      case 'names':
        return this.code.nameLists.length;
      case 'slot':
      case 'loop':
        return fn.slots;
      case 'target':
        return end;
      case 'function':
        return this.code.functions.length;
      case 'tool':
        return this.code.tools.length;
      case 'layout':
        return this.code.layouts.length;
      case 'count':
      case 'index':
      case 'bytes':
        return Number.POSITIVE_INFINITY;
    }
  }

  private opAt(pc: number): StackOp {
    const op = STACK_OP_NAMES[this.words[pc]!];
    if (op === undefined) throw new StackCodeError(`word ${pc}: no instruction has the number ${this.words[pc]}`);
    return op;
  }

  private require(condition: boolean, pc: number, rule: string): asserts condition {
    if (!condition) throw new StackCodeError(`word ${pc}: broken rule: ${rule}`);
  }
}

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < 2 ** 31;

function isEntry(functions: readonly StackFunction[], pc: number): boolean {
  let low = 0;
  let high = functions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (functions[middle]!.entry < pc) low = middle + 1;
    else high = middle;
  }
  return functions[low]?.entry === pc;
}
