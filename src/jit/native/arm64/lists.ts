// Lists and records in the heap, on ARM64. What x64/lists.ts says about them holds here.
import type { CodeBuffer, Label } from '../buffer.ts';
import type { LirInstruction, VirtualRegister } from '../lir.ts';
import { AT } from '../memory.ts';
import type { Arm64Assembler } from './assembler.ts';
import type { Scope } from './numbers.ts';
import {
  cond,
  type Gpr,
  gpr,
  imm12,
  lsl64,
  offset4,
  offset8,
  pair4,
  shift3,
  simm9,
  sp,
  uimm6,
  zr,
} from './operands.ts';
import { D30, D31, FUEL, loadInteger, MEMORY, type Places, X9, X10, X11, X17 } from './places.ts';

export interface ListStubs {
  /**
   * x9 = a copy of the list in x9, with room for as many items and half as many more, at least 8; 0 when the heap is full.
   * Keeps x10 and the allocator's registers.
   */
  readonly copy: Label;
}

/** What an instruction on the heap needs besides. */
export interface HeapScope extends Scope {
  readonly stubs: ListStubs;
  /** Takes an amount from the memory that is left; changes x9. The flags say whether there is any. */
  readonly spendBytes: (amount: Gpr) => void;
  /** Has JavaScript look when the flags say that something is below zero; keeps the allocator's registers only. */
  readonly lookIfSpent: (site: number) => void;
  readonly lookAtBytes: (site: number) => void;
  /** Where to go when the call has to be made elsewhere. */
  readonly leave: Label;
}

type HeapInstruction = Extract<LirInstruction, { op: `list.${string}` | `record.${string}` }>;
type Only<Op extends HeapInstruction['op']> = Extract<HeapInstruction, { op: Op }>;

/** Where length and room stand, from the first item. */
const LENGTH = simm9(-8);
const HEAD = pair4(-8);

export function emitHeap(each: HeapInstruction, scope: HeapScope): void {
  const { places } = scope;
  const { emit } = places;
  const { args, result } = each;
  switch (each.op) {
    case 'list.new':
      allocate(8 + 8 * each.room, scope);
      loadInteger(emit, X10, args.length);
      loadInteger(emit, X11, each.room);
      emit('stp Wt1, Wt2, [Xn|SP, #pair4]', X10, X11, X9, pair4(0));
      emit('add Xd|SP, Xn|SP, #imm12', X9, X9, imm12(8));
      args.forEach((arg, i) => {
        storeField(8 * i, arg, places);
      });
      places.storeI(result, X9);
      return;
    case 'record.new':
      allocate(8 * Math.max(1, args.length), scope);
      args.forEach((arg, i) => {
        storeField(8 * i, arg, places);
      });
      places.storeI(result, X9);
      return;
    case 'list.range':
      makeRange(each, scope);
      return;
    case 'list.length':
      if (places.fn.classes[result] === 'i') {
        emit('ldur Wt, [Xn|SP, #simm9]', places.targetI(result), places.inGpr(args[0]!, X9), LENGTH);
        places.storeI(result, places.targetI(result));
        return;
      }
      emit('ldur Wt, [Xn|SP, #simm9]', X10, places.inGpr(args[0]!, X9), LENGTH);
      emit('scvtf Dd, Wn', places.target(result), X10);
      places.store(result, places.target(result));
      return;
    case 'list.get':
      getItem(each, scope);
      return;
    case 'list.append':
      append(each, scope);
      return;
    case 'list.set':
      setItem(each, scope);
      return;
    case 'record.get': {
      const record = places.inGpr(args[0]!, X9);
      if (places.fn.classes[result] === 'f') {
        emit('ldr Dt, [Xn|SP, #offset8]', places.target(result), record, offset8(8 * each.field));
        places.store(result, places.target(result));
      } else {
        emit('ldr Xt, [Xn|SP, #offset8]', places.targetI(result), record, offset8(8 * each.field));
        places.storeI(result, places.targetI(result));
      }
      return;
    }
    case 'record.with':
      changeRecord(each, scope);
  }
}

/** `range` makes no longer lists than this (lang/ilo/builtins/lists.ts). */
const MOST_IN_RANGE = 1_000_000;
/** What `range` charges besides its items. */
const RANGE_BYTES = 64;

function makeRange(each: Only<'list.range'>, scope: HeapScope): void {
  const { places } = scope;
  const { buffer, emit } = places;
  const [from, to] = each.args as [VirtualRegister, VirtualRegister];
  if (each.metered) {
    countRange(from, to, scope);
    emit('lsl Xd, Xn, #lsl64', X11, X10, lsl64(3));
    emit('add Xd|SP, Xn|SP, #imm12', X11, X11, imm12(RANGE_BYTES));
    scope.spendBytes(X11);
    emit('subs Xd, Xn, Xm', FUEL, FUEL, X10);
    scope.lookIfSpent(each.site);
    scope.lookAtBytes(each.site);
  }
  countRange(from, to, scope);
  emit('ldr Xt, [Xn|SP, #offset8]', X9, MEMORY, offset8(AT.heapNext));
  emit('add Xd, Xn, Xm, lsl #uimm6', X11, X9, X10, uimm6(3));
  emit('add Xd|SP, Xn|SP, #imm12', X11, X11, imm12(8));
  claim(emit, X11, X17, scope.leave);
  emit('stp Wt1, Wt2, [Xn|SP, #pair4]', X10, X10, X9, pair4(0));
  emit('add Xd|SP, Xn|SP, #imm12', X9, X9, imm12(8));
  places.loadF(D30, from);
  const [next, done] = [buffer.label(), buffer.label()];
  buffer.bind(next);
  emit('subs Xd, Xn|SP, #imm12', X10, X10, imm12(1));
  emit('b.{cc} label', cond.mi, done);
  emit('scvtf Dd, Xn', D31, X10);
  emit('fadd Dd, Dn, Dm', D31, D31, D30);
  emit('str Dt, [Xn|SP, Xm, lsl #3]', D31, X9, X10);
  emit('b label', next);
  buffer.bind(done);
  places.storeI(each.result, X9);
}

/** x10 = how many numbers there are from one bound to before the other; leaves when they are not whole, or too many. */
function countRange(from: VirtualRegister, to: VirtualRegister, { places, leave }: HeapScope): void {
  const { emit } = places;
  for (const [register, bound] of [
    [X9, from],
    [X10, to],
  ] as const) {
    const value = places.inVec(bound, D30);
    emit('fcvtzs Xd, Dn', register, value);
    emit('scvtf Dd, Xn', D31, register);
    emit('fcmp Dn, Dm', D31, value);
    emit('b.{cc} label', cond.ne, leave);
    // The largest integer stands for all doubles beyond it, too.
    emit('cmn Xn|SP, #imm12', register, imm12(1));
    emit('b.{cc} label', cond.vs, leave);
  }
  emit('subs Xd, Xn, Xm', X10, X10, X9);
  emit('b.{cc} label', cond.vs, leave);
  emit('csel Xd, Xn, Xm, cc', X10, zr, X10, cond.mi);
  loadInteger(emit, X11, MOST_IN_RANGE);
  emit('cmp Xn, Xm', X10, X11);
  emit('b.{cc} label', cond.hi, leave);
}

/** x9 = memory for so many bytes, a multiple of 8. Changes x10 and x11. */
function allocate(bytes: number, { places: { emit }, leave }: HeapScope): void {
  emit('ldr Xt, [Xn|SP, #offset8]', X9, MEMORY, offset8(AT.heapNext));
  if (bytes < 4096) {
    emit('add Xd|SP, Xn|SP, #imm12', X10, X9, imm12(bytes));
  } else {
    loadInteger(emit, X10, bytes);
    emit('add Xd, Xn, Xm', X10, X9, X10);
  }
  claim(emit, X10, X11, leave);
}

/** Says that the heap is taken up to an address; leaves when it ends before. */
function claim(emit: Arm64Assembler['emit'], end: Gpr, scratch: Gpr, full: Label): void {
  emit('ldr Xt, [Xn|SP, #offset8]', scratch, MEMORY, offset8(AT.heapEnd));
  emit('cmp Xn, Xm', end, scratch);
  emit('b.{cc} label', cond.hi, full);
  emit('str Xt, [Xn|SP, #offset8]', end, MEMORY, offset8(AT.heapNext));
}

/** Stores a value behind x9. */
function storeField(displacement: number, value: VirtualRegister, places: Places): void {
  const { emit } = places;
  const isDouble = places.fn.classes[value] === 'f';
  const [double, integer] = isDouble ? [places.inVec(value, D31), X11] : [D31, places.inGpr(value, X11)];
  let base = X9;
  if (displacement >= 8 * 4096) {
    loadInteger(emit, X17, displacement & ~0xfff);
    emit('add Xd, Xn, Xm', X17, X17, X9);
    base = X17;
  }
  const offset = offset8(base === X9 ? displacement : displacement & 0xfff);
  if (isDouble) emit('str Dt, [Xn|SP, #offset8]', double, base, offset);
  else emit('str Xt, [Xn|SP, #offset8]', integer, base, offset);
}

/** x10 = the index, when it is one of the list; leaves otherwise. An index from the end is counted on a way of its own: it is seldom. */
function checkIndex(list: Gpr, index: VirtualRegister, whole: boolean, fromEnd: boolean, scope: HeapScope): void {
  const { places, leave, later } = scope;
  const { buffer, emit } = places;
  emit('ldur Wt, [Xn|SP, #simm9]', X11, list, LENGTH);
  const known = places.known(index);
  if (known !== undefined && Number.isInteger(known) && known >= 0 && known < 0x8000_0000) {
    loadInteger(emit, X10, known);
    emit('cmp Xn, Xm', X10, X11);
    emit('b.{cc} label', cond.cs, leave);
    return;
  }
  const isWhole = places.fn.classes[index] === 'i';
  const value = isWhole ? D30 : places.inVec(index, D30);
  if (isWhole) places.loadI(X10, index);
  else emit('fcvtzs Xd, Dn', X10, value);
  if (isWhole) {
    // It is what it is.
  } else if (!whole) {
    emit('scvtf Dd, Xn', D31, X10);
    emit('fcmp Dn, Dm', D31, value);
    emit('b.{cc} label', cond.ne, leave);
  } else {
    // NaN would be converted to 0; what is too large becomes an integer that no list has.
    emit('fcmp Dn, Dm', value, value);
    emit('b.{cc} label', cond.vs, leave);
  }
  emit('cmp Xn, Xm', X10, X11);
  if (!fromEnd) {
    emit('b.{cc} label', cond.cs, leave);
    return;
  }
  const [fine, outside] = [buffer.label(), buffer.label()];
  emit('b.{cc} label', cond.cs, outside);
  buffer.bind(fine);
  later(() => {
    buffer.bind(outside);
    emit('add Xd, Xn, Xm', X10, X10, X11);
    emit('cmp Xn, Xm', X10, X11);
    emit('b.{cc} label', cond.cs, leave);
    emit('b label', fine);
  });
}

/** x10 = an index that is known to be in range. */
function loadIndex(index: VirtualRegister, places: Places): void {
  if (places.fn.classes[index] === 'i') places.loadI(X10, index);
  else places.emit('fcvtzs Xd, Dn', X10, places.inVec(index, D30));
}

function getItem(each: Only<'list.get'>, scope: HeapScope): void {
  const { places } = scope;
  const { emit } = places;
  const { result } = each;
  const [list, index] = each.args as [VirtualRegister, VirtualRegister];
  const from = places.inGpr(list, X9);
  if (each.known) loadIndex(index, places);
  else checkIndex(from, index, each.whole, true, scope);
  if (places.fn.classes[result] === 'f') {
    emit('ldr Dt, [Xn|SP, Xm, lsl #3]', places.target(result), from, X10);
    places.store(result, places.target(result));
  } else {
    emit('ldr Xt, [Xn|SP, Xm, lsl #3]', places.targetI(result), from, X10);
    places.storeI(result, places.targetI(result));
  }
}

/** Stores a value at index x10 of the list in x9. */
function storeItem(value: VirtualRegister, places: Places): void {
  if (places.fn.classes[value] === 'f') {
    places.emit('str Dt, [Xn|SP, Xm, lsl #3]', places.inVec(value, D31), X9, X10);
  } else {
    places.emit('str Xt, [Xn|SP, Xm, lsl #3]', places.inGpr(value, X11), X9, X10);
  }
}

/** Goes to `copy` unless the truth value says that nobody else has what is to be changed. */
function unlessOwned(owned: VirtualRegister, copy: Label, places: Places): void {
  const known = places.known(owned);
  if (known === 1) return;
  if (known === 0) places.emit('b label', copy);
  else places.emit('cbz Wt, label', places.inGpr(owned, X11), copy);
}

/** Copies the list in x9, out of line, and goes on. */
function copyLater(copy: Label, goOn: Label, { places, callSubroutine, later, leave, stubs }: HeapScope): void {
  later(() => {
    places.buffer.bind(copy);
    callSubroutine(stubs.copy);
    places.emit('cbz Xt, label', X9, leave);
    places.emit('b label', goOn);
  });
}

function append(each: Only<'list.append'>, scope: HeapScope): void {
  const { places } = scope;
  const { buffer, emit } = places;
  const [list, item, owned] = each.args as [VirtualRegister, VirtualRegister, VirtualRegister];
  const [copy, fine] = [buffer.label(), buffer.label()];
  places.loadI(X9, list);
  unlessOwned(owned, copy, places);
  emit('ldp Wt1, Wt2, [Xn|SP, #pair4]', X10, X11, X9, HEAD);
  emit('cmp Wn, Wm', X10, X11);
  emit('b.{cc} label', cond.cs, copy);
  buffer.bind(fine);
  emit('ldur Wt, [Xn|SP, #simm9]', X10, X9, LENGTH);
  storeItem(item, places);
  emit('add Wd|SP, Wn|SP, #imm12', X10, X10, imm12(1));
  emit('stur Wt, [Xn|SP, #simm9]', X10, X9, LENGTH);
  places.storeI(each.result, X9);
  copyLater(copy, fine, scope);
}

function setItem(each: Only<'list.set'>, scope: HeapScope): void {
  const { places } = scope;
  const { buffer } = places;
  const [list, index, item, owned] = each.args as [VirtualRegister, VirtualRegister, VirtualRegister, VirtualRegister];
  const [copy, fine] = [buffer.label(), buffer.label()];
  places.loadI(X9, list);
  if (each.known) loadIndex(index, places);
  else checkIndex(X9, index, each.whole, false, scope);
  unlessOwned(owned, copy, places);
  buffer.bind(fine);
  storeItem(item, places);
  places.storeI(each.result, X9);
  copyLater(copy, fine, scope);
}

function changeRecord(each: Only<'record.with'>, scope: HeapScope): void {
  const { places } = scope;
  const { buffer, emit } = places;
  const [record, owned, ...values] = each.args as [VirtualRegister, VirtualRegister, ...VirtualRegister[]];
  const [copy, fine] = [buffer.label(), buffer.label()];
  const change = (): void => {
    each.fields.forEach((field, i) => {
      storeField(8 * field, values[i]!, places);
    });
    places.storeI(each.result, X9);
  };
  const makeCopy = (): void => {
    emit('mov Xd, Xm', X17, X9);
    allocate(8 * Math.max(1, each.size), scope);
    for (let field = 0; field < each.size; field++) {
      if (each.fields.includes(field)) continue;
      emit('ldr Xt, [Xn|SP, #offset8]', X10, X17, offset8(8 * field));
      emit('str Xt, [Xn|SP, #offset8]', X10, X9, offset8(8 * field));
    }
  };
  places.loadI(X9, record);
  if (places.known(owned) === 0) {
    makeCopy();
    change();
    return;
  }
  unlessOwned(owned, copy, places);
  buffer.bind(fine);
  change();
  scope.later(() => {
    buffer.bind(copy);
    makeCopy();
    emit('b label', fine);
  });
}

export function emitCopy({ buffer, emit }: { buffer: CodeBuffer; emit: Arm64Assembler['emit'] }, copy: Label): void {
  const [full, loop, done] = [buffer.label(), buffer.label(), buffer.label()];
  const X0 = gpr(0);
  buffer.bind(copy);
  emit('str Xt, [Xn|SP, #simm9]!', X10, sp, simm9(-16));
  emit('mov Xd, Xm', X0, X9);
  emit('ldur Wt, [Xn|SP, #simm9]', X11, X0, LENGTH);
  // Room: length + length / 2 + 8.
  emit('add Xd, Xn, Xm, lsr #uimm6', X17, X11, X11, uimm6(1));
  emit('add Xd|SP, Xn|SP, #imm12', X17, X17, imm12(8));
  emit('ldr Xt, [Xn|SP, #offset8]', X9, MEMORY, offset8(AT.heapNext));
  emit('add Xd|SP, Xn|SP, Wm, uxtw #shift3', X10, X9, X17, shift3(3));
  emit('add Xd|SP, Xn|SP, #imm12', X10, X10, imm12(8));
  emit('str Xt, [Xn|SP, #simm9]!', X11, sp, simm9(-16));
  claim(emit, X10, X11, full);
  emit('ldr Xt, [Xn|SP], #simm9', X11, sp, simm9(16));
  emit('str Wt, [Xn|SP, #offset4]', X11, X9, offset4(0));
  emit('str Wt, [Xn|SP, #offset4]', X17, X9, offset4(4));
  emit('add Xd|SP, Xn|SP, #imm12', X9, X9, imm12(8));
  buffer.bind(loop);
  emit('subs Xd, Xn|SP, #imm12', X11, X11, imm12(1));
  emit('b.{cc} label', cond.mi, done);
  emit('ldr Xt, [Xn|SP, Xm, lsl #3]', X10, X0, X11);
  emit('str Xt, [Xn|SP, Xm, lsl #3]', X10, X9, X11);
  emit('b label', loop);
  buffer.bind(full);
  emit('ldr Xt, [Xn|SP], #simm9', X11, sp, simm9(16));
  emit('mov Xd, Xm', X9, zr);
  buffer.bind(done);
  emit('ldr Xt, [Xn|SP], #simm9', X10, sp, simm9(16));
  emit('ret');
}
