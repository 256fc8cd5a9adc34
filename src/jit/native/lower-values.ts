// The registers of values while a function is lowered: one for each part (shapes.ts), so most values have one; comparisons that a branch will take
// over have none yet. What is known of a value here, but not where it was made, chooses among its parts.
import type { ValueId } from '../../ir/ir.ts';
import { type Shaped, shapeWith } from './infer.ts';
import type { LirFunction, LirInstruction, RegisterClass, VirtualRegister } from './lir.ts';
import { type DistributiveOmit, OPPOSITES, type Truth } from './lower-ops.ts';
import type { Facts } from './refine.ts';
import {
  type Alternative,
  alternativesOf,
  classOfShape,
  isSum,
  partsOf,
  placeOf,
  type RecordLayout,
  registerClassOf,
  type Shape,
} from './shapes.ts';

export class Values {
  protected readonly shapes: readonly Shape[];
  protected readonly out: LirFunction;
  /** What is known of values where code is written now. */
  protected facts: Facts = new Map();
  protected code: LirInstruction[] = [];
  protected position = 0;
  private readonly registers: VirtualRegister[];
  /** Records whose fields are their parts (scattered.ts). */
  protected scattered: ReadonlyMap<ValueId, RecordLayout> = new Map();
  /** The parts of sums and of scattered records. */
  private readonly parts = new Map<ValueId, readonly VirtualRegister[]>();
  private readonly byConstant = new Map<string, VirtualRegister>();
  /** Comparisons that a branch or another comparison will take over. */
  private readonly pending = new Map<ValueId, Truth>();

  constructor(name: string, { shapes, result }: Shaped) {
    this.shapes = shapes;
    const primary = partsOf(result)[0];
    const kind = primary === undefined ? 'f' : registerClassOf(primary);
    this.out = { name, blocks: [], classes: [], constants: new Map(), result: kind };
    this.registers = new Array(shapes.length).fill(-1);
  }

  protected shape(value: ValueId): Shape {
    return shapeWith(this.facts, this.shapes, value);
  }

  // ---- writing

  protected fresh(kind: RegisterClass): VirtualRegister {
    return this.out.classes.push(kind) - 1;
  }

  protected constant(kind: RegisterClass, value: number): VirtualRegister {
    const key = `${kind}${Object.is(value, -0) ? '-0' : value}`;
    const known = this.byConstant.get(key);
    if (known !== undefined) return known;
    const register = this.fresh(kind);
    this.out.constants.set(register, value);
    this.byConstant.set(key, register);
    return register;
  }

  protected emit(
    kind: RegisterClass | undefined,
    what: DistributiveOmit<LirInstruction, 'result' | 'args' | 'position'>,
    args: readonly VirtualRegister[],
  ): VirtualRegister {
    const result = kind === undefined ? -1 : this.fresh(kind);
    // What was made for this call becomes the instruction: to copy objects of as many shapes as there are ops is slow.
    const made = what as { -readonly [Key in keyof LirInstruction]: LirInstruction[Key] };
    made.result = result;
    made.args = args;
    made.position = this.position;
    this.code.push(made as LirInstruction);
    return result;
  }

  // ---- giving values registers

  /** New registers for the parts of a value. */
  protected define(value: ValueId): readonly VirtualRegister[] {
    const made = this.classesOf(value).map(kind => this.fresh(kind));
    this.setParts(value, made);
    return made;
  }

  protected classesOf(value: ValueId): readonly RegisterClass[] {
    const layout = this.scattered.get(value);
    return layout?.fields.map(classOfShape) ?? partsOf(this.shapes[value]!).map(registerClassOf);
  }

  /** The fields of a scattered record. */
  protected fieldsOf(value: ValueId): readonly VirtualRegister[] {
    return this.parts.get(value)!;
  }

  protected setParts(value: ValueId, made: readonly VirtualRegister[]): void {
    if (isSum(this.shapes[value]!) || this.scattered.has(value)) this.parts.set(value, made);
    else this.registers[value] = made[0]!;
  }

  protected set(value: ValueId, register: VirtualRegister): void {
    this.registers[value] = register;
  }

  protected putOff(value: ValueId, truth: Truth): void {
    this.pending.set(value, truth);
  }

  // ---- reading them

  /** The register of an operand; a comparison that was put off is made now. Of a sum: of what is in it when it is plain. */
  protected use(value: ValueId): VirtualRegister {
    if (isSum(this.shapes[value]!)) {
      const shape = this.shape(value);
      return this.inside(value, isSum(shape) ? (alternativesOf(shape).get('plain') ?? 'never') : shape);
    }
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
  protected useAs(value: ValueId, kind: RegisterClass): VirtualRegister {
    const register = this.use(value);
    return this.out.classes[register] === kind ? register : this.constant(kind, 0);
  }

  /** The register of what is in a value, of that shape. */
  protected inside(value: ValueId, shape: Shape): VirtualRegister {
    if (!isSum(this.shapes[value]!)) return this.use(value);
    const at = shape === 'never' ? -1 : placeOf(this.shapes[value]!, shape);
    return at < 0 ? this.constant(classOfShape(shape), 0) : this.parts.get(value)![at]!;
  }

  /** The registers of a value in the parts of a shape that it fits. */
  protected partsAs(value: ValueId, wanted: Shape): readonly VirtualRegister[] {
    const shape = this.shape(value);
    if (!isSum(wanted)) return [this.useAs(value, classOfShape(wanted))];
    const inside = [...alternativesOf(shape).values()].filter(each => each !== 'nil');
    return partsOf(wanted).map(({ kind, flag }) => {
      if (flag !== undefined) return this.materialise(this.isAlternative(value, flag));
      const mine = inside.find(each => partsOf(each)[0]!.kind === kind);
      return mine === undefined ? this.constant(kind === 'f' ? 'f' : 'i', 0) : this.inside(value, mine);
    });
  }

  /** All registers of a value, as it was made. */
  protected allOf(value: ValueId): readonly VirtualRegister[] {
    return this.parts.get(value) ?? [this.use(value)];
  }

  /** Whether a value is one of its alternatives. */
  protected isAlternative(value: ValueId, alternative: Alternative): Truth {
    const possible = alternativesOf(this.shape(value));
    if (!possible.has(alternative)) return { known: false };
    if (possible.size === 1) return { known: true };
    const flags = partsOf(this.shapes[value]!);
    const at = flags.findIndex(({ flag }) => flag === alternative);
    const registers = this.parts.get(value)!;
    // The first of two alternatives is there when the second is not.
    return at >= 0 ? { register: registers[at]! } : this.opposite({ register: registers[flags.length - 1]! });
  }

  // ---- truth values

  /** What was put off for this value, for the only reader there is; else its register. */
  protected takeOver(value: ValueId): Truth {
    const truth = this.pending.get(value);
    if (truth === undefined) return { register: this.use(value) };
    if (!('known' in truth)) this.pending.delete(value);
    return truth;
  }

  protected opposite(truth: Truth): Truth {
    if ('known' in truth) return { known: !truth.known };
    if ('condition' in truth) {
      const condition = OPPOSITES[truth.condition];
      if (condition !== undefined) return { condition, args: truth.args };
    }
    return 'not' in truth ? { register: truth.not } : { not: this.materialise(truth) };
  }

  protected materialise(truth: Truth): VirtualRegister {
    if ('known' in truth) return this.constant('i', truth.known ? 1 : 0);
    if ('register' in truth) return truth.register;
    if ('not' in truth) return this.emit('i', { op: 'not' }, [truth.not]);
    return this.emit('i', { op: 'compare', condition: truth.condition }, truth.args);
  }
}
