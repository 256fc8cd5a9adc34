// Typed versions of functions. A program may call any function with anything, so the function that Core describes takes and gives boxed
// values. Beside it stands a version for what its declaration promises: parameters declared number or truth value come in bare, and what
// the function always gives one of them is given bare. Calls whose arguments are known to fit go to the version, and whoever calls from
// outside looks at the arguments once (`fits`) and chooses. A version does what its function does, limits and faults included; it
// carries the function's index (`of`), which is what a chain of calls names.
//
// What functions give is found for all of them together, optimistically, like the kinds inside one (infer.ts): a function is gone through
// again when a result that it used has risen.
import { type IrOp, type IrType, isBoxed } from '../spec/ir-ops.ts';
import { inferKinds, joinKinds, type Kind } from './infer.ts';
import type { Block, Instruction, IrFunction, IrUnit, ValueId } from './ir.ts';
import { simplify } from './passes/simplify.ts';

/** Functions of more instructions have no version: they are hardly ever hot, and cost time to go through. */
const VERY_LARGE = 20_000;
/** How often a function is gone through before nothing is claimed of its result any more. */
const MAX_VISITS = 8;

/** Where the typed version of each function stands. Depends on declarations alone. */
export function planVersions(unit: IrUnit): ReadonlyMap<number, number> {
  const plan = new Map<number, number>();
  let next = unit.functions.length;
  unit.functions.forEach((fn, index) => {
    if (fn.of === undefined && hasVersion(fn)) plan.set(index, next++);
  });
  return plan;
}

function hasVersion(fn: IrFunction): boolean {
  if (!fn.declared.some(isBare) && !isBare(fn.declaredResult)) return false;
  return fn.blocks.reduce((sum, block) => sum + block.code.length, 0) < VERY_LARGE;
}

function isBare(type: IrType): type is 'num' | 'bool' {
  return type === 'num' || type === 'bool';
}

/** The unit with a typed version of each function that can have one, behind all others, and calls that go to versions. */
export function addVersions(unit: IrUnit): IrUnit {
  if (unit.functions.some(fn => fn.of !== undefined)) return unit;
  return { ...unit, functions: new Versions(unit).all() };
}

/**
 * The functions of a unit and their versions, with calls that go to versions: made together with all that they can call, when they are first
 * asked for. What was claimed of a function then stays, because others rely on it.
 */
export class Versions {
  /** Where the typed version of each function stands. */
  readonly plan: ReadonlyMap<number, number>;
  private readonly unit: IrUnit;
  private readonly origins: ReadonlyMap<number, number>;
  /** Functions and versions before they call versions, and what they give. */
  private readonly sources = new Map<number, IrFunction>();
  private readonly results = new Map<number, Kind>();
  private readonly made = new Map<number, IrFunction>();

  constructor(unit: IrUnit) {
    this.unit = unit;
    this.plan = planVersions(unit);
    this.origins = new Map([...this.plan].map(([origin, version]) => [version, origin]));
  }

  /** A function, or a version by its own index. */
  at(index: number): IrFunction {
    const known = this.made.get(index);
    if (known) return known;
    const start = this.originOf(index);
    const members = new Set([start]);
    for (const member of members) {
      for (const callee of calleesOf(this.unit.functions[member]!)) if (!this.made.has(callee)) members.add(callee);
    }
    this.make(members);
    return this.made.get(index)!;
  }

  /** All of them, by index. */
  all(): readonly IrFunction[] {
    this.make([...this.unit.functions.keys()].filter(index => !this.made.has(index)));
    return Array.from({ length: this.unit.functions.length + this.plan.size }, (_, index) => this.made.get(index)!);
  }

  /** The index of the function that a version is one of; that of a function is its own. */
  originOf(index: number): number {
    return this.origins.get(index) ?? index;
  }

  private make(members: Iterable<number>): void {
    const { sources, results, plan } = this;
    const fresh = new Map<number, IrFunction>();
    for (const index of members) {
      const fn = simplify(this.unit.functions[index]!);
      fresh.set(index, fn);
      const version = plan.get(index);
      if (version !== undefined) fresh.set(version, takeBare(fn, index));
    }
    for (const [index, fn] of fresh) sources.set(index, fn);
    findResults(fresh, sources, plan, results);
    const signature = (index: number): IrType => {
      const result = results.get(index);
      return sources.get(index)?.of !== undefined && result !== undefined && isBareKind(result) ? result : 'any';
    };
    for (const [index, fn] of fresh) {
      const typed = { ...fn, result: signature(index) };
      this.made.set(index, new Applier(typed, sources, plan, results, signature).run());
    }
  }
}

function isBareKind(kind: Kind): kind is 'num' | 'bool' {
  return kind === 'num' || kind === 'bool';
}

/** The function with bare parameters where they are declared so; inside they are boxed first. */
function takeBare(fn: IrFunction, of: number): IrFunction {
  const types = [...fn.types];
  const names = new Map(fn.names);
  const entry = fn.blocks[0]!;
  const boxes: Instruction[] = [];
  const params = entry.params.map((param, i) => {
    const bare = fn.declared[i]!;
    if (!isBare(bare)) return param;
    const value = types.length;
    types.push(bare);
    const name = names.get(param);
    if (name !== undefined) names.set(value, name);
    boxes.push(box(bare, param, value, entry.code[0]!));
    return value;
  });
  const [fuel, ...rest] = entry.code;
  const blocks: Block[] = [{ params, code: [fuel!, ...boxes, ...rest] }, ...fn.blocks.slice(1)];
  return { ...fn, of, types, names, blocks, params: params.map(param => types[param]!) };
}

function box(bare: 'num' | 'bool', result: ValueId, value: ValueId, at: Instruction): Instruction {
  return instruction(bare === 'num' ? 'box.num' : 'box.bool', result, value, at);
}

function unbox(bare: 'num' | 'bool', result: ValueId, value: ValueId, at: Instruction): Instruction {
  return instruction(bare === 'num' ? 'unbox.num' : 'unbox.bool', result, value, at);
}

function instruction(op: IrOp, result: ValueId, value: ValueId, at: Instruction): Instruction {
  return { op, result, args: [value], imm: undefined, targets: [], span: at.span };
}

/** The index of the function that a call goes to when its arguments are of these kinds. */
function calleeFor(
  call: Instruction,
  args: readonly Kind[],
  sources: ReadonlyMap<number, IrFunction>,
  plan: ReadonlyMap<number, number>,
): number {
  const callee = call.imm as number;
  const version = plan.get(callee);
  const typed = version === undefined ? undefined : sources.get(version);
  if (typed === undefined || typed.params.length !== args.length) return callee;
  return typed.params.every((want, i) => !isBare(want) || args[i] === want || args[i] === 'never') ? version! : callee;
}

/** Finds what functions give, in the light of what is known of others already, and adds it to `results`. */
function findResults(
  fresh: ReadonlyMap<number, IrFunction>,
  sources: ReadonlyMap<number, IrFunction>,
  plan: ReadonlyMap<number, number>,
  results: Map<number, Kind>,
): void {
  const visits = new Map<number, number>();
  const callers = new Map<number, Set<number>>();
  const waiting = new Set(calleesFirst(fresh));
  for (const index of waiting) {
    waiting.delete(index);
    const times = (visits.get(index) ?? 0) + 1;
    visits.set(index, times);
    const before = results.get(index) ?? 'never';
    const after =
      times > MAX_VISITS
        ? 'any'
        : inferKinds(sources.get(index)!, (call, args) => {
            const callee = calleeFor(call, args, sources, plan);
            if (!sources.has(callee)) return 'any';
            const known = callers.get(callee);
            if (known === undefined) callers.set(callee, new Set([index]));
            else known.add(index);
            return results.get(callee) ?? 'never';
          }).result;
    const joined = joinKinds(before, after);
    if (joined === before) continue;
    results.set(index, joined);
    for (const caller of callers.get(index) ?? []) waiting.add(caller);
  }
}

/** The functions such that most come after those that they call. */
function calleesFirst(sources: ReadonlyMap<number, IrFunction>): readonly number[] {
  const order: number[] = [];
  const seen = new Set<number>();
  for (const start of sources.keys()) {
    const path: { readonly index: number; readonly callees: readonly number[]; next: number }[] = [];
    const enter = (index: number): void => {
      const fn = sources.get(index);
      if (fn === undefined || seen.has(index)) return;
      seen.add(index);
      path.push({ index, callees: calleesOf(fn), next: 0 });
    };
    enter(start);
    while (path.length > 0) {
      const top = path[path.length - 1]!;
      const callee = top.callees[top.next++];
      if (callee !== undefined) {
        enter(callee);
      } else {
        order.push(top.index);
        path.pop();
      }
    }
  }
  return order;
}

function calleesOf(fn: IrFunction): readonly number[] {
  const callees: number[] = [];
  for (const block of fn.blocks) for (const { op, imm } of block.code) if (op === 'call') callees.push(imm as number);
  return callees;
}

/** Writes what was inferred into a function: calls go to versions, and what is known to be bare is taken out of its box. */
class Applier {
  private readonly fn: IrFunction;
  private readonly kinds: readonly Kind[];
  private readonly types: IrType[];
  private readonly sources: ReadonlyMap<number, IrFunction>;
  private readonly plan: ReadonlyMap<number, number>;
  private readonly signature: (index: number) => IrType;
  private code: Instruction[] = [];

  constructor(
    fn: IrFunction,
    sources: ReadonlyMap<number, IrFunction>,
    plan: ReadonlyMap<number, number>,
    results: ReadonlyMap<number, Kind>,
    signature: (index: number) => IrType,
  ) {
    this.fn = fn;
    this.types = [...fn.types];
    this.sources = sources;
    this.plan = plan;
    this.signature = signature;
    this.kinds = inferKinds(fn, (call, args) => {
      const callee = calleeFor(call, args, sources, plan);
      return sources.has(callee) ? (results.get(callee) ?? 'never') : 'any';
    }).kinds;
  }

  run(): IrFunction {
    const blocks = this.fn.blocks.map((block): Block => {
      this.code = [];
      for (const each of block.code) this.instruction(each);
      return { params: block.params, code: this.code };
    });
    return { ...this.fn, types: this.types, blocks };
  }

  private instruction(each: Instruction): void {
    if (each.op === 'return') {
      this.code.push({ ...each, args: [this.bareOr(each.args[0]!, this.fn.result, each)] });
      return;
    }
    const call = each.op === 'call' ? this.call(each) : each;
    const { result } = call;
    const kind = result === undefined ? 'any' : this.kinds[result]!;
    if (result === undefined || !isBareKind(kind) || this.types[result] !== 'any' || call.op.startsWith('box.')) {
      this.code.push(call);
      return;
    }
    // The op makes a box with a number in it, which is taken out and put back: what uses the number can then be simplified.
    const bare = this.newValue(kind);
    const given = call.op === 'call' ? this.signature(call.imm as number) : 'any';
    if (isBare(given)) {
      this.code.push({ ...call, result: bare });
    } else {
      const boxed = this.newValue('any');
      this.code.push({ ...call, result: boxed });
      this.code.push(unbox(kind, bare, boxed, each));
    }
    this.code.push(box(kind, result, bare, each));
  }

  private call(each: Instruction): Instruction {
    const args = each.args.map(arg => this.kinds[arg]!);
    const callee = calleeFor(each, args, this.sources, this.plan);
    if (callee === each.imm) return each;
    const { params } = this.sources.get(callee)!;
    return { ...each, imm: callee, args: each.args.map((arg, i) => this.bareOr(arg, params[i]!, each)) };
  }

  /** The value as it is wanted. */
  private bareOr(value: ValueId, want: IrType, at: Instruction): ValueId {
    if (!isBare(want) || !isBoxed(this.types[value]!)) return value;
    const bare = this.newValue(want);
    this.code.push(unbox(want, bare, value, at));
    return bare;
  }

  private newValue(type: IrType): ValueId {
    this.types.push(type);
    return this.types.length - 1;
  }
}
