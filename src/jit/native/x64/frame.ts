// Where the values of one function are, and how they are moved: operands in registers, in the frame, or constants.
import type { Allocation, Location, RegisterFile } from '../allocate.ts';
import type { CodeBuffer } from '../buffer.ts';
import type { LirFunction, VirtualRegister } from '../lir.ts';
import type { Move } from '../moves.ts';
import type { X64Assembler } from './assembler.ts';
import {
  type Gpr,
  gpr,
  imm32,
  imm64,
  isImm32,
  type Memory,
  mem,
  memLabel,
  rax,
  rcx,
  rsp,
  uimm32,
  type Xmm,
  xmm,
} from './operands.ts';

export const X64_REGISTERS: RegisterFile = {
  allocatable: {
    f: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13],
    i: [6, 7, 8, 9, 10, 11, 3, 5, 12],
  },
  arguments: { f: [0, 1, 2, 3, 4, 5, 6, 7], i: [7, 6, 8, 9, 10, 11, 3, 5] },
  result: { f: 0, i: 2 },
  scratch: { f: [14, 15], i: [0, 1, 2] },
};

/** Registers for whoever writes an instruction. */
export const S14 = xmm(14);
export const S15 = xmm(15);

export class Frame {
  readonly fn: LirFunction;
  readonly bytes: number;
  readonly locations: readonly (Location | undefined)[];
  readonly buffer: CodeBuffer;
  readonly emit: X64Assembler['emit'];
  /** The index that rcx holds as an integer, for as long as nobody writes to it. */
  indexInRcx: VirtualRegister | undefined;

  constructor(fn: LirFunction, allocation: Allocation, asm: X64Assembler) {
    this.fn = fn;
    this.bytes = 8 * allocation.slots;
    this.locations = allocation.locations;
    this.buffer = asm.buffer;
    this.emit = asm.emit;
  }

  known(register: VirtualRegister): number | undefined {
    return this.fn.constants.get(register);
  }

  slot(index: number): Memory {
    return mem(rsp, 8 * index);
  }

  operandF(register: VirtualRegister): Xmm | Memory {
    const known = this.known(register);
    if (known !== undefined) return memLabel(this.buffer.double(known));
    const { kind, index } = this.locations[register]!;
    return kind === 'register' ? xmm(index) : this.slot(index);
  }

  operandI(register: VirtualRegister): Gpr | Memory {
    const { kind, index } = this.locations[register]!;
    return kind === 'register' ? gpr(index) : this.slot(index);
  }

  /** The operand in a general register: its own, or the scratch register that is named. */
  inGpr(register: VirtualRegister, scratch: Gpr): Gpr {
    const location = this.locations[register];
    if (location?.kind === 'register') return gpr(location.index);
    this.loadI(scratch, register);
    return scratch;
  }

  /** The operand in a register: its own, or the scratch register that is named. */
  inXmm(register: VirtualRegister, scratch: Xmm): Xmm {
    const operand = this.operandF(register);
    if (typeof operand === 'number') return operand;
    this.loadF(scratch, register);
    return scratch;
  }

  loadF(to: Xmm, register: VirtualRegister): void {
    const operand = this.operandF(register);
    if (Object.is(this.known(register), 0)) this.emit('xorps xmm, xmm/m128', to, to);
    else if (typeof operand !== 'number') this.emit('movsd xmm, xmm/m64', to, operand);
    else if (operand !== to) this.emit('movaps xmm, xmm/m128', to, operand);
  }

  loadI(to: Gpr, register: VirtualRegister): void {
    const known = this.known(register);
    if (known !== undefined) {
      if (known >= 0 && known < 2 ** 32) this.emit('mov r32, uimm32', to, uimm32(known));
      else if (isImm32(known)) this.emit('mov r64, imm32', to, imm32(known));
      else this.emit('movabs r64, imm64', to, imm64(BigInt(known)));
      return;
    }
    const operand = this.operandI(register);
    if (operand !== to) this.emit('mov r64, r/m64', to, operand);
  }

  /** Where a double is computed: its register, or a scratch register that `store` puts into the frame. */
  target(result: VirtualRegister): Xmm {
    const location = this.locations[result];
    return location?.kind === 'register' ? xmm(location.index) : S15;
  }

  /** The same for an integer: its register, or rax. */
  targetI(result: VirtualRegister): Gpr {
    const location = this.locations[result];
    return location?.kind === 'register' ? gpr(location.index) : rax;
  }

  store(result: VirtualRegister, from: Xmm): void {
    const location = this.locations[result];
    if (location === undefined) return;
    if (location.kind === 'slot') this.emit('movsd m64, xmm', this.slot(location.index), from);
    else if (location.index !== from) this.emit('movaps xmm, xmm/m128', xmm(location.index), from);
  }

  storeI(result: VirtualRegister, from: Gpr): void {
    const location = this.locations[result];
    if (location === undefined) return;
    if (location.kind === 'slot') this.emit('mov r/m64, r64', this.slot(location.index), from);
    else if (location.index !== from) this.emit('mov r64, r/m64', gpr(location.index), from);
  }

  moves(moves: readonly Move[]): void {
    for (const move of moves) {
      if (move.kind === 'f') this.moveF(move);
      else this.moveI(move);
    }
  }

  private moveF({ from, to }: Move): void {
    const target = to.kind === 'register' ? xmm(to.index) : to.kind === 'scratch' ? S15 : S14;
    if (from.kind === 'constant') this.loadF(target, from.register);
    else if (from.kind === 'slot') this.emit('movsd xmm, xmm/m64', target, this.slot(from.index));
    else {
      const source = from.kind === 'scratch' ? S15 : xmm(from.index);
      if (to.kind === 'slot') {
        this.emit('movsd m64, xmm', this.slot(to.index), source);
        return;
      }
      this.emit('movaps xmm, xmm/m128', target, source);
    }
    if (to.kind === 'slot') this.emit('movsd m64, xmm', this.slot(to.index), target);
  }

  private moveI({ from, to }: Move): void {
    const target = to.kind === 'register' ? gpr(to.index) : to.kind === 'scratch' ? rcx : rax;
    if (from.kind === 'constant') this.loadI(target, from.register);
    else if (from.kind === 'slot') this.emit('mov r64, r/m64', target, this.slot(from.index));
    else {
      const source = from.kind === 'scratch' ? rcx : gpr(from.index);
      if (to.kind === 'slot') {
        this.emit('mov r/m64, r64', this.slot(to.index), source);
        return;
      }
      this.emit('mov r64, r/m64', target, source);
    }
    if (to.kind === 'slot') this.emit('mov r/m64, r64', this.slot(to.index), target);
  }
}
