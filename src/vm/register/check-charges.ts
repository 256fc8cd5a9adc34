// Proves of metered code that it cannot run on, nor make values, without being counted: every function charges fuel before anything else,
// so that calls are paid for; every way round a loop passes a charge; and what makes a list, a record, a result or a function stands right behind the
// charge for it. What the numbers in a charge should be is the compiler's business, except that fuel is never nothing and a charge for a
// value is never for fewer items than it has.
//
// A way round that is free of charge is a cycle of the instructions when those that charge lead nowhere. Instructions are taken away as long
// as one is there that nothing leads to; if some are left, there is a cycle. That takes linear time, and functions in which nothing jumps back
// need none of it.
import { OPCODE_OF, REGISTER_OPS, type RegisterOp } from '../../spec/register-ops.ts';
import type { RegisterFunction, RegisterUnit } from './code.ts';

/** Where the target of a jump stands, counted from the instruction; 0 for those that do not jump. All targets are words of their own. */
const TARGET_AT = Uint8Array.from(REGISTER_OPS, ({ operands }) =>
  Number(operands.find(({ role }) => role === 'target')?.place.slice(1) ?? 0),
);
const WIDTHS = Uint8Array.from(REGISTER_OPS, row => row.width);
const ENDS = Uint8Array.from(REGISTER_OPS, row => (row.ends ? 1 : 0));
const FUEL = OPCODE_OF.fuel;

/** What has to stand before an instruction that makes a value. */
const CHARGED: ReadonlyMap<number, RegisterOp> = new Map(
  (
    [
      ['new_ok', 'charge_items'],
      ['new_err', 'charge_items'],
      ['list_new', 'charge_items'],
      ['record_new', 'charge_items'],
      ['fn_new', 'charge_items'],
      ['list_append', 'charge_append'],
      ['list_append_own', 'charge_append'],
      ['list_append_own_if', 'charge_append'],
    ] as const
  ).map(([op, charge]) => [OPCODE_OF[op], charge]),
);

/** Those that make a value of the registers in a list. */
const HAS_LIST: ReadonlySet<number> = new Set([OPCODE_OF.list_new, OPCODE_OF.record_new, OPCODE_OF.fn_new]);

/** What is wrong with the charges of a function whose instructions and operands are right, or undefined. */
export function checkCharges(unit: RegisterUnit, fn: RegisterFunction): string | undefined {
  const { code } = unit;
  const { start, end } = fn;
  if (!chargesFuel(code, start)) return `no fuel is charged at ${start}, where the function begins`;
  const isTarget = new Uint8Array(end - start);
  let jumpsBack = false;
  for (let pc = start; pc < end; pc += widthAt(code, pc)) {
    const target = targetAt(code, pc);
    if (target < 0) continue;
    isTarget[target - start] = 1;
    if (target <= pc) jumpsBack = true;
  }
  const unpaid = checkValues(unit, fn, isTarget);
  if (unpaid !== undefined || !jumpsBack) return unpaid;
  return hasFreeRound(code, start, end) ? 'a loop that charges no fuel' : undefined;
}

/** Looks for an instruction that makes a value and is not charged right before it, on every way to it. */
function checkValues(
  { code, lists }: RegisterUnit,
  { start, end }: RegisterFunction,
  isTarget: Uint8Array,
): string | undefined {
  let charge = -1;
  for (let pc = start; pc < end; pc += widthAt(code, pc)) {
    const opcode = code[pc]! & 255;
    if (isTarget[pc - start] === 1) charge = -1;
    const needed = CHARGED.get(opcode);
    if (needed !== undefined) {
      const isPaid = charge >= 0 && (code[charge]! & 255) === OPCODE_OF[needed];
      const items = HAS_LIST.has(opcode) ? lists[code[pc + 1]!]! : 1;
      if (!isPaid || (needed === 'charge_items' && code[charge + 1]! < items))
        return `a value that is not charged at ${pc}`;
    }
    // Operands beyond those that an instruction can name are copied between the charge and the instruction.
    if (opcode >= FUEL && opcode <= OPCODE_OF.charge_copy) charge = pc;
    else if (opcode !== OPCODE_OF.load_x) charge = -1;
  }
  return undefined;
}

/** Whether instructions that charge nothing form a cycle. */
function hasFreeRound(code: Int32Array, start: number, end: number): boolean {
  /** How many ways lead to each instruction. */
  const ways = new Int32Array(end - start);
  let left = 0;
  for (let pc = start; pc < end; pc += widthAt(code, pc)) {
    left++;
    if (chargesFuel(code, pc)) continue;
    const target = targetAt(code, pc);
    if (target >= 0) ways[target - start]!++;
    if (ENDS[code[pc]! & 255] === 0) ways[pc + widthAt(code, pc) - start]!++;
  }
  const free: number[] = [];
  for (let pc = start; pc < end; pc += widthAt(code, pc)) if (ways[pc - start] === 0) free.push(pc);
  const leave = (pc: number): void => {
    if (--ways[pc - start]! === 0) free.push(pc);
  };
  for (let pc = free.pop(); pc !== undefined; pc = free.pop()) {
    left--;
    if (chargesFuel(code, pc)) continue;
    const target = targetAt(code, pc);
    if (target >= 0) leave(target);
    if (ENDS[code[pc]! & 255] === 0) leave(pc + widthAt(code, pc));
  }
  return left > 0;
}

function widthAt(code: Int32Array, pc: number): number {
  return WIDTHS[code[pc]! & 255]!;
}

/** Where an instruction may jump to; -1 when it does not jump. */
function targetAt(code: Int32Array, pc: number): number {
  const at = TARGET_AT[code[pc]! & 255]!;
  return at === 0 ? -1 : code[pc + at]!;
}

function chargesFuel(code: Int32Array, pc: number): boolean {
  return (code[pc]! & 255) === FUEL && code[pc + 1]! > 0;
}
