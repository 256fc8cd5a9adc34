// From the IR of a function whose shapes are known to the low-level form. Boxing is nothing here; what a shape decides (a test for nil, a
// comparison of a number with a truth value) is decided; a comparison that only a branch reads becomes part of the branch.
import type { Span } from '../../base/span.ts';
import { BYTES_PER_ITEM, BYTES_PER_OBJECT, BYTES_PER_UNIT } from '../../core/meter.ts';
import { buildCfg, type Cfg } from '../../ir/cfg.ts';
import { findIntegers } from '../../ir/integers.ts';
import type { BlockId, Instruction, IrFunction, Target, ValueId } from '../../ir/ir.ts';
import { BARE_OPS } from '../../spec/ir-ops.ts';
import type { Shaped } from './infer.ts';
import { loopDepths } from './layout.ts';
import { type LirFunction, type LirInstruction, NO_SITE, type VirtualRegister } from './lir.ts';
import { ARITHMETIC, countUses, GIVES_REGISTER } from './lower-ops.ts';
import { Tests } from './lower-tests.ts';
import { wantedOf } from './operands.ts';
import { liveAtPoints, type NotePoint, type OpenedPoint, openPoint } from './points.ts';
import { findScattered } from './scattered.ts';
import {
  alternativesOf,
  classOfShape,
  isList,
  isRecord,
  isSum,
  narrowed,
  ONLY,
  partsOf,
  type RecordLayout,
  registerClassOf,
  type Shape,
} from './shapes.ts';

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
  /** Numbers a constant text. */
  readonly text: (value: string) => number;
  /** Numbers a place; numbers begin with 1. */
  readonly site: (kind: SiteKind, span: Span) => number;
  /** Notes a point at which a run may leave, and gives its number. Undefined where none ever does. */
  readonly point: NotePoint | undefined;
}

/** As much as the copy of an empty list has (x64/lists.ts). */
const FIRST_ROOM = 8;

export function lowerFunction(fn: IrFunction, shaped: Shaped, options: LowerOptions): LirFunction {
  return new Lowering(fn, shaped, options).run();
}

class Lowering extends Tests {
  private readonly fn: IrFunction;
  private readonly shaped: Shaped;
  private readonly options: LowerOptions;
  private readonly cfg: Cfg;
  private readonly uses: Int32Array;
  private readonly usedIn: Int32Array;
  private readonly blockOf = new Map<BlockId, number>();
  /** For each operand that `owned` marks, the register that says whether nobody else has it. */
  private readonly ownership = new Map<ValueId, VirtualRegister>();
  private knownAppends: boolean | undefined;
  private knownWhole: ReadonlySet<ValueId> | undefined;
  /** Of lists: they are bounds of ranges as they are. */
  private readonly lengths = new Set<VirtualRegister>();
  private readonly texts = new Map<ValueId, string>();
  private readonly alive: ReadonlyMap<Instruction, readonly ValueId[]>;

  constructor(fn: IrFunction, shaped: Shaped, options: LowerOptions) {
    super(fn.name, shaped);
    this.fn = fn;
    this.shaped = shaped;
    this.options = options;
    this.cfg = buildCfg(fn);
    const { times, block } = countUses(fn, this.cfg);
    this.uses = times;
    this.usedIn = block;
    // At a point each value stands as the record that the register machine has.
    if (options.point === undefined) this.scattered = findScattered(fn, shaped, options.layoutOf);
    this.alive = options.point === undefined ? new Map() : liveAtPoints(fn);
  }

  run(): LirFunction {
    const { cfg, fn, out } = this;
    const depth = loopDepths(cfg, fn.blocks.length);
    for (const id of cfg.order) {
      this.blockOf.set(id, out.blocks.length);
      const params = fn.blocks[id]!.params.flatMap(param => this.define(param));
      out.blocks.push({ params, code: [], loopDepth: depth[id]! });
    }
    for (const id of cfg.order) {
      this.code = out.blocks[this.blockOf.get(id)!]!.code;
      this.facts = this.shaped.refinements.at(id);
      this.plain.clear();
      if (this.shaped.reached.has(id)) for (const each of fn.blocks[id]!.code) this.instruction(each, id);
      else this.emit(undefined, { op: 'return' }, [this.constant(out.result ?? 'f', 0)]);
    }
    return out;
  }

  // ---- instructions

  private instruction(each: Instruction, id: BlockId): void {
    this.position = each.span.start;
    const { result } = each;
    if (each.targets.length > 0 || each.op === 'return') {
      this.end(each, id);
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
    each.args.forEach((arg, i) => {
      if (wantedOf(each, i) !== undefined) this.makePlain(arg);
    });
    if (this.isNever(each)) {
      // Nothing ever comes here, so this is not reached.
      this.setParts(
        result,
        this.classesOf(result).map(kind => this.constant(kind, 0)),
      );
      return;
    }
    if (each.op === 'owned') this.ownership.set(result, this.use(each.args[1]!));
    if (this.scattered.has(result)) {
      this.setParts(result, this.fieldsAfter(each));
      return;
    }
    if (isSum(this.shapes[result]!)) {
      this.setParts(result, this.sum(each));
      return;
    }
    if (this.shapes[result] === 'bool' && !GIVES_REGISTER.has(each.op)) {
      const truth = this.truth(each);
      // Put off only where whoever reads it stands in the same block: its operands may not live longer than they would anyway.
      const isSoon = this.uses[result] === 1 && this.usedIn[result] === id;
      if ('register' in truth) this.set(result, truth.register);
      else if ('known' in truth || isSoon) this.putOff(result, truth);
      else this.set(result, this.materialise(truth));
      return;
    }
    this.set(result, this.value(each));
  }

  private isNever(each: Instruction): boolean {
    return each.args.some((arg, i) => {
      const shape = this.shape(arg);
      return (wantedOf(each, i) === undefined ? shape : narrowed(shape, ONLY.plain)) === 'never';
    });
  }

  /** The fields of the record that an instruction gives, when they are in registers. */
  private fieldsAfter({ op, args, imm }: Instruction): readonly VirtualRegister[] {
    if (op === 'record.new') return args.map(arg => this.use(arg));
    const fields = [...this.fieldsOf(args[0]!)];
    if (op !== 'record.with') return fields;
    const { shape } = this.scattered.get(args[0]!)!;
    for (const [i, name] of (imm as readonly string[]).entries()) fields[shape.indexOf(name)!] = this.use(args[i + 1]!);
    return fields;
  }

  /** The parts of what an instruction gives that is a sum. */
  private sum(each: Instruction): readonly VirtualRegister[] {
    const { op, args } = each;
    const shape = this.shapes[each.result!]!;
    const [first] = args as readonly [ValueId];
    switch (op) {
      case 'new.ok':
      case 'new.err':
        return this.shape(first) === 'nil' ? [] : [this.use(first)];
      case 'payload': {
        // Nil, or something that is plain here or there.
        const inside = [...alternativesOf(shape).values()].find(each => each !== 'nil') ?? 'never';
        const isNil = this.isAlternative(first, 'nil');
        return partsOf(shape).map(({ flag }) =>
          flag === undefined ? this.inside(first, inside) : this.materialise(isNil),
        );
      }
      case 'call':
        return this.call(each);
      default:
        return this.partsAs(first, shape);
    }
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
    const values = alive.map(value => ({ value, shape: this.shapes[value]!, registers: this.allOf(value) }));
    return openPoint({ instruction, isEntry, values }, this.out.constants, this.options.point);
  }

  private charge({ op, args, imm, span }: Instruction): void {
    if (!this.options.metered) return;
    const bytes = (amount: number): void => {
      this.emit(undefined, { op: 'bytes', amount, site: this.options.site('bytes', span) }, []);
    };
    const shape = args[0] === undefined ? 'never' : this.shape(args[0]);
    if (op === 'charge.items') bytes(BYTES_PER_OBJECT + BYTES_PER_ITEM * (imm as number));
    else if (op === 'charge.append') bytes(BYTES_PER_ITEM);
    else if (op === 'charge.join' && shape === 'text') bytes(BYTES_PER_UNIT * this.texts.get(args[0]!)!.length);
    else if (op === 'charge.join' && isList(shape)) {
      this.emit(undefined, { op: 'bytes.of', site: this.options.site('bytes', span) }, [this.use(args[0]!)]);
    } else if (op === 'charge.copy') {
      const plain = this.plainShape(args[0]!);
      if (!isRecord(plain)) return;
      // What is no record is copied, and charged for, nowhere.
      this.makePlain(args[0]!);
      bytes(BYTES_PER_OBJECT + BYTES_PER_ITEM * this.options.layoutOf(plain).fields.length);
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
      case 'const.text':
        this.texts.set(each.result!, each.imm as string);
        return this.constant('i', this.options.text(each.imm as string));
      case 'box.num':
      case 'unbox.num':
      case 'list.check':
      case 'record.check':
      case 'owned':
        return this.use(args[0]!);
      case 'payload':
      case 'panic':
        return this.unwrap(each);
      case 'list.new': {
        // Room for what will be appended saves the first copy.
        const room = args.length === 0 && this.appends() ? FIRST_ROOM : args.length;
        return this.emit(
          'i',
          { op, room },
          args.map(arg => this.use(arg)),
        );
      }
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
        const layout = this.scattered.get(args[0]!);
        if (layout !== undefined) return this.fieldsOf(args[0]!)[layout.shape.indexOf(each.imm as string)!]!;
        const { shape } = this.options.layoutOf(this.plainShape(args[0]!));
        const kind = classOfShape(this.shapes[each.result!]!);
        return this.emit(kind, { op: 'record.get', field: shape.indexOf(each.imm as string)! }, [this.use(args[0]!)]);
      }
      case 'record.with': {
        if (this.scattered.has(args[0]!)) return this.emit('i', { op: 'record.new' }, this.fieldsAfter(each));
        const { shape } = this.options.layoutOf(this.plainShape(args[0]!));
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
      case 'call':
        return this.call(each)[0]!;
      case 'call.builtin':
        return this.builtin(each);
      default:
        return this.arithmetic(each);
    }
  }

  /** The parts of what a call gives: the first comes in a register, the others lie in memory. */
  private call(each: Instruction): readonly VirtualRegister[] {
    const callee = each.imm as number;
    const site = this.options.site('call', each.span);
    const wanted = this.options.paramsOf(callee);
    const { point, state } = this.point(each, false);
    const args = each.args.flatMap((arg, i) => this.partsAs(arg, wanted[i]!));
    const [primary, ...others] = partsOf(this.options.resultOf(callee));
    const kind = primary === undefined ? 'f' : registerClassOf(primary);
    const first = this.emit(kind, { op: 'call', callee, site, ...point, state }, args);
    return [first, ...others.map((part, i) => this.emit(registerClassOf(part), { op: 'part.take', part: i }, []))];
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

  private appends(): boolean {
    this.knownAppends ??= this.fn.blocks.some(({ code }) => code.some(({ op }) => op === 'list.append'));
    return this.knownAppends;
  }

  /** Asked for few functions: only where a list is accessed. */
  private isWhole(value: ValueId): boolean {
    this.knownWhole ??= findIntegers(this.fn, this.cfg);
    return this.knownWhole.has(value);
  }

  private builtin(each: Instruction): VirtualRegister {
    const args = each.args.map(arg => this.use(arg));
    if (this.options.metered) {
      const bytes = each.imm === 'lst' ? BYTES_PER_ITEM : 0;
      this.emit(undefined, { op: 'fuel', amount: 1, bytes, site: this.options.site('fuel', each.span) }, []);
    }
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
        return this.get(each, args[1]!, this.isWhole(each.args[1]!), false);
      case 'hd':
        return this.get(each, this.constant('f', 0), true, false);
      case 'range': {
        const site = this.options.site('bytes', each.span);
        return this.emit('i', { op: 'list.range', metered: this.options.metered, site }, args);
      }
      case 'lst':
        return this.emit('i', { op: 'list.set', whole: this.isWhole(each.args[1]!), known: false, short: false }, [
          ...args,
          this.ownedBy(each.args[0]!),
        ]);
      default: {
        this.checkZero(args[1]!, 'modulo', each.span);
        return this.emit('f', { op: 'remainder', site: this.options.site('modulo', each.span) }, args);
      }
    }
  }

  // ---- ends of blocks

  private end(each: Instruction, id: BlockId): void {
    if (each.op === 'return') {
      const [first, ...others] = this.partsAs(each.args[0]!, this.shaped.result);
      others.forEach((register, i) => {
        this.emit(undefined, { op: 'part.give', part: i }, [register]);
      });
      this.emit(undefined, { op: 'return' }, [first ?? this.constant('f', 0)]);
      return;
    }
    if (each.op === 'jump') {
      this.jump(id, each.targets, 0);
      return;
    }
    const truth = this.takeOver(each.args[0]!);
    const known = 'register' in truth ? this.out.constants.get(truth.register) : undefined;
    if ('known' in truth || known !== undefined) {
      this.jump(id, each.targets, ('known' in truth ? truth.known : known !== 0) ? 0 : 1);
      return;
    }
    const edges = { then: this.edge(id, each.targets, 0), otherwise: this.edge(id, each.targets, 1) };
    if ('register' in truth) this.emit(undefined, { op: 'branch', condition: 'true', ...edges }, [truth.register]);
    else if ('not' in truth) {
      const { then, otherwise } = edges;
      this.emit(undefined, { op: 'branch', condition: 'true', then: otherwise, otherwise: then }, [truth.not]);
    } else this.emit(undefined, { op: 'branch', condition: truth.condition, ...edges }, truth.args);
  }

  /** The arguments of a target, each in the parts of its parameter. */
  private passed(id: BlockId, { block, args }: Target, target: number): readonly VirtualRegister[] {
    const { facts } = this;
    this.facts = this.shaped.refinements.onEdge(id, target);
    const { params } = this.fn.blocks[block]!;
    const passed = args.flatMap((arg, i) =>
      this.scattered.has(params[i]!) ? this.fieldsOf(arg) : this.partsAs(arg, this.shapes[params[i]!]!),
    );
    this.facts = facts;
    return passed;
  }

  private jump(id: BlockId, targets: readonly Target[], target: number): void {
    const to = targets[target]!;
    const args = this.passed(id, to, target);
    this.emit(undefined, { op: 'jump', target: { block: this.blockOf.get(to.block)!, args } }, []);
  }

  /** The block that an edge of a branch leads to: one of its own when arguments are passed. */
  private edge(id: BlockId, targets: readonly Target[], target: number): number {
    const to = targets[target]!;
    const block = this.blockOf.get(to.block)!;
    if (to.args.length === 0) return block;
    const args = this.passed(id, to, target);
    const { loopDepth } = this.out.blocks[block]!;
    const jump: LirInstruction = { op: 'jump', target: { block, args }, result: -1, args: [], position: this.position };
    return this.out.blocks.push({ params: [], code: [jump], loopDepth }) - 1;
  }
}
