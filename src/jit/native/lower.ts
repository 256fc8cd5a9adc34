// From the IR of a function whose shapes are known to the low-level form. Boxing is nothing here; what a shape decides (a test for nil, a
// comparison of a number with a truth value) is decided; a comparison that only a branch reads becomes part of the branch.
import type { Span } from '../../base/span.ts';
import { BYTES_PER_ITEM, BYTES_PER_OBJECT } from '../../core/meter.ts';
import { buildCfg, type Cfg } from '../../ir/cfg.ts';
import { findIntegers } from '../../ir/integers.ts';
import type { BlockId, Instruction, IrFunction, Target, ValueId } from '../../ir/ir.ts';
import { BARE_OPS } from '../../spec/ir-ops.ts';
import { loopDepths } from './layout.ts';
import { type LirFunction, type LirInstruction, NO_SITE, type RegisterClass, type VirtualRegister } from './lir.ts';
import {
  ARITHMETIC,
  CONDITIONS,
  countUses,
  type DistributiveOmit,
  FAR,
  GIVES_REGISTER,
  OPPOSITES,
  type Truth,
} from './lower-ops.ts';
import { liveAtPoints, type NotePoint, type OpenedPoint, openPoint } from './points.ts';
import { classOfShape, isList, isRecord, type RecordLayout, type Shape, type Shaped } from './shapes.ts';

/** What can go wrong at a place in the source. */
export type SiteKind = 'call' | 'fuel' | 'bytes' | 'entry' | 'division' | 'modulo';

export interface LowerOptions {
  readonly metered: boolean;
  /** Where the function is in the source. */
  readonly span: Span;
  readonly paramsOf: (callee: number) => readonly Shape[];
  readonly resultOf: (callee: number) => Shape;
  readonly layoutOf: (record: Shape) => RecordLayout;
  readonly leavesAt?: (place: Span) => boolean;
  /** Numbers a place; numbers begin with 1. */
  readonly site: (kind: SiteKind, span: Span) => number;
  /** Notes a point at which a run may leave, and gives its number. Undefined where none ever does. */
  readonly point: NotePoint | undefined;
}

export function lowerFunction(fn: IrFunction, shaped: Shaped, options: LowerOptions): LirFunction {
  return new Lowering(fn, shaped, options).run();
}

class Lowering {
  private readonly fn: IrFunction;
  private readonly shapes: readonly Shape[];
  private readonly options: LowerOptions;
  private readonly cfg: Cfg;
  private readonly out: LirFunction;
  private readonly registers: VirtualRegister[];
  private readonly byConstant = new Map<string, VirtualRegister>();
  /** Comparisons that a branch or another comparison will take over. */
  private readonly pending = new Map<ValueId, Truth>();
  private readonly uses: Int32Array;
  private readonly usedIn: Int32Array;
  private readonly blockOf = new Map<BlockId, number>();
  /** For each operand that `owned` marks, the register that says whether nobody else has it. */
  private readonly ownership = new Map<ValueId, VirtualRegister>();
  private readonly whole: ReadonlySet<ValueId>;
  /** Of lists: they are bounds of ranges as they are. */
  private readonly lengths = new Set<VirtualRegister>();
  private readonly alive: ReadonlyMap<Instruction, readonly ValueId[]>;
  private code: LirInstruction[] = [];
  private position = 0;

  constructor(fn: IrFunction, shaped: Shaped, options: LowerOptions) {
    this.fn = fn;
    this.shapes = shaped.shapes;
    this.options = options;
    this.cfg = buildCfg(fn);
    this.whole = findIntegers(fn, this.cfg);
    const { result } = shaped;
    this.out = { name: fn.name, blocks: [], classes: [], constants: new Map(), result: classOfShape(result) };
    this.registers = new Array(fn.types.length).fill(-1);
    const { times, block } = countUses(fn, this.cfg);
    this.uses = times;
    this.usedIn = block;
    this.alive = options.point === undefined ? new Map() : liveAtPoints(fn);
  }

  run(): LirFunction {
    const { cfg, fn, out } = this;
    const depth = loopDepths(cfg, fn.blocks.length);
    for (const id of cfg.order) {
      this.blockOf.set(id, out.blocks.length);
      const params = fn.blocks[id]!.params.map(param => this.define(param));
      out.blocks.push({ params, code: [], loopDepth: depth[id]! });
    }
    for (const id of cfg.order) {
      this.code = out.blocks[this.blockOf.get(id)!]!.code;
      for (const each of fn.blocks[id]!.code) this.instruction(each, id);
    }
    return out;
  }

  // ---- registers

  private fresh(kind: RegisterClass): VirtualRegister {
    return this.out.classes.push(kind) - 1;
  }

  private define(value: ValueId): VirtualRegister {
    const register = this.fresh(classOfShape(this.shapes[value]!));
    this.registers[value] = register;
    return register;
  }

  private constant(kind: RegisterClass, value: number): VirtualRegister {
    const key = `${kind}${Object.is(value, -0) ? '-0' : value}`;
    const known = this.byConstant.get(key);
    if (known !== undefined) return known;
    const register = this.fresh(kind);
    this.out.constants.set(register, value);
    this.byConstant.set(key, register);
    return register;
  }

  /** The register of an operand; a comparison that was put off is made now. */
  private use(value: ValueId): VirtualRegister {
    const truth = this.pending.get(value);
    if (truth === undefined) return this.registers[value]!;
    this.pending.delete(value);
    const register = this.materialise(truth);
    this.registers[value] = register;
    return register;
  }

  /**
   * The register of an operand, of a class that is asked for. What never comes has no class of its own: where it is passed on,
   * anything will do.
   */
  private useAs(value: ValueId, kind: RegisterClass): VirtualRegister {
    const register = this.use(value);
    return this.out.classes[register] === kind ? register : this.constant(kind, 0);
  }

  private materialise(truth: Truth): VirtualRegister {
    if ('known' in truth) return this.constant('i', truth.known ? 1 : 0);
    if ('register' in truth) return truth.register;
    return this.emit('i', { op: 'compare', condition: truth.condition }, truth.args);
  }

  private emit(
    kind: RegisterClass | undefined,
    what: DistributiveOmit<LirInstruction, 'result' | 'args' | 'position'>,
    args: readonly VirtualRegister[],
  ): VirtualRegister {
    const result = kind === undefined ? -1 : this.fresh(kind);
    this.code.push({ ...what, result, args, position: this.position } as LirInstruction);
    return result;
  }

  // ---- instructions

  private instruction(each: Instruction, id: BlockId): void {
    this.position = each.span.start;
    const { result } = each;
    if (each.targets.length > 0 || each.op === 'return') {
      this.end(each);
      return;
    }
    if (each.op === 'fuel') {
      this.fuel(each, id);
      return;
    }
    if (each.op === 'depth') {
      this.emit(undefined, { op: 'depth', amount: each.imm as number }, []);
      return;
    }
    if (result === undefined) {
      this.charge(each);
      return;
    }
    if (each.args.some(arg => this.shapes[arg] === 'never')) {
      // Nothing ever comes here, so this is not reached.
      this.registers[result] = this.constant(classOfShape(this.shapes[result]!), 0);
      return;
    }
    if (each.op === 'owned') {
      this.ownership.set(result, this.use(each.args[1]!));
      this.registers[result] = this.use(each.args[0]!);
      return;
    }
    if (this.shapes[result] === 'bool' && !GIVES_REGISTER.has(each.op)) {
      const truth = this.truth(each);
      // Put off only where whoever reads it stands in the same block: its operands may not live longer than they would anyway.
      const isSoon = this.uses[result] === 1 && this.usedIn[result] === id;
      if ('register' in truth) this.registers[result] = truth.register;
      else if ('known' in truth || isSoon) this.pending.set(result, truth);
      else this.registers[result] = this.materialise(truth);
      return;
    }
    this.registers[result] = this.value(each);
  }

  private fuel(each: Instruction, id: BlockId): void {
    if (!this.options.metered) return;
    const isEntry = id === 0 && each === this.fn.blocks[0]!.code[0];
    const site = isEntry ? this.options.site('entry', this.options.span) : this.options.site('fuel', each.span);
    const { point, state } = this.point(each, isEntry);
    this.emit(undefined, { op: 'fuel', amount: each.imm as number, bytes: 0, site, ...point }, state);
  }

  private point(instruction: Instruction, isEntry: boolean): OpenedPoint {
    const alive = this.alive.get(instruction);
    if (alive === undefined || this.options.point === undefined) return { point: {}, state: [] };
    const values = alive.map(value => ({ value, shape: this.shapes[value]!, register: this.use(value) }));
    return openPoint({ instruction, isEntry, values }, this.out.constants, this.options.point);
  }

  private charge({ op, args, imm, span }: Instruction): void {
    if (!this.options.metered) return;
    const bytes = (amount: number): void => {
      this.emit(undefined, { op: 'bytes', amount, site: this.options.site('bytes', span) }, []);
    };
    const shape = args[0] === undefined ? 'never' : this.shapes[args[0]]!;
    if (op === 'charge.items') bytes(BYTES_PER_OBJECT + BYTES_PER_ITEM * (imm as number));
    else if (op === 'charge.append') bytes(BYTES_PER_ITEM);
    else if (op === 'charge.join' && isList(shape)) {
      this.emit(undefined, { op: 'bytes.of', site: this.options.site('bytes', span) }, [this.use(args[0]!)]);
    } else if (op === 'charge.copy' && isRecord(shape)) {
      bytes(BYTES_PER_OBJECT + BYTES_PER_ITEM * this.options.layoutOf(shape).fields.length);
    }
  }

  /** The register of what an instruction gives that is no truth value. */
  private value(each: Instruction): VirtualRegister {
    const { op, args } = each;
    switch (op) {
      case 'const.num':
        return this.constant('f', each.imm as number);
      case 'const.nil':
        return this.constant('i', 0);
      case 'box.num':
      case 'unbox.num':
      case 'payload':
      case 'panic':
      case 'list.check':
      case 'record.check':
        return this.use(args[0]!);
      case 'list.new':
      case 'record.new':
        return this.emit(
          'i',
          { op },
          args.map(arg => this.use(arg)),
        );
      case 'list.length':
        return this.length(args[0]!);
      case 'list.item':
        return this.get(each, this.use(args[1]!), true, true);
      case 'list.index':
        return this.get(each, this.constant('f', each.imm as number), true, false);
      case 'list.append': {
        const item = this.use(args[1]!);
        return this.emit('i', { op }, [this.use(args[0]!), item, this.ownedBy(args[0]!)]);
      }
      case 'field': {
        const { shape } = this.options.layoutOf(this.shapes[args[0]!]!);
        const kind = classOfShape(this.shapes[each.result!]!);
        return this.emit(kind, { op: 'record.get', field: shape.indexOf(each.imm as string)! }, [this.use(args[0]!)]);
      }
      case 'record.with': {
        const { shape } = this.options.layoutOf(this.shapes[args[0]!]!);
        const fields = (each.imm as readonly string[]).map(name => shape.indexOf(name)!);
        const values = args.slice(1).map(arg => this.use(arg));
        return this.emit('i', { op, fields, size: shape.names.length }, [
          this.use(args[0]!),
          this.ownedBy(args[0]!),
          ...values,
        ]);
      }
      case 'range.start':
      case 'range.end': {
        const bound = this.use(args[0]!);
        return this.lengths.has(bound) ? bound : this.emit('f', { op: 'bound' }, [bound]);
      }
      case 'call': {
        const site = this.options.site('call', each.span);
        const kind = classOfShape(this.options.resultOf(each.imm as number));
        const wanted = this.options.paramsOf(each.imm as number).map(classOfShape);
        const { point, state } = this.point(each, false);
        return this.emit(
          kind,
          { op: 'call', callee: each.imm as number, site, ...point, state },
          args.map((arg, i) => this.useAs(arg, wanted[i]!)),
        );
      }
      case 'call.builtin':
        return this.builtin(each);
      default:
        return this.arithmetic(each);
    }
  }

  private length(list: ValueId): VirtualRegister {
    const length = this.emit('f', { op: 'list.length' }, [this.use(list)]);
    this.lengths.add(length);
    return length;
  }

  /** The item of the list that is the first operand. */
  private get(each: Instruction, index: VirtualRegister, whole: boolean, known: boolean): VirtualRegister {
    const kind = classOfShape(this.shapes[each.result!]!);
    return this.emit(kind, { op: 'list.get', whole, known, short: false }, [this.use(each.args[0]!), index]);
  }

  /** Whether nobody else has what is to be changed. */
  private ownedBy(value: ValueId): VirtualRegister {
    return this.ownership.get(value) ?? this.constant('i', 0);
  }

  private arithmetic(each: Instruction): VirtualRegister {
    const op = ARITHMETIC[BARE_OPS[each.op] ?? each.op]!;
    const args = each.args.map(arg => this.use(arg));
    if (op === 'div') this.checkZero(args[1]!, 'division', each.span);
    return this.emit('f', { op }, args);
  }

  private checkZero(divisor: VirtualRegister, kind: 'division' | 'modulo', span: Span): void {
    const known = this.out.constants.get(divisor);
    if (known !== undefined && known !== 0) return;
    const site = this.options.leavesAt?.(span) ? NO_SITE : this.options.site(kind, span);
    this.emit(undefined, { op: 'check.zero', site }, [divisor]);
  }

  private builtin(each: Instruction): VirtualRegister {
    const args = each.args.map(arg => this.use(arg));
    if (this.options.metered) {
      const bytes = each.imm === 'lst' ? BYTES_PER_ITEM : 0;
      this.emit(undefined, { op: 'fuel', amount: 1, bytes, site: this.options.site('fuel', each.span) }, []);
    }
    const isWhole = (operand: number): boolean => this.whole.has(each.args[operand]!);
    const round = (rounding: 'floor' | 'ceil' | 'even') => this.emit('f', { op: 'round', rounding }, args);
    switch (each.imm as string) {
      case 'flr':
        return round('floor');
      case 'cel':
        return round('ceil');
      case 'rou':
        return round('even');
      case 'abs':
      case 'sqrt':
      case 'min':
      case 'max':
        return this.emit('f', { op: each.imm as 'abs' | 'sqrt' | 'min' | 'max' }, args);
      case 'clamp':
        return this.emit('f', { op: 'max' }, [this.emit('f', { op: 'min' }, [args[0]!, args[2]!]), args[1]!]);
      case 'len':
        return this.length(each.args[0]!);
      case 'at':
        return this.get(each, args[1]!, isWhole(1), false);
      case 'hd':
        return this.get(each, this.constant('f', 0), true, false);
      case 'range': {
        const site = this.options.site('bytes', each.span);
        return this.emit('i', { op: 'list.range', metered: this.options.metered, site }, args);
      }
      case 'lst':
        return this.emit('i', { op: 'list.set', whole: isWhole(1), known: false, short: false }, [
          ...args,
          this.ownedBy(each.args[0]!),
        ]);
      default: {
        this.checkZero(args[1]!, 'modulo', each.span);
        return this.emit('f', { op: 'remainder', site: this.options.site('modulo', each.span) }, args);
      }
    }
  }

  /** A truth value, as far as it has to be computed now. */
  private truth(each: Instruction): Truth {
    const { op, args } = each;
    const shape = this.shapes[args[0] ?? -1] ?? 'never';
    switch (op) {
      case 'const.bool':
        return { known: each.imm === true };
      case 'box.bool':
      case 'unbox.bool':
      case 'payload':
      case 'panic':
        return this.takeOver(args[0]!);
      case 'bool.not':
        return this.opposite(this.takeOver(args[0]!));
      case 'is.num':
        return { known: shape === 'num' };
      case 'is.bool':
        return { known: shape === 'bool' };
      case 'is.nil':
        return { known: shape === 'nil' };
      case 'is.ok':
      case 'is.err':
      case 'is.text':
        return { known: false };
      case 'is.list':
        return { known: isList(shape) };
      case 'num.truthy':
      case 'any.truthy':
        if (shape === 'bool') return this.takeOver(args[0]!);
        if (shape === 'nil') return { known: false };
        if (isRecord(shape)) return { known: true };
        if (isList(shape)) {
          const length = this.emit('f', { op: 'list.length' }, [this.use(args[0]!)]);
          return { condition: 'ne', args: [length, this.constant('f', 0)] };
        }
        return { condition: 'ne', args: [this.use(args[0]!), this.constant('f', 0)] };
      case 'num.eq':
      case 'any.eq':
        return this.equality(args[0]!, args[1]!);
      default:
        return { condition: CONDITIONS[BARE_OPS[op] ?? op]!, args: [this.use(args[0]!), this.use(args[1]!)] };
    }
  }

  /** What was put off for this value, for the only reader there is; else its register. */
  private takeOver(value: ValueId): Truth {
    const truth = this.pending.get(value);
    if (truth === undefined) return { register: this.registers[value]! };
    if ('condition' in truth) this.pending.delete(value);
    return truth;
  }

  private opposite(truth: Truth): Truth {
    if ('known' in truth) return { known: !truth.known };
    if ('condition' in truth) {
      const condition = OPPOSITES[truth.condition];
      if (condition !== undefined) return { condition, args: truth.args };
    }
    return { register: this.emit('i', { op: 'not' }, [this.materialise(truth)]) };
  }

  private equality(left: ValueId, right: ValueId): Truth {
    const [a, b] = [this.shapes[left]!, this.shapes[right]!];
    if (a !== b && a !== 'never' && b !== 'never') return { known: false };
    if (a === 'nil') return { known: true };
    // Lists and records are equal to nothing.
    if (isList(a) || isRecord(a) || isList(b) || isRecord(b)) return { known: false };
    const registers = [this.use(left), this.use(right)] as const;
    if (a === 'bool') {
      // Both are 0 or 1: equal when the one is not the other's opposite.
      return { register: this.emit('i', { op: 'same' }, registers) };
    }
    const isFar = registers.some(register => {
      const known = Math.abs(this.out.constants.get(register) ?? 0);
      return known >= FAR && known < Number.POSITIVE_INFINITY;
    });
    return { condition: isFar ? 'eq' : 'near', args: registers };
  }

  // ---- ends of blocks

  private end(each: Instruction): void {
    if (each.op === 'return') {
      this.emit(undefined, { op: 'return' }, [this.useAs(each.args[0]!, this.out.result ?? 'f')]);
      return;
    }
    const [then, otherwise] = each.targets;
    if (each.op === 'jump') {
      this.jump(then!);
      return;
    }
    const truth = this.takeOver(each.args[0]!);
    const known = 'register' in truth ? this.out.constants.get(truth.register) : undefined;
    if ('known' in truth || known !== undefined) {
      this.jump(('known' in truth ? truth.known : known !== 0) ? then! : otherwise!);
      return;
    }
    const edges = { then: this.edge(then!), otherwise: this.edge(otherwise!) };
    if ('register' in truth) this.emit(undefined, { op: 'branch', condition: 'true', ...edges }, [truth.register]);
    else this.emit(undefined, { op: 'branch', condition: truth.condition, ...edges }, truth.args);
  }

  /** The arguments of a target, each of the class of its parameter. */
  private passed({ block, args }: Target): readonly VirtualRegister[] {
    const { params } = this.out.blocks[this.blockOf.get(block)!]!;
    return args.map((arg, i) => this.useAs(arg, this.out.classes[params[i]!]!));
  }

  private jump(target: Target): void {
    const args = this.passed(target);
    this.emit(undefined, { op: 'jump', target: { block: this.blockOf.get(target.block)!, args } }, []);
  }

  /** The block that an edge of a branch leads to: one of its own when arguments are passed. */
  private edge(target: Target): number {
    const block = this.blockOf.get(target.block)!;
    if (target.args.length === 0) return block;
    const args = this.passed(target);
    const { loopDepth } = this.out.blocks[block]!;
    const jump: LirInstruction = {
      op: 'jump',
      target: { block, args },
      result: -1,
      args: [],
      position: this.position,
    };
    return this.out.blocks.push({ params: [], code: [jump], loopDepth }) - 1;
  }
}
