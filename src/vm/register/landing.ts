// Register code that a run can land in: code of functions as the IR has them, without typed versions, and for each point (the charges of fuel
// at the entry of a function and at the head of a loop, and calls) where it stands and which registers hold what is alive behind it. Machine code
// is made from the same IR, so whoever leaves it at a point knows these values and goes on here.
import { assert } from '../../base/assert.ts';
import type { Instruction, IrFunction, ValueId } from '../../ir/ir.ts';
import { checkCode } from './check.ts';
import type { RegisterUnit } from './code.ts';
import { encodeUnit } from './encode.ts';
import { findParts, type Parts } from './liveness.ts';
import type { VirtualFunction, VirtualInstruction } from './virtual.ts';
import { watchPlaces } from './watch.ts';

/** A point, as the register machine has it. */
export interface Landing {
  readonly instruction: Instruction;
  /** The function, by its index. */
  readonly fn: number;
  /** Where its instruction stands. */
  readonly pc: number;
  /** What is alive behind it, and the register of each. */
  readonly live: readonly (readonly [ValueId, number])[];
}

export interface LandingUnit {
  readonly unit: RegisterUnit;
  /** The code with charges of fuel watched. */
  readonly watched: Int32Array;
  readonly byInstruction: ReadonlyMap<Instruction, Landing>;
  /** Those that can be entered, by the place of the charge. */
  readonly byPlace: ReadonlyMap<number, Landing>;
}

/** Words that a charge of fuel takes. */
export const FUEL_WIDTH = 2;

const MOST_STEPS = 400_000;

/** Compiles functions, given by index, with charges. */
export function compileLanding(functions: readonly IrFunction[], tools: readonly string[]): LandingUnit {
  const byInstruction = new Map<Instruction, Landing>();
  const byPlace = new Map<number, Landing>();
  let current: { readonly fn: VirtualFunction; readonly alive: Alive | undefined } | undefined;
  let index = -1;
  const unit = encodeUnit(
    { functions, tools },
    {
      metered: true,
      note(fn, instruction, pc, registers) {
        // Functions come in order; one without a noted instruction cannot be: each charges fuel.
        if (current?.fn !== fn) {
          current = { fn, alive: aliveIn(fn) };
          index++;
        }
        const { source } = instruction;
        if (source === undefined || (source.op !== 'fuel' && source.op !== 'call')) return;
        const live = current.alive?.(instruction);
        if (live === undefined) return;
        const landing: Landing = {
          instruction: source,
          fn: index,
          pc,
          live: live.map(value => [value, registers[value]!] as const),
        };
        byInstruction.set(source, landing);
        if (source.op === 'fuel') byPlace.set(pc, landing);
      },
    },
  );
  const problem = checkCode(unit);
  assert(problem === undefined, `register code to land in: ${problem}`);
  return { unit, watched: watchPlaces(unit, byPlace.keys()), byInstruction, byPlace };
}

type Alive = (instruction: VirtualInstruction) => readonly ValueId[];

/** What is alive behind an instruction, without its result. Undefined when finding that out would take too long. */
function aliveIn(fn: VirtualFunction): Alive | undefined {
  const parts = findParts(fn, MOST_STEPS);
  if (parts === undefined) return undefined;
  const reads = new Map<VirtualInstruction, number>();
  let start = 0;
  for (const block of fn.blocks) {
    block.code.forEach((each, i) => {
      reads.set(each, start + 2 + 2 * i);
    });
    start += 4 + 2 * block.code.length;
  }
  return instruction => {
    const at = reads.get(instruction)!;
    const alive: ValueId[] = [];
    parts.forEach((each, value) => {
      if (isAliveAcross(each, at)) alive.push(value);
    });
    return alive;
  };
}

function isAliveAcross(parts: Parts, at: number): boolean {
  for (let i = 0; i < parts.length; i += 2) if (parts[i]! <= at && parts[i + 1]! > at + 1) return true;
  return false;
}
