// One function of the IR as JavaScript: blocks become nested statements (structure.ts), values become variables or stand where they are used.
// emit.ts says what the names mean.
import { buildCfg } from '../../ir/cfg.ts';
import { type BlockId, endOf, type Instruction, type IrFunction, type Target, type ValueId } from '../../ir/ir.ts';
import { nestLoops } from '../../ir/loops.ts';
import { kindOfBuiltin } from '../../spec/builtin-kinds.ts';
import { IR_OPS } from '../../spec/ir-ops.ts';
import { callsThatFit } from '../../vm/deep.ts';
import { BeforeLoops } from './before-loops.ts';
import { type Countdown, findCountdown, isShort } from './countdown.ts';
import { callsOthers, inlinedDepth, mayThrow } from './entry.ts';
import { WRITERS, type Writer } from './expressions.ts';
import { FastForm } from './fast-form.ts';
import { bytesOfGenerated } from './frame.ts';
import type { Group } from './group.ts';
import { mostUnits } from './lengths.ts';
import { type Line, layOut } from './lines.ts';
import { writeLoop } from './loops.ts';
import { chargeOf, FETCH, FETCH_PART, GIVE_BACK, IN_CATCH } from './metering.ts';
import { scheduleMoves } from './moves.ts';
import type { EmitOptions } from './options.ts';
import type { Scope } from './scope.ts';
import { type Placement, placeBlocks } from './structure.ts';
import { Values } from './values.ts';

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

/** What a leaf must allow so that those who call it are not kept from nesting themselves: see vm/deep.ts. */
const CALLS_OF_FRAMES = callsThatFit(640);
const CALLS_OF_SMALL_FRAMES = callsThatFit(0);

export class FunctionEmitter {
  private readonly fn: IrFunction;
  private readonly index: number;
  /** The function of the program that this is, or is a version of: what a chain of calls names. */
  private readonly origin: number;
  private readonly group: Group;
  private readonly options: EmitOptions;
  private readonly placement: readonly (Placement | undefined)[];
  private readonly values: Values;
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
  /** What `p` is known to be; 0 when it is not known. */
  private knownPlace = 0;
  /** The block that is being written. */
  private current: BlockId = 0;
  private readonly beforeLoops: BeforeLoops;
  private readonly fast: FastForm;
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
    this.values = new Values(fn, id => cfg.place[id]! >= 0, this.write);
    const { values } = this;
    const { definition } = values;
    const temporary = () => `i${this.expressionTemporaries++}`;
    this.fast = new FastForm(fn, cfg, options.metered ? undefined : loops, values, this.write, temporary);
    this.placement = placeBlocks(fn, cfg, loops, this.fast.bodies());
    this.scope = {
      use: values.use,
      name: values.name,
      variable: values.variable,
      helper: group.helper,
      builtin: group.builtin,
      site: group.site,
      constant: group.constant,
      place: instruction => options.place(instruction.span),
      call: this.call,
      literal: value => {
        const made = values.boxedDefinition(value);
        return made?.op === 'const.num' ? (made.imm as number) : undefined;
      },
      metered: options.metered,
      isRecord: value => fn.types[value] === 'record',
      isText: value => {
        const made = definition(value);
        if (fn.types[value] === 'text') return true;
        return made?.op === 'call.builtin' && kindOfBuiltin(made.imm as string) === 'text';
      },
      mostUnits: value => mostUnits(value, definition),
      isList: value => fn.types[value] === 'list',
      isInteger: values.isInteger,
      owned: value => {
        const made = definition(value);
        return made?.op === 'owned' ? values.use(made.args[1]!) : undefined;
      },
      temporary,
      shapeWith: options.shapeWith,
      isNumber: values.isNumber,
      choose: this.fast.choose,
      isFast: this.fast.isWritten,
      isFastList: list => this.fast.view(list) !== undefined,
      view: list => this.fast.view(list) ?? this.beforeLoops.view(this.current, list, undefined),
      itemBefore: (list, index) => this.beforeLoops.view(this.current, list, index)?.items,
      placeFor: append => this.beforeLoops.placeFor(append),
      setPlace: instruction => (this.guarded ? `p = ${options.place(instruction.span)}, ` : ''),
      isIdentical: value => {
        const op = definition(value)?.op;
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
    this.run();
  }

  private run(): void {
    for (let step = this.steps.pop(); step !== undefined; step = this.steps.pop()) this.step(step);
  }

  /** How many variables the function declares at most. */
  private variables(): number {
    const params = this.fn.blocks.reduce((sum, block) => sum + block.params.length, 0);
    // `c`, `p` and `u`, and what the values make.
    return (
      3 + this.temporaries + this.expressionTemporaries + this.values.countVariables() + params + this.fast.variables
    );
  }

  private readonly write = (text: string): void => {
    this.lines.push({ text });
  };

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
      this.loop(block);
    } else {
      this.place(block, next, 'merges', 0);
    }
  }

  /** Writes a loop, its fast form first. */
  private loop(head: BlockId): void {
    this.beforeLoops.write(head);
    const start: Line = { text: `L${head}: for (;;) {` };
    const length = this.lines.length;
    const where = this.fast.begin(head);
    if (where !== undefined) {
      if (where === 'at head') this.lines.push(start);
      this.fast.enter();
      const steps = this.steps.splice(0);
      this.plan({ block: head, next: head, inside: 'merges', left: 0 });
      this.run();
      this.steps.push(...steps);
      if (!this.fast.end()) this.lines.length = length;
    }
    if (where !== 'at head' || this.lines.length === length) this.lines.push(start);
    this.plan({ block: head, next: head, inside: 'merges', left: 0 }, { line: { text: '}' } });
  }

  private code(id: BlockId, next: BlockId): void {
    const block = this.fn.blocks[id]!;
    this.knownPlace = 0;
    this.current = id;
    this.fast.block(id);
    for (const each of block.code) this.instruction(each, id);
    const end = endOf(block);
    if (end.op === 'return') {
      if (this.options.metered) this.write('M.left = u;');
      this.write(`return ${this.values.bare(end.args[0]!)};`);
    } else if (end.op === 'jump') {
      this.edge(end.targets[0]!, id, next);
    } else {
      this.branch(end, id, next);
    }
  }

  private branch(end: Instruction, from: BlockId, next: BlockId): void {
    const [then, otherwise] = end.targets as [Target, Target];
    const test = this.values.bare(end.args[0]!);
    const not = `!${this.values.use(end.args[0]!)}`;
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
    this.fast.leave(from, block);
    const params = this.fn.blocks[block]!.params;
    const moves = params.map((param, i) => ({
      to: this.values.variable(param),
      from: this.values.bare(args[i]!),
    }));
    for (const move of scheduleMoves(moves, () => `t${this.temporaries++}`)) this.write(`${move};`);
    const isBack = placement.place <= this.placement[from]!.place;
    if (block === next) return;
    if (isBack) {
      this.write(`continue ${this.fast.isHead(block) ? 'F' : 'L'}${block};`);
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
    if (form === 'pure' && result !== undefined) {
      this.values.place(each, result, id, () => write(each, this.scope));
      return;
    }
    if (form === 'placed') this.setPlace(each);
    if (each.op === 'call.builtin' && !this.options.metered && this.builtinLoop(each, result!, write)) return;
    const text = write(each, this.scope);
    if (form === 'guarded') this.knownPlace = 0;
    const runsOthers = this.options.metered && IR_OPS[each.op].effect === 'call' && !text.includes(FETCH_PART);
    if (runsOthers) this.write(GIVE_BACK);
    this.write(result === undefined || !this.values.isUsed(result) ? `${text};` : this.fast.assign(result, text));
    if (runsOthers) this.write(FETCH);
    this.fast.done(each);
  }

  /** Writes a call of a builtin as a loop, if that can be done. */
  private builtinLoop(each: Instruction, result: ValueId, write: Writer['write']): boolean {
    const { options } = this;
    const lines = writeLoop(each, this.values.variable(result), () => write(each, this.scope), {
      ...this.scope,
      definition: this.values.definition,
      isBuiltin: options.isBuiltin,
      arity: options.arity,
      versionOf: options.versionOf,
    });
    if (lines === undefined) return false;
    this.setPlace(each);
    for (const line of lines) this.write(line);
    return true;
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
    const { test } = chargeOf(each, each.args.length === 0 ? '' : this.values.bare(each.args[0]!), helper);
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
}
