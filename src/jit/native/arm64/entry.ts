// Ways in and out besides calls; what they do is told in x64/entry.ts.
import type { Label } from '../buffer.ts';
import type { VirtualRegister } from '../lir.ts';
import { AT, FAULT } from '../memory.ts';
import type { EntryParam } from '../target.ts';
import type { Arm64Assembler } from './assembler.ts';
import { emitPoison } from './canary.ts';
import { cond, gpr, imm12, linkRegister, offset4, offset8, simm9, sp, vec } from './operands.ts';
import { ARM64_REGISTERS, D31, DEPTH, loadInteger, MEMORY, type Places, X9, X10, X11 } from './places.ts';

/** What is entered from outside for a function: takes its arguments out of memory and puts the result there. */
export function emitEntry(
  params: readonly EntryParam[],
  result: EntryParam,
  callee: Label,
  asm: Arm64Assembler,
  canary: boolean,
): Label {
  const { buffer, emit } = asm;
  const label = buffer.label();
  const used = { f: 0, i: 0 };
  buffer.bind(label);
  emit('str Xt, [Xn|SP, #simm9]!', linkRegister, sp, simm9(-16));
  emit('ldr Xt, [Xn|SP, #offset8]', X9, MEMORY, offset8(AT.heap));
  params.forEach((param, i) => {
    const at = AT.args + 8 * i;
    const kind = param === 'f' ? 'f' : 'i';
    const register = ARM64_REGISTERS.arguments[kind][used[kind]++]!;
    if (param === 'f') emit('ldr Dt, [Xn|SP, #offset8]', vec(register), MEMORY, offset8(at));
    else emit('ldr Wt, [Xn|SP, #offset4]', gpr(register), MEMORY, offset4(at));
    if (param === 'pointer') emit('add Xd, Xn, Xm', gpr(register), gpr(register), X9);
    else if (canary && kind === 'i') emitPoison(asm, register);
  });
  emitCall(callee, result, emit);
  return label;
}

/** Calls, puts the result into memory and returns to where the link register on the stack says. */
function emitCall(callee: Label, result: EntryParam, emit: Arm64Assembler['emit']): void {
  emit('bl label', callee);
  const integer = gpr(ARM64_REGISTERS.result.i);
  if (result === 'pointer') {
    emit('ldr Xt, [Xn|SP, #offset8]', X9, MEMORY, offset8(AT.heap));
    emit('sub Xd, Xn, Xm', integer, integer, X9);
  }
  if (result === 'f') emit('str Dt, [Xn|SP, #offset8]', vec(ARM64_REGISTERS.result.f), MEMORY, offset8(AT.result));
  else emit('str Wt, [Xn|SP, #offset4]', integer, MEMORY, offset4(AT.result));
  emit('ldr Xt, [Xn|SP], #simm9', linkRegister, sp, simm9(16));
  emit('ret');
}

/** The frame is a multiple of 16 bytes, as the stack pointer must be. */
export function moveStack(emit: Arm64Assembler['emit'], direction: 'add' | 'sub', bytes: number): void {
  if (bytes >> 12 > 0) emit(`${direction} Xd|SP, Xn|SP, #imm12, lsl #12`, sp, sp, imm12(bytes >> 12));
  if ((bytes & 0xfff) > 0) emit(`${direction} Xd|SP, Xn|SP, #imm12`, sp, sp, imm12(bytes & 0xfff));
}

/** What is entered from outside to go on behind a point. */
export function emitPointEntry(
  { label, result }: { readonly label: Label; readonly result: EntryParam },
  state: readonly VirtualRegister[],
  behind: Label,
  places: Places,
  tooDeep: Label,
  frame: { readonly bytes: number; readonly link: number | undefined },
): void {
  const { buffer, emit } = places;
  const inside = buffer.label();
  buffer.bind(label);
  emit('str Xt, [Xn|SP, #simm9]!', linkRegister, sp, simm9(-16));
  emitCall(inside, result, emit);
  buffer.bind(inside);
  emit('subs Wd, Wn|SP, #imm12', DEPTH, DEPTH, imm12(1));
  emit('b.{cc} label', cond.mi, tooDeep);
  moveStack(emit, 'sub', frame.bytes);
  if (frame.link !== undefined) emit('str Xt, [Xn|SP, #offset8]', linkRegister, ...places.slot(frame.link));
  emit('ldr Xt, [Xn|SP, #offset8]', X11, MEMORY, offset8(AT.heapNext));
  loadInteger(emit, X10, 8 * state.length);
  emit('sub Xd, Xn, Xm', X11, X11, X10);
  state.forEach((register, i) => {
    if (places.fn.classes[register] === 'f') {
      emit('ldr Dt, [Xn|SP, #offset8]', places.target(register), X11, offset8(8 * i));
      places.store(register, places.target(register));
    } else {
      emit('ldr Xt, [Xn|SP, #offset8]', places.targetI(register), X11, offset8(8 * i));
      places.storeI(register, places.targetI(register));
    }
  });
  emit('b label', behind);
}

/** Writes a record; the first one of a run says where they begin. */
export function emitRecord(
  point: number,
  state: readonly VirtualRegister[],
  places: Places,
  which: 'first' | 'next',
): void {
  const { emit } = places;
  emit('ldr Xt, [Xn|SP, #offset8]', X11, MEMORY, offset8(AT.heapNext));
  if (which === 'first') emit('str Xt, [Xn|SP, #offset8]', X11, MEMORY, offset8(AT.records));
  loadInteger(emit, X9, point);
  emit('str Wt, [Xn|SP, #offset4]', X9, X11, offset4(0));
  state.forEach((register, i) => {
    const to = offset8(8 + 8 * i);
    if (places.fn.classes[register] === 'f') emit('str Dt, [Xn|SP, #offset8]', places.inVec(register, D31), X11, to);
    else emit('str Xt, [Xn|SP, #offset8]', places.inGpr(register, X9), X11, to);
  });
  loadInteger(emit, X9, 8 + 8 * state.length);
  emit('add Xd, Xn, Xm', X11, X11, X9);
  emit('str Xt, [Xn|SP, #offset8]', X11, MEMORY, offset8(AT.heapNext));
}

/** Jumps to the label that it gives unless the run is to be left at the next point. */
export function unlessPause({ buffer, emit }: Places): Label {
  const label = buffer.label();
  emit('ldr Wt, [Xn|SP, #offset4]', X9, MEMORY, offset4(AT.kind));
  emit('cmp Xn|SP, #imm12', X9, imm12(FAULT.pause));
  emit('b.{cc} label', cond.ne, label);
  return label;
}
