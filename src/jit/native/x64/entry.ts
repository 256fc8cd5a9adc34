// Ways in and out besides calls: entries from outside, and points at which a run leaves and goes on (points.ts). A record is the number of its
// point and what is alive there, 8 bytes each; records lie behind everything else in the heap, innermost first. What a run goes on with lies
// right below where the heap is free.
import type { Label } from '../buffer.ts';
import type { VirtualRegister } from '../lir.ts';
import { AT } from '../memory.ts';
import type { EntryParam } from '../target.ts';
import type { X64Assembler } from './assembler.ts';
import { emitPoison } from './canary.ts';
import { type Frame, S15, X64_REGISTERS } from './frame.ts';
import { cc, gpr, imm32, mem, r13, r15, rax, rcx, rsp, xmm } from './operands.ts';

/** What is entered from outside for a function: takes its arguments out of memory and puts the result there. */
export function emitEntry(
  params: readonly EntryParam[],
  result: EntryParam,
  callee: Label,
  asm: X64Assembler,
  canary: boolean,
): Label {
  const { buffer, emit } = asm;
  const label = buffer.label();
  const used = { f: 0, i: 0 };
  buffer.bind(label);
  params.forEach((param, i) => {
    const from = mem(r15, AT.args + 8 * i);
    const kind = param === 'f' ? 'f' : 'i';
    const register = X64_REGISTERS.arguments[kind][used[kind]++]!;
    if (param === 'f') emit('movsd xmm, xmm/m64', xmm(register), from);
    else emit('mov r32, r/m32', gpr(register), from);
    if (param === 'pointer') emit('add r64, r/m64', gpr(register), mem(r15, AT.heap));
    else if (canary && kind === 'i') emitPoison(asm, register);
  });
  emitCall(callee, result, asm.emit);
  return label;
}

/** Calls, puts the result into memory and returns. */
function emitCall(callee: Label, result: EntryParam, emit: X64Assembler['emit']): void {
  emit('call rel', callee);
  if (result === 'f') emit('movsd m64, xmm', mem(r15, AT.result), xmm(X64_REGISTERS.result.f));
  else {
    if (result === 'pointer') emit('sub r64, r/m64', gpr(X64_REGISTERS.result.i), mem(r15, AT.heap));
    emit('mov r/m32, r32', mem(r15, AT.result), gpr(X64_REGISTERS.result.i));
  }
  emit('ret');
}

/** What is entered from outside to go on behind a point. */
export function emitPointEntry(
  { label, result }: { readonly label: Label; readonly result: EntryParam },
  state: readonly VirtualRegister[],
  behind: Label,
  frame: Frame,
  tooDeep: Label,
): void {
  const { buffer, emit } = frame;
  const inside = buffer.label();
  buffer.bind(label);
  emitCall(inside, result, emit);
  buffer.bind(inside);
  emit('sub r/m32, imm32', r13, imm32(1));
  emit('j{cc} rel', cc.s, tooDeep);
  if (frame.bytes > 0) emit('sub r/m64, imm32', rsp, imm32(frame.bytes));
  emit('mov r64, r/m64', rcx, mem(r15, AT.heapNext));
  state.forEach((register, i) => {
    const from = mem(rcx, 8 * (i - state.length));
    if (frame.fn.classes[register] === 'f') {
      emit('movsd xmm, xmm/m64', frame.target(register), from);
      frame.store(register, frame.target(register));
    } else {
      emit('mov r64, r/m64', frame.targetI(register), from);
      frame.storeI(register, frame.targetI(register));
    }
  });
  emit('jmp rel', behind);
}

/** Writes a record; the first one of a run says where they begin. */
export function emitRecord(
  point: number,
  state: readonly VirtualRegister[],
  frame: Frame,
  which: 'first' | 'next',
): void {
  const { emit } = frame;
  emit('mov r64, r/m64', rcx, mem(r15, AT.heapNext));
  if (which === 'first') emit('mov r/m64, r64', mem(r15, AT.records), rcx);
  emit('mov m32, imm32', mem(rcx, 0), imm32(point));
  state.forEach((register, i) => {
    const to = mem(rcx, 8 + 8 * i);
    if (frame.fn.classes[register] === 'f') emit('movsd m64, xmm', to, frame.inXmm(register, S15));
    else emit('mov r/m64, r64', to, frame.inGpr(register, rax));
  });
  emit('add r/m64, imm32', mem(r15, AT.heapNext), imm32(8 + 8 * state.length));
}
