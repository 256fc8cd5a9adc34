// Proves that an allocation is right, for each function that is compiled, without knowing how it was found: it goes through the code
// with what each place holds, and whoever reads a place must find the value there that the low-level form says. Where ways
// meet, a place holds what it holds on all of them. A wrong allocation is a bug of ours: the function is not used.
import { type Allocation, argumentRegisters, type Clobbers, type Location, type RegisterFile } from './allocate.ts';
import { type LirFunction, type LirOp, lirSuccessors, type RegisterClass, type VirtualRegister } from './lir.ts';
import { type Move, type ParallelMove, scheduleMoves } from './moves.ts';

/** What each place holds, by the place's number; a place that is not there holds nothing known. */
type State = Map<number, VirtualRegister>;

/** Numbers of places: the registers of each class, the scratch register of each class for moves, the slots of the frame. */
const FIRST: Readonly<Record<RegisterClass, number>> = { f: 0, i: 64 };
const SCRATCH: Readonly<Record<RegisterClass, number>> = { f: 128, i: 129 };
const FIRST_SLOT = 130;

function placeNumber({ kind, index }: Location, registerClass: RegisterClass): number {
  return kind === 'slot' ? FIRST_SLOT + index : FIRST[registerClass] + index;
}

function placeName(place: number): string {
  if (place >= FIRST_SLOT) return `slot ${place - FIRST_SLOT}`;
  return place < FIRST.i ? `f ${place}` : `i ${place - FIRST.i}`;
}

/** What is wrong with an allocation; undefined when nothing is. */
export function checkAllocation(
  fn: LirFunction,
  order: readonly number[],
  { locations }: Allocation,
  file: RegisterFile,
  clobbersOf: (callee: number) => Clobbers,
): string | undefined {
  const atBegin = new Map<number, State>();
  const placeOf = (register: VirtualRegister): number => placeNumber(locations[register]!, fn.classes[register]!);
  let problem: string | undefined;
  let block = 0;
  const expect = (state: State, register: VirtualRegister, op: LirOp, leaves = ''): void => {
    if (fn.constants.has(register)) return;
    const at = locations[register];
    if (at === undefined) problem ??= `b${block} ${op}${leaves}: ${register} has no place`;
    else if (state.get(placeNumber(at, fn.classes[register]!)) !== register)
      problem ??= `b${block} ${op}${leaves}: ${placeName(placeOf(register))} does not hold ${register}`;
  };
  const start: State = new Map();
  const { params } = fn.blocks[0]!;
  const incoming = argumentRegisters(fn, params, file);
  params.forEach((param, i) => {
    start.set(FIRST[fn.classes[param]!] + incoming[i]!, param);
  });
  simulate(start, entryMoves(fn, locations, file), fn);
  atBegin.set(0, start);
  const waiting = new Set(order);
  for (const id of waiting) {
    waiting.delete(id);
    const begin = atBegin.get(id);
    if (begin === undefined) continue;
    const state = new Map(begin);
    block = id;
    for (const each of fn.blocks[id]!.code) {
      for (const arg of each.args) expect(state, arg, each.op);
      if (each.op === 'call') {
        simulate(state, scheduleMoves(argumentMoves(fn, each.args, locations, file)), fn);
        argumentRegisters(fn, each.args, file).forEach((index, i) => {
          const arg = each.args[i]!;
          const place = FIRST[fn.classes[arg]!] + index;
          if (state.get(place) !== arg)
            problem ??= `b${id} ${each.op}: argument ${i} does not come in ${placeName(place)}`;
        });
        loseRegisters(state, clobbersOf(each.callee));
        for (const kept of each.state ?? []) expect(state, kept, each.op, ' leaves');
      }
      if (each.op === 'jump') {
        for (const arg of each.target.args) expect(state, arg, each.op);
        simulate(state, scheduleMoves(edgeMoves(fn, each.target, locations)), fn);
        fn.blocks[each.target.block]!.params.forEach((param, i) => {
          if (locations[param] === undefined) return;
          if (state.get(placeOf(param)) !== each.target.args[i]!)
            problem ??= `b${id} ${each.op}: parameter ${param} is not set`;
        });
        for (const param of fn.blocks[each.target.block]!.params)
          if (locations[param] !== undefined) state.set(placeOf(param), param);
      }
      if (each.result >= 0 && locations[each.result] !== undefined) state.set(placeOf(each.result), each.result);
    }
    if (problem !== undefined) return `${fn.name}: ${problem}`;
    for (const next of lirSuccessors(fn.blocks[id]!)) {
      const known = atBegin.get(next);
      if (known === undefined) atBegin.set(next, new Map(state));
      else if (!meet(known, state)) continue;
      waiting.add(next);
    }
  }
  return undefined;
}

function loseRegisters(state: State, { f, i }: Clobbers): void {
  for (const place of state.keys()) {
    if (place >= FIRST_SLOT) continue;
    const bits = place < FIRST.i ? f : i;
    if (place >= SCRATCH.f || ((bits >> (place - (place < FIRST.i ? FIRST.f : FIRST.i))) & 1) === 1)
      state.delete(place);
  }
}

/** Keeps what both agree on. Gives whether anything was lost. */
function meet(known: State, other: State): boolean {
  let lost = false;
  for (const [place, register] of known) {
    if (other.get(place) === register) continue;
    known.delete(place);
    lost = true;
  }
  return lost;
}

function simulate(state: State, moves: readonly Move[], fn: LirFunction): void {
  const placeOf = (at: Location | { readonly kind: 'scratch' }, kind: RegisterClass): number =>
    at.kind === 'scratch' ? SCRATCH[kind] : placeNumber(at, kind);
  for (const { kind, from, to } of moves) {
    const held = from.kind === 'constant' ? from.register : state.get(placeOf(from, kind));
    const place = placeOf(to, kind);
    if (held === undefined || (!fn.constants.has(held) && fn.classes[held] !== kind)) state.delete(place);
    else state.set(place, held);
  }
}

// ---- the moves that code generation makes, too

/** From where arguments come in to where parameters live. */
export function entryMoves(
  fn: LirFunction,
  locations: readonly (Location | undefined)[],
  file: RegisterFile,
): readonly Move[] {
  const { params } = fn.blocks[0]!;
  const incoming = argumentRegisters(fn, params, file);
  return scheduleMoves(
    params.flatMap((param, i): ParallelMove[] => {
      const to = locations[param];
      if (to === undefined) return [];
      return [{ kind: fn.classes[param]!, from: { kind: 'register', index: incoming[i]! }, to }];
    }),
  );
}

/** From where arguments live to where a call wants them. */
export function argumentMoves(
  fn: LirFunction,
  args: readonly VirtualRegister[],
  locations: readonly (Location | undefined)[],
  file: RegisterFile,
): readonly ParallelMove[] {
  return argumentRegisters(fn, args, file).map((index, i) => {
    const arg = args[i]!;
    const from = locations[arg] ?? { kind: 'constant', register: arg };
    return { kind: fn.classes[arg]!, from, to: { kind: 'register', index } };
  });
}

/** From arguments of a jump to the parameters of its block. */
export function edgeMoves(
  fn: LirFunction,
  target: { readonly block: number; readonly args: readonly VirtualRegister[] },
  locations: readonly (Location | undefined)[],
): readonly ParallelMove[] {
  return fn.blocks[target.block]!.params.flatMap((param, i): ParallelMove[] => {
    const to = locations[param];
    if (to === undefined) return [];
    const arg = target.args[i]!;
    const from = locations[arg] ?? { kind: 'constant', register: arg };
    return [{ kind: fn.classes[param]!, from, to }];
  });
}
