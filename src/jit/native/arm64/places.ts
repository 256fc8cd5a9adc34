// The registers of ARM64 code and what is in them: how an operand of the low-level form comes into a register, how a result goes where it lives,
// and moves between places.
import type { Location, RegisterFile } from '../allocate.ts';
import type { CodeBuffer } from '../buffer.ts';
import type { LirFunction, VirtualRegister } from '../lir.ts';
import type { Move } from '../moves.ts';
import type { Arm64Assembler } from './assembler.ts';
import {
  bitmask64,
  fimm8,
  type Gpr,
  gpr,
  hw,
  type Immediate,
  imm12,
  imm16,
  offset8,
  type StackPointer,
  sp,
  type Vec,
  vec,
} from './operands.ts';

export const ARM64_REGISTERS: RegisterFile = {
  allocatable: {
    f: Array.from({ length: 30 }, (_, code) => code),
    i: [1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 14, 15, 22, 23, 24, 25, 26, 27, 28],
  },
  arguments: { f: [0, 1, 2, 3, 4, 5, 6, 7], i: [1, 2, 3, 4, 5, 6, 7, 8] },
  result: { f: 0, i: 1 },
  scratch: { f: [30, 31], i: [0, 1, 9, 10, 11, 16, 17] },
};

export const MEMORY = gpr(19);
export const FUEL = gpr(20);
export const DEPTH = gpr(21);
/** The status that a call gives. */
export const STATUS_REGISTER = gpr(0);
export const [X9, X10, X11, X17] = [gpr(9), gpr(10), gpr(11), gpr(17)];
export const [D30, D31] = [vec(30), vec(31)];
export const SIGN_BIT = bitmask64(1n << 63n)!;

/** Puts an integer into a register, 16 bits at a time; those that repeat the sign come by themselves. */
export function loadInteger(emit: Arm64Assembler['emit'], to: Gpr, value: number): void {
  const bits = BigInt(value);
  const part = (shift: number): number => Number((bits >> BigInt(shift)) & 0xffffn);
  if (value < 0) emit('movn Xd, #imm16, lsl #hw', to, imm16(part(0) ^ 0xffff), hw(0));
  else emit('movz Xd, #imm16, lsl #hw', to, imm16(part(0)), hw(0));
  const fill = value < 0 ? 0xffff : 0;
  for (const shift of [16, 32, 48]) {
    if (part(shift) !== fill) emit('movk Xd, #imm16, lsl #hw', to, imm16(part(shift)), hw(shift));
  }
}

/** Where the virtual registers of one function live. */
export class Places {
  readonly fn: LirFunction;
  readonly locations: readonly (Location | undefined)[];
  readonly buffer: CodeBuffer;
  readonly emit: Arm64Assembler['emit'];

  constructor(fn: LirFunction, locations: readonly (Location | undefined)[], { buffer, emit }: Arm64Assembler) {
    this.fn = fn;
    this.locations = locations;
    this.buffer = buffer;
    this.emit = emit;
  }

  known(register: VirtualRegister): number | undefined {
    return this.fn.constants.get(register);
  }

  /** Where a place of the frame is: what an instruction reaches from the stack pointer, or from x17, which is set. */
  slot(index: number): [base: Gpr | StackPointer, offset: Immediate<'offset8'>] {
    const bytes = 8 * index;
    if (bytes < 8 * 4096) return [sp, offset8(bytes)];
    this.emit('add Xd|SP, Xn|SP, #imm12, lsl #12', X17, sp, imm12(bytes >> 12));
    return [X17, offset8(bytes & 0xfff)];
  }

  loadF(to: Vec, register: VirtualRegister): void {
    const known = this.known(register);
    if (known !== undefined) {
      const immediate = fimm8(known);
      if (Object.is(known, 0)) this.emit('movi Vd.2d, #0x0', to);
      else if (immediate !== undefined) this.emit('fmov Dd, #fimm8', to, immediate);
      else this.emit('ldr Dt, label', to, this.buffer.double(known));
      return;
    }
    const { kind, index } = this.locations[register]!;
    if (kind === 'slot') this.emit('ldr Dt, [Xn|SP, #offset8]', to, ...this.slot(index));
    else if (index !== to) this.emit('fmov Dd, Dn', to, vec(index));
  }

  loadI(to: Gpr, register: VirtualRegister): void {
    const known = this.known(register);
    if (known !== undefined) {
      loadInteger(this.emit, to, known);
      return;
    }
    const { kind, index } = this.locations[register]!;
    if (kind === 'slot') this.emit('ldr Xt, [Xn|SP, #offset8]', to, ...this.slot(index));
    else if (index !== to) this.emit('mov Xd, Xm', to, gpr(index));
  }

  /** The operand in a register: its own, or the scratch register that is named. */
  inVec(register: VirtualRegister, scratch: Vec): Vec {
    const location = this.known(register) === undefined ? this.locations[register] : undefined;
    if (location?.kind === 'register') return vec(location.index);
    this.loadF(scratch, register);
    return scratch;
  }

  inGpr(register: VirtualRegister, scratch: Gpr): Gpr {
    const location = this.known(register) === undefined ? this.locations[register] : undefined;
    if (location?.kind === 'register') return gpr(location.index);
    this.loadI(scratch, register);
    return scratch;
  }

  /** Where a double is computed: its register, or a scratch register that `store` puts into the frame. */
  target(result: VirtualRegister): Vec {
    const location = this.locations[result];
    return location?.kind === 'register' ? vec(location.index) : D31;
  }

  targetI(result: VirtualRegister): Gpr {
    const location = this.locations[result];
    return location?.kind === 'register' ? gpr(location.index) : X9;
  }

  store(result: VirtualRegister, from: Vec): void {
    const location = this.locations[result];
    if (location === undefined) return;
    if (location.kind === 'slot') this.emit('str Dt, [Xn|SP, #offset8]', from, ...this.slot(location.index));
    else if (location.index !== from) this.emit('fmov Dd, Dn', vec(location.index), from);
  }

  storeI(result: VirtualRegister, from: Gpr): void {
    const location = this.locations[result];
    if (location === undefined) return;
    if (location.kind === 'slot') this.emit('str Xt, [Xn|SP, #offset8]', from, ...this.slot(location.index));
    else if (location.index !== from) this.emit('mov Xd, Xm', gpr(location.index), from);
  }

  moves(moves: readonly Move[]): void {
    for (const move of moves) {
      if (move.kind === 'f') this.moveF(move);
      else this.moveI(move);
    }
  }

  private moveF({ from, to }: Move): void {
    const target = to.kind === 'register' ? vec(to.index) : to.kind === 'scratch' ? D31 : D30;
    let source = target;
    if (from.kind === 'constant') this.loadF(target, from.register);
    else if (from.kind === 'slot') this.emit('ldr Dt, [Xn|SP, #offset8]', target, ...this.slot(from.index));
    else source = from.kind === 'scratch' ? D31 : vec(from.index);
    if (to.kind === 'slot') this.emit('str Dt, [Xn|SP, #offset8]', source, ...this.slot(to.index));
    else if (source !== target) this.emit('fmov Dd, Dn', target, source);
  }

  private moveI({ from, to }: Move): void {
    const target = to.kind === 'register' ? gpr(to.index) : to.kind === 'scratch' ? X10 : X9;
    let source = target;
    if (from.kind === 'constant') this.loadI(target, from.register);
    else if (from.kind === 'slot') this.emit('ldr Xt, [Xn|SP, #offset8]', target, ...this.slot(from.index));
    else source = from.kind === 'scratch' ? X10 : gpr(from.index);
    if (to.kind === 'slot') this.emit('str Xt, [Xn|SP, #offset8]', source, ...this.slot(to.index));
    else if (source !== target) this.emit('mov Xd, Xm', target, source);
  }
}
