// Lists and records in the heap (memory.ts has their layout). What is changed is changed in place where nobody else has it; else it is copied
// first, by a subroutine behind all functions, and so is a list that has no more room. What cannot be done here, an index that is
// out of range or a heap that is full, leaves: the whole call is made again elsewhere, which knows the fault.
import type { Label } from '../buffer.ts';
import type { LirInstruction, VirtualRegister } from '../lir.ts';
import { AT } from '../memory.ts';
import { type Frame, S14, S15 } from './frame.ts';
import { cc, type Gpr, gpr, imm8, imm32, mem, memIndexed, r14, r15, rax, rcx, rdx, uimm8, uimm32 } from './operands.ts';

export interface ListStubs {
  /** rax = a copy of the list in rax, with room for as many items and half as many more, at least 8; keeps all but rax and rdx; 0 when the heap is full. */
  readonly copy: Label;
  /** rax = where rax bytes of the heap begin that belong to nobody, a multiple of 8; keeps all but rax and rdx; 0 when the heap is full. */
  readonly allocate: Label;
}

/** What an instruction on the heap needs besides the frame. */
export interface HeapScope {
  readonly frame: Frame;
  readonly stubs: ListStubs;
  /** Where to go when the call has to be made elsewhere. */
  readonly leave: Label;
  readonly later: (write: () => void) => void;
  /** Has JavaScript look when the flags say that something is below zero. */
  readonly lookIfSpent: (site: number) => void;
}

type HeapInstruction = Extract<
  LirInstruction,
  {
    op:
      | 'list.range'
      | 'list.new'
      | 'list.length'
      | 'list.get'
      | 'list.append'
      | 'list.set'
      | 'record.new'
      | 'record.get'
      | 'record.with';
  }
>;

/** Where the length of a list stands, from its items. */
export const LENGTH = -8;
const ROOM = -4;

export function emitHeap(each: HeapInstruction, scope: HeapScope): void {
  const { frame } = scope;
  const { emit } = frame;
  const { args, result } = each;
  switch (each.op) {
    case 'list.new':
      allocate(8 + 8 * each.room, scope);
      emit('mov m32, imm32', mem(rax, 0), imm32(args.length));
      emit('mov m32, imm32', mem(rax, 4), imm32(each.room));
      emit('add r/m64, imm32', rax, imm32(8));
      args.forEach((arg, i) => {
        storeField(8 * i, arg, frame);
      });
      frame.storeI(result, rax);
      return;
    case 'record.new':
      allocate(8 * Math.max(1, args.length), scope);
      args.forEach((arg, i) => {
        storeField(8 * i, arg, frame);
      });
      frame.storeI(result, rax);
      return;
    case 'list.range':
      makeRange(each, scope);
      return;
    case 'list.length': {
      if (frame.fn.classes[result] === 'i') {
        const location = frame.locations[result];
        const whole = location?.kind === 'register' ? gpr(location.index) : rax;
        emit('mov r32, r/m32', whole, mem(baseOf(args[0]!, frame), LENGTH));
        frame.storeI(result, whole);
        return;
      }
      frame.loadI(rax, args[0]!);
      const to = frame.target(result);
      emit('xorps xmm, xmm/m128', S14, S14);
      emit('cvtsi2sd xmm, r/m32', S14, mem(rax, LENGTH));
      if (frame.locations[result] !== undefined && to !== S15) emit('movaps xmm, xmm/m128', to, S14);
      else frame.store(result, S14);
      return;
    }
    case 'list.get':
      getItem(each, scope);
      return;
    case 'list.append':
      append(args, result, scope);
      return;
    case 'list.set':
      setItem(each, scope);
      return;
    case 'record.get':
      load(baseOf(args[0]!, frame), 8 * each.field, result, frame);
      return;
    case 'record.with':
      changeRecord(each, scope);
  }
}

/** `range` makes no longer lists than this (lang/ilo/builtins/lists.ts). */
const MOST_IN_RANGE = 1_000_000;
/** What `range` charges besides its items. */
const RANGE_BYTES = 64;

function makeRange(each: Extract<HeapInstruction, { op: 'list.range' }>, scope: HeapScope): void {
  const { frame, leave, stubs } = scope;
  const { buffer, emit } = frame;
  const [from, to] = each.args as [VirtualRegister, VirtualRegister];
  if (each.metered) {
    countRange(from, to, scope);
    emit('lea r64, m', rdx, memIndexed(rcx, rcx, 1));
    emit('shl r/m64, uimm8', rdx, uimm8(2));
    emit('add r/m64, imm32', rdx, imm32(RANGE_BYTES));
    emit('sub r/m64, r64', mem(r15, AT.bytes), rdx);
    emit('sub r/m64, r64', r14, rcx);
    scope.lookIfSpent(each.site);
    emit('cmp r/m64, imm8', mem(r15, AT.bytes), imm8(0));
    scope.lookIfSpent(each.site);
  }
  countRange(from, to, scope);
  emit('lea r64, m', rax, memIndexed(rcx, rcx, 1));
  emit('shl r/m64, uimm8', rax, uimm8(2));
  emit('add r/m64, imm32', rax, imm32(8));
  emit('call rel', stubs.allocate);
  emit('test r/m64, r64', rax, rax);
  emit('j{cc} rel', cc.e, leave);
  emit('mov r/m32, r32', mem(rax, 0), rcx);
  emit('mov r/m32, r32', mem(rax, 4), rcx);
  emit('add r/m64, imm32', rax, imm32(8));
  frame.loadF(S14, from);
  const [next, done] = [buffer.label(), buffer.label()];
  buffer.bind(next);
  emit('sub r/m64, imm32', rcx, imm32(1));
  emit('j{cc} rel', cc.s, done);
  emit('xorps xmm, xmm/m128', S15, S15);
  emit('cvtsi2sd xmm, r/m64', S15, rcx);
  emit('addsd xmm, xmm/m64', S15, S14);
  emit('movsd m64, xmm', memIndexed(rax, rcx, 8), S15);
  emit('jmp rel', next);
  buffer.bind(done);
  frame.storeI(each.result, rax);
}

/** rcx = how many numbers there are from one bound to before the other; leaves when they are not whole, or too many. */
function countRange(from: VirtualRegister, to: VirtualRegister, { frame, leave }: HeapScope): void {
  const { emit } = frame;
  for (const [register, bound] of [
    [rax, from],
    [rcx, to],
  ] as const) {
    emit('cvttsd2si r64, xmm/m64', register, frame.operandF(bound));
    emit('xorps xmm, xmm/m128', S14, S14);
    emit('cvtsi2sd xmm, r/m64', S14, register);
    emit('ucomisd xmm, xmm/m64', S14, frame.operandF(bound));
    emit('j{cc} rel', cc.ne, leave);
    emit('j{cc} rel', cc.p, leave);
  }
  // What does not fit 64 bits is far from what may be in a range.
  emit('xor r/m32, r32', rdx, rdx);
  emit('sub r/m64, r64', rcx, rax);
  emit('j{cc} rel', cc.o, leave);
  emit('cmov{cc} r64, r/m64', cc.s, rcx, rdx);
  emit('cmp r/m64, imm32', rcx, imm32(MOST_IN_RANGE));
  emit('j{cc} rel', cc.a, leave);
}

/** rax = memory for so many bytes. */
function allocate(bytes: number, { frame: { emit }, stubs, leave }: HeapScope): void {
  emit('mov r32, uimm32', rax, uimm32(bytes));
  emit('call rel', stubs.allocate);
  emit('test r/m64, r64', rax, rax);
  emit('j{cc} rel', cc.e, leave);
}

/** Stores a value behind rax. */
function storeField(displacement: number, value: VirtualRegister, frame: Frame): void {
  if (frame.fn.classes[value] === 'f') {
    frame.emit('movsd m64, xmm', mem(rax, displacement), frame.inXmm(value, S15));
  } else {
    frame.emit('mov r/m64, r64', mem(rax, displacement), frame.inGpr(value, rdx));
  }
}

function load(base: Gpr, displacement: number, result: VirtualRegister, frame: Frame): void {
  const location = frame.locations[result];
  if (location === undefined) return;
  if (frame.fn.classes[result] === 'f') {
    const to = frame.target(result);
    frame.emit('movsd xmm, xmm/m64', to, mem(base, displacement));
    frame.store(result, to);
  } else {
    const to = location.kind === 'register' ? gpr(location.index) : rdx;
    frame.emit('mov r64, r/m64', to, mem(base, displacement));
    frame.storeI(result, to);
  }
}

/** The register that an operand is in; it is loaded into rax when it is in none. */
function baseOf(list: VirtualRegister, frame: Frame): Gpr {
  const location = frame.locations[list];
  if (location?.kind === 'register') return gpr(location.index);
  frame.loadI(rax, list);
  return rax;
}

/** rcx = the index. What has a fraction, or does not fit 32 bits, is no index of any list; where that is not known, it is looked at here. */
function loadIndex(index: VirtualRegister, whole: boolean, { frame, leave }: HeapScope): void {
  const { emit } = frame;
  const known = frame.known(index);
  if (known !== undefined && Number.isInteger(known) && known >= 0 && known < 2 ** 31) {
    emit('mov r32, uimm32', rcx, uimm32(known));
    return;
  }
  // What does not fit becomes 2^31, which is no index either.
  emit('cvttsd2si r32, xmm/m64', rcx, frame.operandF(index));
  if (whole) return;
  emit('xorps xmm, xmm/m128', S14, S14);
  emit('cvtsi2sd xmm, r/m32', S14, rcx);
  emit('ucomisd xmm, xmm/m64', S14, frame.operandF(index));
  emit('j{cc} rel', cc.ne, leave);
  emit('j{cc} rel', cc.p, leave);
}

/** Constant indices below this are a part of the instruction. */
const MOST_IN_PLACE = 2 ** 24;

/** The item at an index. One that counts from the end takes a way of its own: it is seldom. */
function getItem(each: Extract<HeapInstruction, { op: 'list.get' }>, scope: HeapScope): void {
  const { frame, leave } = scope;
  const { buffer, emit } = frame;
  const [list, index] = each.args as [VirtualRegister, VirtualRegister];
  const base = baseOf(list, frame);
  if (frame.fn.classes[index] === 'i') {
    getWhole(each, base, index, scope);
    return;
  }
  const at = frame.known(index);
  if (at !== undefined && Number.isInteger(at) && at >= 0 && at < MOST_IN_PLACE) {
    if (!each.known) {
      emit('cmp r/m32, imm32', mem(base, LENGTH), imm32(at));
      emit('j{cc} rel', cc.be, leave);
    }
    load(base, 8 * at, each.result, frame);
    return;
  }
  if (frame.indexInRcx !== index) loadIndex(index, each.whole || each.known, scope);
  frame.indexInRcx = index;
  const [done, outside] = [buffer.label(), buffer.label()];
  if (!each.known) {
    emit('cmp r32, r/m32', rcx, mem(base, LENGTH));
    emit('j{cc} rel', cc.ae, outside);
    scope.later(() => {
      buffer.bind(outside);
      emit('add r32, r/m32', rcx, mem(base, LENGTH));
      emit('cmp r32, r/m32', rcx, mem(base, LENGTH));
      emit('j{cc} rel', cc.ae, leave);
      loadItem(each.result, base, rcx, frame);
      // Whoever comes next may count on the index.
      loadIndex(index, true, scope);
      emit('jmp rel', done);
    });
  }
  loadItem(each.result, base, rcx, frame);
  buffer.bind(done);
}

/** The same where the index is a whole number. */
function getWhole(
  each: Extract<HeapInstruction, { op: 'list.get' }>,
  base: Gpr,
  index: VirtualRegister,
  scope: HeapScope,
): void {
  const { frame, leave } = scope;
  const { buffer, emit } = frame;
  const at = frame.inGpr(index, rcx);
  const [done, outside] = [buffer.label(), buffer.label()];
  frame.indexInRcx = undefined;
  if (!each.known) {
    compareWithLength(at, base, each.short, frame);
    emit('j{cc} rel', cc.ae, outside);
    scope.later(() => {
      buffer.bind(outside);
      emit('mov r32, r/m32', rdx, mem(base, LENGTH));
      if (at !== rcx) emit('mov r64, r/m64', rcx, at);
      emit('add r/m64, r64', rcx, rdx);
      emit('cmp r/m64, r64', rcx, rdx);
      emit('j{cc} rel', cc.ae, leave);
      loadItem(each.result, base, rcx, frame);
      emit('jmp rel', done);
    });
  }
  loadItem(each.result, base, at, frame);
  buffer.bind(done);
}

/** Below says that the index is one of the list, counted from its beginning. */
function compareWithLength(at: Gpr, base: Gpr, short: boolean, { emit }: Frame): void {
  if (short) {
    emit('cmp r32, r/m32', at, mem(base, LENGTH));
  } else {
    emit('mov r32, r/m32', rdx, mem(base, LENGTH));
    emit('cmp r/m64, r64', at, rdx);
  }
}

function loadItem(result: VirtualRegister, base: Gpr, index: Gpr, frame: Frame): void {
  if (frame.locations[result] === undefined) return;
  if (frame.fn.classes[result] === 'f') {
    const to = frame.target(result);
    frame.emit('movsd xmm, xmm/m64', to, memIndexed(base, index, 8));
    frame.store(result, to);
  } else {
    const location = frame.locations[result];
    const to = location.kind === 'register' ? gpr(location.index) : rdx;
    frame.emit('mov r64, r/m64', to, memIndexed(base, index, 8));
    frame.storeI(result, to);
  }
}

/** Stores a value at an index of a list. */
function storeItem(base: Gpr, index: Gpr, value: VirtualRegister, frame: Frame): void {
  if (frame.fn.classes[value] === 'f') {
    frame.emit('movsd m64, xmm', memIndexed(base, index, 8), frame.inXmm(value, S15));
  } else {
    frame.emit('mov r/m64, r64', memIndexed(base, index, 8), frame.inGpr(value, rdx));
  }
}

/** Where an operation that changes a list works: in the list's own register when the result has the same one, else in rax. */
function workIn(list: VirtualRegister, result: VirtualRegister, frame: Frame): Gpr {
  const [from, to] = [frame.locations[list], frame.locations[result]];
  if (from?.kind === 'register' && to?.kind === 'register' && from.index === to.index) return gpr(from.index);
  frame.loadI(rax, list);
  return rax;
}

/** Goes to `copy` unless the truth value says that nobody else has what is to be changed. */
function unlessOwned(owned: VirtualRegister, copy: Label, frame: Frame): void {
  const { emit } = frame;
  const known = frame.known(owned);
  if (known === 1) return;
  if (known === 0) {
    emit('jmp rel', copy);
    return;
  }
  const operand = frame.operandI(owned);
  if (typeof operand === 'number') emit('test r/m32, r32', operand, operand);
  else emit('cmp r/m32, imm8', operand, imm8(0));
  emit('j{cc} rel', cc.e, copy);
}

function append(args: readonly VirtualRegister[], result: VirtualRegister, scope: HeapScope): void {
  const { frame } = scope;
  const { buffer, emit } = frame;
  const [list, item, owned] = args as [VirtualRegister, VirtualRegister, VirtualRegister];
  const [copy, fine] = [buffer.label(), buffer.label()];
  const base = workIn(list, result, frame);
  unlessOwned(owned, copy, frame);
  emit('mov r32, r/m32', rcx, mem(base, LENGTH));
  emit('cmp r32, r/m32', rcx, mem(base, ROOM));
  emit('j{cc} rel', cc.ae, copy);
  buffer.bind(fine);
  storeItem(base, rcx, item, frame);
  emit('inc r/m32', rcx);
  emit('mov r/m32, r32', mem(base, LENGTH), rcx);
  frame.storeI(result, base);
  copyLater(copy, fine, base, scope, () => emit('mov r32, r/m32', rcx, mem(base, LENGTH)));
}

function setItem(each: Extract<HeapInstruction, { op: 'list.set' }>, scope: HeapScope): void {
  const { frame, leave } = scope;
  const { buffer, emit } = frame;
  const [list, index, item, owned] = each.args as [VirtualRegister, VirtualRegister, VirtualRegister, VirtualRegister];
  const [copy, fine] = [buffer.label(), buffer.label()];
  const base = workIn(list, each.result, frame);
  const isWhole = frame.fn.classes[index] === 'i';
  const at = isWhole ? frame.inGpr(index, rcx) : rcx;
  if (!isWhole) loadIndex(index, each.whole, scope);
  if (!each.known) {
    compareWithLength(at, base, each.short || !isWhole, frame);
    emit('j{cc} rel', cc.ae, leave);
  }
  unlessOwned(owned, copy, frame);
  buffer.bind(fine);
  storeItem(base, at, item, frame);
  frame.storeI(each.result, base);
  copyLater(copy, fine, base, scope, () => {});
}

/** Out of line: makes `base` a copy of the list in it, which nobody else has, and goes on. */
function copyLater(
  copy: Label,
  fine: Label,
  base: Gpr,
  { frame, stubs, leave, later }: HeapScope,
  then: () => void,
): void {
  const { buffer, emit } = frame;
  later(() => {
    buffer.bind(copy);
    if (base !== rax) emit('mov r64, r/m64', rax, base);
    emit('call rel', stubs.copy);
    emit('test r/m64, r64', rax, rax);
    emit('j{cc} rel', cc.e, leave);
    if (base !== rax) emit('mov r64, r/m64', base, rax);
    then();
    emit('jmp rel', fine);
  });
}

function changeRecord(each: Extract<HeapInstruction, { op: 'record.with' }>, scope: HeapScope): void {
  const { frame } = scope;
  const { buffer, emit } = frame;
  const [record, owned, ...values] = each.args as [VirtualRegister, VirtualRegister, ...VirtualRegister[]];
  const [copy, fine] = [buffer.label(), buffer.label()];
  const change = (): void => {
    each.fields.forEach((field, i) => {
      storeField(8 * field, values[i]!, frame);
    });
    frame.storeI(each.result, rax);
  };
  const makeCopy = (): void => {
    emit('mov r64, r/m64', rcx, rax);
    allocate(8 * Math.max(1, each.size), scope);
    for (let field = 0; field < each.size; field++) {
      if (each.fields.includes(field)) continue;
      emit('mov r64, r/m64', rdx, mem(rcx, 8 * field));
      emit('mov r/m64, r64', mem(rax, 8 * field), rdx);
    }
  };
  frame.loadI(rax, record);
  if (frame.known(owned) === 0) {
    // Somebody else may always have it: the copy is no exception, so it stands here.
    makeCopy();
    change();
    return;
  }
  unlessOwned(owned, copy, frame);
  buffer.bind(fine);
  change();
  scope.later(() => {
    buffer.bind(copy);
    makeCopy();
    emit('jmp rel', fine);
  });
}
