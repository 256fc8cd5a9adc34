// One function of the IR as JavaScript: blocks become nested statements (structure.ts), values become variables or stand where they are used.
// emit.ts says what the names mean.
import { buildCfg } from '../../ir/cfg.ts';
import { findIntegers } from '../../ir/integers.ts';
import { type BlockId, endOf, type Instruction, type IrFunction, type Target, type ValueId } from '../../ir/ir.ts';
import { nestLoops } from '../../ir/loops.ts';
import { kindOfBuiltin } from '../../spec/builtin-kinds.ts';
import { IR_OPS } from '../../spec/ir-ops.ts';
import { callsThatFit } from '../../vm/deep.ts';
import { BeforeLoops } from './before-loops.ts';
import { type Countdown, findCountdown, isShort } from './countdown.ts';
import { callsOthers, inlinedDepth, mayThrow } from './entry.ts';
import { type Scope, WRITERS, type Writer } from './expressions.ts';
import { bytesOfGenerated } from './frame.ts';
import type { Group } from './group.ts';
import { mostUnits } from './lengths.ts';
import { type Line, layOut } from './lines.ts';
import { writeLoop } from './loops.ts';
import { chargeOf, FETCH, FETCH_PART, GIVE_BACK, IN_CATCH } from './metering.ts';
import { scheduleMoves } from './moves.ts';
import type { EmitOptions } from './options.ts';
import { type Placement, placeBlocks } from './structure.ts';

/** A step still to be taken: a line to write, or a block whose text goes here, with the block that control falls into behind it. */
type Step =
  | { readonly line: Line }
  | {
      readonly block: BlockId;
      readonly next: BlockId;
      readonly inside: 'follows' | 'merges' | 'code';
      readonly left: number;
    }
  | { readonly edge: Target; readonly from: BlockId; readonly next: BlockId };

/** Deeper expressions get a variable. */
const MAX_NESTING = 10;
/** Longer texts are not repeated. */
const MAX_REPEATED_TEXT = 24;

/** A name, a number or a string: costs nothing to write again. */
const IS_ATOM = /^(v[0-9]+|[0-9.]+|\(-[0-9.]+\)|[a-z]+|"[^"]*")$/;
const IS_ENCLOSED = /^\([^()]*\)$/;

/** What a leaf must allow so that those who call it are not kept from nesting themselves: see vm/deep.ts. */
const CALLS_OF_FRAMES = callsThatFit(640);
const CALLS_OF_SMALL_FRAMES = callsThatFit(0);

interface Pending {
  readonly text: string;
  readonly nesting: number;
}

export class FunctionEmitter {
  private readonly fn: IrFunction;
  private readonly index: number;
  /** The function of the program that this is, or is a version of: what a chain of calls names. */
  private readonly origin: number;
  private readonly group: Group;
  private readonly options: EmitOptions;
  private readonly placement: readonly (Placement | undefined)[];
  private readonly definitions: (Instruction | undefined)[];
  private readonly uses: Int32Array;
  /** The one block in which a value is made and used; -1 when that is more than one. */
  private readonly usedIn: Int32Array;
  private readonly written: (Pending | undefined)[];
  private readonly lines: Line[] = [];
  private readonly brokenOut = new Set<BlockId>();
  private readonly steps: Step[] = [];
  private temporaries = 0;
  /** How many values the widest call hands on. */
  private widest = 0;
  /** Whether there is a `p`, and a `catch` that looks at it. */
  private guarded = false;
  /** Below how many calls the functions may be entered that this one enters without their looking. */
  private leaves = Number.POSITIVE_INFINITY;
  private expressionTemporaries = 0;
  private knownIntegers: ReadonlySet<ValueId> | undefined;
  /** What `p` is known to be; 0 when it is not known. */
  private knownPlace = 0;
  private nesting = 0;
  /** The block that is being written. */
  private current: BlockId = 0;
  private readonly beforeLoops: BeforeLoops;
  private readonly isRecursive: boolean;
  /** Whether this is the form that does not count how deep it is: countdown.ts. */
  private isUncounted = false;
  private readonly scope: Scope;

  constructor(fn: IrFunction, index: number, group: Group, options: EmitOptions) {
    this.fn = fn;
    this.index = index;
    this.origin = fn.of ?? index;
    this.group = group;
    this.options = options;
    const cfg = buildCfg(fn);
    const loops = nestLoops(fn, cfg);
    this.placement = placeBlocks(fn, cfg, loops);
    const count = fn.types.length;
    this.definitions = new Array(count).fill(undefined);
    this.uses = new Int32Array(count);
    this.usedIn = new Int32Array(count).fill(-2);
    this.written = new Array(count).fill(undefined);
    this.countUses();
    const definition = (value: ValueId): Instruction | undefined => this.definitions[value];
    this.scope = {
      use: this.use,
      name: this.name,
      helper: group.helper,
      builtin: group.builtin,
      site: group.site,
      constant: group.constant,
      place: instruction => options.place(instruction.span),
      call: this.call,
      literal: value => {
        const made = this.boxedDefinition(value);
        return made?.op === 'const.num' ? (made.imm as number) : undefined;
      },
      metered: options.metered,
      isRecord: value => fn.types[value] === 'record',
      isText: value => {
        const made = this.definitions[value];
        if (fn.types[value] === 'text') return true;
        return made?.op === 'call.builtin' && kindOfBuiltin(made.imm as string) === 'text';
      },
      mostUnits: value => mostUnits(value, definition),
      isList: value => fn.types[value] === 'list',
      isInteger: value => this.integers().has(value),
      owned: value => {
        const made = this.definitions[value];
        return made?.op === 'owned' ? this.use(made.args[1]!) : undefined;
      },
      temporary: () => `i${this.expressionTemporaries++}`,
      shapeWith: options.shapeWith,
      isNumber: this.isNumber,
      view: list => this.beforeLoops.view(this.current, list, undefined),
      itemBefore: (list, index) => this.beforeLoops.view(this.current, list, index)?.items,
      placeFor: append => this.beforeLoops.placeFor(append),
      setPlace: instruction => (this.guarded ? `p = ${options.place(instruction.span)}, ` : ''),
      isIdentical: value => {
        const op = this.definitions[value]?.op;
        // A text of the source is never long; before others are compared the clock may have to be looked at (core/long-work.ts).
        return fn.types[value] === 'nil' || op === 'box.bool' || (fn.types[value] === 'text' && op === 'const.text');
      },
    };
    this.isRecursive = fn.blocks.some(block => block.code.some(each => each.op === 'call' && each.imm === index));
    this.beforeLoops = new BeforeLoops(fn, cfg, loops, definition, options.isQuiet, this.scope, this.write);
  }

  /**
   * Writes the function. A leaf is written in two parts: `fN` looks how deep it is and calls `gN`, which those call that have looked for
   * both. It pays because V8 repeats the look in the middle of a loop that it has put a small function into.
   */
  emit(isLeaf: boolean): { readonly text: string; readonly limit: number } {
    const { fn, options, index, origin } = this;
    const guard = mayThrow(fn) || options.metered;
    const countdown = options.metered ? undefined : findCountdown(fn, index);
    this.guarded = guard;
    const given = ['d', ...fn.blocks[0]!.params.map(param => `v${param}`)];
    const params = given.slice(1, 1 + fn.params.length);
    this.write(`function f${index}(${given.join(', ')}) {`);
    const deeper = `return ${this.group.helper('deeper')}(${origin}, d, [${params.join(', ')}]);`;
    this.write(deeper);
    if (callsOthers(fn)) this.write('var c = d + 1;');
    if (options.metered) this.write('var u = M.left - 1;');
    if (guard) {
      this.write('var p = 0;');
      this.write('try {');
    }
    if (options.metered) this.write(`if (u < 0) u = ${this.group.helper('enter')}(${origin}, u);`);
    this.body();
    if (guard) {
      this.write('} catch (e) {');
      if (options.metered) this.write(IN_CATCH);
      this.write(`throw ${this.group.helper('trace')}(e, ${origin}, d, p);`);
      this.write('}');
    }
    this.write('}');
    const limit = Math.min(
      Math.max(0, options.maxDepth - inlinedDepth(fn)),
      this.leaves - 1,
      callsThatFit(bytesOfGenerated(given.length - 1, this.variables(), this.widest)),
    );
    const names = Array.from({ length: this.expressionTemporaries }, (_, i) => `i${i}`);
    if (names.length > 0) this.lines.splice(2, 0, { text: `var ${names.join(', ')};` });
    // A frame that never fits is not even made: V8 would look for its place before it runs the first line.
    if (limit === 0) this.lines.splice(2, this.lines.length - 3);
    else this.lines[1] = { text: `if (d >= ${limit}) ${deeper}` };
    const uncounted = countdown === undefined || limit === 0 ? '' : this.uncounted(countdown, limit, given.slice(1));
    if (isLeaf && limit > 0) {
      const all = given.join(', ');
      this.lines.splice(
        2,
        0,
        { text: `return g${index}(${all});` },
        { text: '}' },
        { text: `function g${index}(${all}) {` },
      );
    }
    return { text: layOut(this.lines, this.brokenOut) + uncounted, limit };
  }

  /** Makes the function go on in a form that counts nothing, where that is known to end soon enough; gives this form. */
  private uncounted(countdown: Countdown, limit: number, given: readonly string[]): string {
    const { fn, index, group, options } = this;
    const all = given.join(', ');
    this.lines.splice(2, 0, { text: `if (${isShort(countdown, limit)}) return h${index}(${all});` });
    const other = new FunctionEmitter(fn, index, group, options);
    other.isUncounted = true;
    other.write(`function h${index}(${all}) {`);
    other.body();
    other.write('}');
    return `\n${layOut(other.lines, other.brokenOut)}`;
  }

  private body(): void {
    this.steps.push({ block: 0, next: -1, inside: 'follows', left: 0 });
    for (let step = this.steps.pop(); step !== undefined; step = this.steps.pop()) this.step(step);
  }

  /** How many variables the function declares at most. */
  private variables(): number {
    const values = this.definitions.filter((made, value) => made !== undefined && this.written[value] === undefined);
    const params = this.fn.blocks.reduce((sum, block) => sum + block.params.length, 0);
    // `c`, `p` and `u`, and what the values make.
    return 3 + this.temporaries + this.expressionTemporaries + values.length + params;
  }

  private readonly write = (text: string): void => {
    this.lines.push({ text });
  };

  private countUses(): void {
    this.fn.blocks.forEach((block, id) => {
      if (this.placement[id] === undefined) return;
      const use = (value: ValueId): void => {
        this.uses[value]!++;
        if (this.usedIn[value] !== id) this.usedIn[value] = -1;
      };
      for (const each of block.code) {
        if (each.result !== undefined) {
          this.definitions[each.result] = each;
          this.usedIn[each.result] = id;
        }
        each.args.forEach(use);
        for (const target of each.targets) target.args.forEach(use);
      }
    });
  }

  private integers(): ReadonlySet<ValueId> {
    this.knownIntegers ??= findIntegers(this.fn);
    return this.knownIntegers;
  }

  private readonly isNumber = (value: ValueId): boolean =>
    this.fn.types[value] === 'num' || this.definitions[value]?.op === 'box.num';

  private boxedDefinition(value: ValueId): Instruction | undefined {
    const made = this.definitions[value];
    return made?.op === 'box.num' ? this.definitions[made.args[0]!] : made;
  }

  // ---- control flow

  private step(step: Step): void {
    if ('line' in step) {
      this.lines.push(step.line);
      this.knownPlace = 0;
    } else if ('edge' in step) {
      this.edge(step.edge, step.from, step.next);
    } else {
      this.place(step.block, step.next, step.inside, step.left);
    }
  }

  /** Pushes steps so that they are taken in the order given. */
  private plan(...steps: Step[]): void {
    for (let i = steps.length - 1; i >= 0; i--) this.steps.push(steps[i]!);
  }

  /** Writes a block, and behind it (or behind its loop) the labelled blocks that belong to it, the last one outermost. */
  private place(block: BlockId, next: BlockId, inside: 'follows' | 'merges' | 'code', left: number): void {
    const placement = this.placement[block]!;
    if (inside === 'code') {
      this.code(block, next);
      return;
    }
    const behind = placement[inside];
    const remaining = behind.length - left;
    if (remaining > 0) {
      const last = behind[remaining - 1]!;
      this.plan(
        { line: { text: `L${last}: {`, label: last } },
        { block, next: last, inside, left: left + 1 },
        { line: { text: '}', label: last } },
        { block: last, next, inside: 'follows', left: 0 },
      );
    } else if (inside === 'merges') {
      this.code(block, next);
    } else if (placement.isLoopHead) {
      this.beforeLoops.write(block);
      this.plan(
        { line: { text: `L${block}: for (;;) {` } },
        { block, next: block, inside: 'merges', left: 0 },
        { line: { text: '}' } },
      );
    } else {
      this.place(block, next, 'merges', 0);
    }
  }

  private code(id: BlockId, next: BlockId): void {
    const block = this.fn.blocks[id]!;
    this.knownPlace = 0;
    this.current = id;
    for (const each of block.code) this.instruction(each, id);
    const end = endOf(block);
    if (end.op === 'return') {
      if (this.options.metered) this.write('M.left = u;');
      this.write(`return ${this.bare(end.args[0]!)};`);
    } else if (end.op === 'jump') {
      this.edge(end.targets[0]!, id, next);
    } else {
      this.branch(end, id, next);
    }
  }

  private branch(end: Instruction, from: BlockId, next: BlockId): void {
    const [then, otherwise] = end.targets as [Target, Target];
    const test = this.bare(end.args[0]!);
    const not = `!${this.use(end.args[0]!)}`;
    const close: Step = { line: { text: '}' } };
    const open = (condition: string): Step => ({ line: { text: `if (${condition}) {` } });
    if (this.isNothing(otherwise, next)) {
      this.plan(open(test), { edge: then, from, next }, close);
    } else if (this.isNothing(then, next)) {
      this.plan(open(not), { edge: otherwise, from, next }, close);
    } else if (this.sizeOf(then) <= 1 && this.sizeOf(otherwise) <= 1 && next >= 0) {
      this.plan(
        open(test),
        { edge: then, from, next },
        { line: { text: '} else {' } },
        { edge: otherwise, from, next },
        close,
      );
    } else if (this.sizeOf(then) <= this.sizeOf(otherwise)) {
      // The smaller side goes into the braces and the other one behind them, so that a long chain does not nest.
      this.plan(open(test), { edge: then, from, next: -1 }, close, { edge: otherwise, from, next });
    } else {
      this.plan(open(not), { edge: otherwise, from, next: -1 }, close, { edge: then, from, next });
    }
  }

  private isNothing(target: Target, next: BlockId): boolean {
    return target.block === next && target.args.length === 0;
  }

  private sizeOf(target: Target): number {
    const placement = this.placement[target.block]!;
    // An edge back to a loop head is a `continue`.
    return placement.isLabelled || placement.isLoopHead ? 0 : placement.size;
  }

  /** Sets the parameters of a block and goes there: by falling into it, by leaving or repeating a labelled block, or by writing it here. */
  private edge(target: Target, from: BlockId, next: BlockId): void {
    const { block, args } = target;
    const placement = this.placement[block]!;
    this.beforeLoops.leave(from, block);
    const params = this.fn.blocks[block]!.params;
    const moves = params.map((param, i) => ({ to: `v${param}`, from: this.bare(args[i]!) }));
    for (const move of scheduleMoves(moves, () => `t${this.temporaries++}`)) this.write(`${move};`);
    const isBack = placement.place <= this.placement[from]!.place;
    if (block === next) return;
    if (isBack) {
      this.write(`continue L${block};`);
    } else if (placement.isLabelled) {
      this.brokenOut.add(block);
      this.write(`break L${block};`);
    } else {
      this.plan({ block, next, inside: 'follows', left: 0 });
    }
  }

  // ---- instructions

  private instruction(each: Instruction, id: BlockId): void {
    const { result } = each;
    const { form, write } = WRITERS[each.op];
    if (form === 'statement') {
      if (IR_OPS[each.op].effect === 'meter') this.meter(each, id);
      return;
    }
    this.nesting = 0;
    if (form === 'pure' && result !== undefined) {
      const text = write(each, this.scope);
      if (this.isWrittenInPlace(each, result, text, id)) {
        this.written[result] = { text, nesting: this.nesting + 1 };
        return;
      }
      this.write(`var v${result} = ${text};`);
      return;
    }
    if (form === 'placed') this.setPlace(each);
    if (each.op === 'call.builtin' && !this.options.metered && this.loop(each, result!, write)) return;
    const text = write(each, this.scope);
    if (form === 'guarded') this.knownPlace = 0;
    const runsOthers = this.options.metered && IR_OPS[each.op].effect === 'call' && !text.includes(FETCH_PART);
    if (runsOthers) this.write(GIVE_BACK);
    this.write(result === undefined || this.uses[result] === 0 ? `${text};` : `var v${result} = ${text};`);
    if (runsOthers) this.write(FETCH);
  }

  /** Writes a call of a builtin as a loop, if that can be done. */
  private loop(each: Instruction, result: ValueId, write: Writer['write']): boolean {
    const { options } = this;
    const lines = writeLoop(each, `v${result}`, () => write(each, this.scope), {
      ...this.scope,
      definition: value => this.definitions[value],
      isBuiltin: options.isBuiltin,
      arity: options.arity,
      versionOf: options.versionOf,
    });
    if (lines === undefined) return false;
    this.setPlace(each);
    for (const line of lines) this.write(line);
    return true;
  }

  /** Whether a value needs no variable: a constant, another name for one, or an expression used once in its own block. */
  private isWrittenInPlace(each: Instruction, result: ValueId, text: string, id: BlockId): boolean {
    if (this.uses[result] === 0) return true;
    if (each.op.startsWith('const.')) return text.length <= MAX_REPEATED_TEXT || this.uses[result] === 1;
    if (IS_ATOM.test(text)) return true;
    return this.uses[result] === 1 && this.usedIn[result] === id && this.nesting < MAX_NESTING && text.length < 400;
  }

  private setPlace(each: Instruction): void {
    const place = this.options.place(each.span);
    if (!this.guarded || this.knownPlace === place) return;
    this.knownPlace = place;
    this.write(`p = ${place};`);
  }

  private meter(each: Instruction, id: BlockId): void {
    if (!this.options.metered || each.op === 'depth' || (id === 0 && each === this.fn.blocks[0]!.code[0])) return;
    const { helper } = this.group;
    const { test } = chargeOf(each, each.args.length === 0 ? '' : this.bare(each.args[0]!), helper);
    const place = this.options.place(each.span);
    this.write(`if (${test}) { p = ${place}; u = ${helper('restock')}(u); }`);
    this.knownPlace = 0;
  }

  private readonly call = (callee: number, args: readonly string[]): string => {
    const params = this.options.arity(callee);
    const handsOver = this.options.handsOver(this.index);
    if (params !== args.length && !handsOver) return `${this.group.helper('wrongCount')}(${callee}, ${args.length})`;
    this.widest = Math.max(this.widest, args.length);
    if (this.isUncounted) return `h${callee}(${args.join(', ')})`;
    const values = ['c', ...args].join(', ');
    const leaf = this.group.leaves.get(callee) ?? 0;
    if (leaf >= (this.isRecursive ? CALLS_OF_SMALL_FRAMES : CALLS_OF_FRAMES)) {
      this.leaves = Math.min(this.leaves, leaf);
      return `g${callee}(${values})`;
    }
    if (this.options.isInGroup(callee)) return `f${callee}(${values})`;
    this.group.externals.add(callee);
    // Nobody outside takes anything over.
    return `T[${callee}](${['c', ...args.slice(0, params)].join(', ')})`;
  };

  /** An operand such that anything may stand around it. */
  private readonly use = (value: ValueId): string => {
    const pending = this.written[value];
    if (pending === undefined) return `v${value}`;
    this.nesting = Math.max(this.nesting, pending.nesting);
    return IS_ATOM.test(pending.text) || IS_ENCLOSED.test(pending.text) ? pending.text : `(${pending.text})`;
  };

  /** An operand that will be written more than once: an expression gets its variable after all. */
  private readonly name = (value: ValueId): string => {
    const pending = this.written[value];
    if (pending !== undefined && !IS_ATOM.test(pending.text)) {
      this.write(`var v${value} = ${pending.text};`);
      this.written[value] = undefined;
    }
    return this.use(value);
  };

  /** An operand that stands alone. */
  private bare(value: ValueId): string {
    return this.written[value]?.text ?? `v${value}`;
  }
}
