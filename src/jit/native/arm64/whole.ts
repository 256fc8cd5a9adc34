// Arithmetic on whole numbers in general registers, on ARM64. What x64/whole.ts says about them holds here.
import type { Label } from '../buffer.ts';
import type { Checked, FloatCondition, LirInstruction, VirtualRegister } from '../lir.ts';
import { LIMIT, MOST } from '../whole/range.ts';
import { bitmask64, type Condition, cond, type Gpr, imm12, uimm6, zr } from './operands.ts';
import { D30, D31, loadInteger, type Places, X9, X10, X11, X17 } from './places.ts';

type WholeInstruction = Extract<LirInstruction, { op: `whole.${string}` }>;

interface WholeScope {
  readonly places: Places;
  /** Where to go when the call has to be made elsewhere. */
  readonly leave: Label;
}

export const WHOLE_CONDITIONS: Readonly<Record<FloatCondition, Condition>> = {
  lt: cond.lt,
  le: cond.le,
  gt: cond.gt,
  ge: cond.ge,
  eq: cond.eq,
  ne: cond.ne,
};

const isImm12 = (value: number | undefined): value is number => value !== undefined && value >= 0 && value < 4096;

/** Sets the flags. */
export function compareWholes(a: VirtualRegister, b: VirtualRegister, places: Places): void {
  const known = places.known(b);
  const first = places.inGpr(a, X9);
  if (isImm12(known)) places.emit('cmp Xn|SP, #imm12', first, imm12(known));
  else places.emit('cmp Xn, Xm', first, places.inGpr(b, X10));
}

export function emitWhole(each: WholeInstruction, scope: WholeScope): void {
  const { places, leave } = scope;
  const { emit } = places;
  const { args, result } = each;
  const [a, b] = args as [VirtualRegister, VirtualRegister];
  const to = places.targetI(result);
  switch (each.op) {
    case 'whole.add':
    case 'whole.sub':
      addOrSubtract(each, to, scope);
      return;
    case 'whole.mul':
      multiply(each, a, b, scope);
      return;
    case 'whole.remainder':
      remainder(each.divisor, to, places.inGpr(a, X9), places);
      places.storeI(result, to);
      return;
    case 'whole.modulo': {
      const [dividend, divisor] = [places.inGpr(a, X9), places.inGpr(b, X10)];
      emit('udiv Xd, Xn, Xm', X11, dividend, divisor);
      emit('msub Xd, Xn, Xm, Xa', to, X11, divisor, dividend);
      places.storeI(result, to);
      return;
    }
    case 'whole.divide':
      emit('asr Xd, Xn, #uimm6', to, places.inGpr(a, X9), uimm6(each.shift));
      places.storeI(result, to);
      return;
    case 'whole.value':
      emit('scvtf Dd, Xn', places.target(result), places.inGpr(a, X9));
      places.store(result, places.target(result));
      return;
    case 'whole.of': {
      // The way there and back gives the same bits only where nothing is lost.
      const value = places.inVec(a, D30);
      emit('fcvtzs Xd, Dn', X9, value);
      emit('scvtf Dd, Xn', D31, X9);
      emit('fmov Xd, Dn', X10, value);
      emit('fmov Xd, Dn', X11, D31);
      emit('cmp Xn, Xm', X10, X11);
      emit('b.{cc} label', cond.ne, leave);
      check(X9, 'beyond', scope);
      places.storeI(result, X9);
      return;
    }
    case 'whole.bound': {
      // What lies between -1 and 0 would become -0.
      const fine = places.buffer.label();
      const value = places.inVec(a, D30);
      emit('fcvtzs Xd, Dn', X9, value);
      check(X9, 'beyond', scope);
      emit('cbnz Xt, label', X9, fine);
      emit('fmov Xd, Dn', X10, value);
      emit('cmp Xn|SP, #imm12', X10, imm12(0));
      emit('b.{cc} label', cond.mi, leave);
      places.buffer.bind(fine);
      places.storeI(result, X9);
      return;
    }
    case 'whole.limit':
      limit(each, a, places);
      emit('fcvtzs Xd, Dn', to, D31);
      places.storeI(result, to);
  }
}

/** Of NaN and a number these give the number: the first of them decides what NaN becomes. */
function limit(each: Extract<WholeInstruction, { op: 'whole.limit' }>, a: VirtualRegister, places: Places): void {
  const { buffer, emit } = places;
  emit(each.rounding === 'floor' ? 'frintm Dd, Dn' : 'frintp Dd, Dn', D31, places.inVec(a, D30));
  for (const extreme of each.missing === 'low' ? (['max', 'min'] as const) : (['min', 'max'] as const)) {
    emit('ldr Dt, label', D30, buffer.double(extreme === 'max' ? -LIMIT : LIMIT));
    emit(`f${extreme}nm Dd, Dn, Dm`, D31, D31, D30);
  }
}

/** Leaves when the number in a register is further from zero than it may be. Changes x17. */
function check(value: Gpr, checked: Checked, { places: { emit }, leave }: WholeScope): void {
  if (checked === 'no') return;
  if (checked === 'above') {
    emit('lsr Xd, Xn, #uimm6', X17, value, uimm6(52));
    emit('cbnz Xt, label', X17, leave);
    return;
  }
  loadInteger(emit, X17, MOST);
  emit('add Xd, Xn, Xm', X17, X17, value);
  emit('lsr Xd, Xn, #uimm6', X17, X17, uimm6(53));
  emit('cbnz Xt, label', X17, leave);
}

function addOrSubtract(
  each: Extract<WholeInstruction, { op: 'whole.add' | 'whole.sub' }>,
  to: Gpr,
  scope: WholeScope,
): void {
  const { places } = scope;
  const isSum = each.op === 'whole.add';
  const isLeftConstant = isSum && places.known(each.args[0]!) !== undefined;
  const [a, b] = (isLeftConstant ? [each.args[1], each.args[0]] : each.args) as [VirtualRegister, VirtualRegister];
  const known = places.known(b);
  const first = places.inGpr(a, X9);
  const other = known === undefined ? undefined : -known;
  if (isImm12(known)) {
    places.emit(isSum ? 'add Xd|SP, Xn|SP, #imm12' : 'sub Xd|SP, Xn|SP, #imm12', to, first, imm12(known));
  } else if (isImm12(other)) {
    places.emit(isSum ? 'sub Xd|SP, Xn|SP, #imm12' : 'add Xd|SP, Xn|SP, #imm12', to, first, imm12(other));
  } else {
    places.emit(isSum ? 'add Xd, Xn, Xm' : 'sub Xd, Xn, Xm', to, first, places.inGpr(b, X10));
  }
  check(to, each.checked, scope);
  places.storeI(each.result, to);
}

function multiply(
  each: Extract<WholeInstruction, { op: 'whole.mul' }>,
  a: VirtualRegister,
  b: VirtualRegister,
  scope: WholeScope,
): void {
  const { places, leave } = scope;
  const { emit } = places;
  const [x, y] = [places.inGpr(a, X9), places.inGpr(b, X10)];
  if (each.checked !== 'no') {
    // The upper half repeats the sign unless the product needs more than 64 bits.
    emit('smulh Xd, Xn, Xm', X11, x, y);
    emit('mul Xd, Xn, Xm', X17, x, y);
    emit('asr Xd, Xn, #uimm6', X17, X17, uimm6(63));
    emit('cmp Xn, Xm', X11, X17);
    emit('b.{cc} label', cond.ne, leave);
  }
  emit('mul Xd, Xn, Xm', X11, x, y);
  check(X11, each.checked, scope);
  if (each.zero) {
    const fine = places.buffer.label();
    emit('cbnz Xt, label', X11, fine);
    emit('orr Xd, Xn, Xm', X17, x, y);
    emit('cmp Xn|SP, #imm12', X17, imm12(0));
    emit('b.{cc} label', cond.mi, leave);
    places.buffer.bind(fine);
  }
  places.storeI(each.result, X11);
}

/** The dividend is not negative. */
function remainder(divisor: number, to: Gpr, dividend: Gpr, { emit }: Places): void {
  if (divisor === 1) {
    emit('mov Xd, Xm', to, zr);
  } else if ((divisor & (divisor - 1)) === 0) {
    emit('and Xd|SP, Xn, #bitmask64', to, dividend, bitmask64(BigInt(divisor - 1))!);
  } else {
    loadInteger(emit, X10, divisor);
    emit('udiv Xd, Xn, Xm', X11, dividend, X10);
    emit('msub Xd, Xn, Xm, Xa', to, X11, X10, dividend);
  }
}
