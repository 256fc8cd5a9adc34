// Where each value of a function stands in its source: in a variable, or written where it is used.
import { findIntegers } from '../../ir/integers.ts';
import type { BlockId, Instruction, IrFunction, ValueId } from '../../ir/ir.ts';
import type { FastLoop } from './fast-loops.ts';

/** Deeper expressions get a variable. */
const MAX_NESTING = 10;
/** Longer texts are not repeated. */
const MAX_REPEATED_TEXT = 24;

/** A name, a number or a string: costs nothing to write again. */
const IS_ATOM = /^([vw][0-9]+|[0-9.]+|\(-[0-9.]+\)|[a-z]+|"[^"]*")$/;
const IS_ENCLOSED = /^\([^()]*\)$/;

interface Pending {
  readonly text: string;
  readonly nesting: number;
}

export class Values {
  private readonly fn: IrFunction;
  private readonly definitions: (Instruction | undefined)[];
  private readonly uses: Int32Array;
  /** The one block in which a value is made and used; -1 when that is more than one. */
  private readonly usedIn: Int32Array;
  private readonly written: (Pending | undefined)[];
  private readonly write: (line: string) => void;
  private knownIntegers: ReadonlySet<ValueId> | undefined;
  /** How deep the expressions nest that the instruction at hand is written with. */
  private nesting = 0;
  /** The fast loop that is being written, and what was known of values before it. */
  private fast: FastLoop | undefined;
  private readonly before = new Map<ValueId, Pending | undefined>();

  /** `isPlaced`: whether a block can be reached. `write` writes a line in front of the instruction at hand. */
  constructor(fn: IrFunction, isPlaced: (block: BlockId) => boolean, write: (line: string) => void) {
    const count = fn.types.length;
    this.fn = fn;
    this.write = write;
    this.definitions = new Array(count).fill(undefined);
    this.uses = new Int32Array(count);
    this.usedIn = new Int32Array(count).fill(-2);
    this.written = new Array(count).fill(undefined);
    fn.blocks.forEach((_, id) => {
      if (isPlaced(id)) this.countUses(id);
    });
  }

  /** What makes a value; undefined for block parameters. */
  readonly definition = (value: ValueId): Instruction | undefined => this.definitions[value];

  /** What makes a value, below the box around a number. */
  boxedDefinition(value: ValueId): Instruction | undefined {
    const made = this.definitions[value];
    return made?.op === 'box.num' ? this.definitions[made.args[0]!] : made;
  }

  readonly isNumber = (value: ValueId): boolean =>
    this.fn.types[value] === 'num' || this.definitions[value]?.op === 'box.num';

  readonly isInteger = (value: ValueId): boolean => {
    this.knownIntegers ??= findIntegers(this.fn);
    return this.knownIntegers.has(value);
  };

  isUsed(value: ValueId): boolean {
    return this.uses[value] !== 0;
  }

  /** How many values have variables, without block parameters. */
  countVariables(): number {
    return this.definitions.filter((made, value) => made !== undefined && this.written[value] === undefined).length;
  }

  /** The name of a value's variable. */
  readonly variable = (value: ValueId): string => {
    const { fast } = this;
    if (fast === undefined || !fast.made.has(value)) return `v${value}`;
    const list = fast.versions.get(value);
    return list === undefined ? `w${value}` : `v${list.param}`;
  };

  /** An operand such that anything may stand around it. */
  readonly use = (value: ValueId): string => {
    const pending = this.written[value];
    if (pending === undefined) return this.variable(value);
    this.nesting = Math.max(this.nesting, pending.nesting);
    return IS_ATOM.test(pending.text) || IS_ENCLOSED.test(pending.text) ? pending.text : `(${pending.text})`;
  };

  /** An operand that will be written more than once: an expression gets its variable after all. */
  readonly name = (value: ValueId): string => {
    const pending = this.written[value];
    if (pending !== undefined && !IS_ATOM.test(pending.text)) {
      this.write(`var ${this.variable(value)} = ${pending.text};`);
      this.set(value, undefined);
    }
    return this.use(value);
  };

  /** An operand that stands alone. */
  bare(value: ValueId): string {
    return this.written[value]?.text ?? this.variable(value);
  }

  /** The expression that `write` makes for an instruction without effect goes where its result is used, or, when it cannot, into a line. */
  place(each: Instruction, result: ValueId, block: BlockId, write: () => string): void {
    this.nesting = 0;
    const text = write();
    if (this.isWrittenInPlace(each, result, text, block)) this.set(result, { text, nesting: this.nesting + 1 });
    else this.write(`var ${this.variable(result)} = ${text};`);
  }

  /** From now on, until `endFast`, values of a loop have the variables of its fast form. */
  beginFast(loop: FastLoop): void {
    this.fast = loop;
  }

  endFast(): void {
    this.fast = undefined;
    for (const [value, pending] of this.before) this.written[value] = pending;
    this.before.clear();
  }

  private set(value: ValueId, pending: Pending | undefined): void {
    if (this.fast !== undefined && !this.before.has(value)) this.before.set(value, this.written[value]);
    this.written[value] = pending;
  }

  private countUses(id: BlockId): void {
    const use = (value: ValueId): void => {
      this.uses[value]!++;
      if (this.usedIn[value] !== id) this.usedIn[value] = -1;
    };
    for (const each of this.fn.blocks[id]!.code) {
      if (each.result !== undefined) {
        this.definitions[each.result] = each;
        this.usedIn[each.result] = id;
      }
      each.args.forEach(use);
      for (const target of each.targets) target.args.forEach(use);
    }
  }

  /** Whether a value needs no variable: a constant, another name for one, or an expression used once in its own block. */
  private isWrittenInPlace(each: Instruction, result: ValueId, text: string, id: BlockId): boolean {
    if (this.uses[result] === 0) return true;
    if (each.op.startsWith('const.')) return text.length <= MAX_REPEATED_TEXT || this.uses[result] === 1;
    if (IS_ATOM.test(text)) return true;
    return this.uses[result] === 1 && this.usedIn[result] === id && this.nesting < MAX_NESTING && text.length < 400;
  }
}
