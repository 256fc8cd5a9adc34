// The memory that the fast loop works on: one register file and one array of code for all machines of the process.
//
// Problem: the loop reads and writes typed arrays all the time, and V8 asks before each access whether the object is the array that it
// has seen so far, where its memory is and how long it is; that was half of what an instruction cost. It asks nothing when the array
// is a constant of the function that it compiles.
//
// Idea: so the arrays are made once and captured by the loop (loop.ts). A state that begins to run takes them over: its registers
// begin above those of the state that runs already (its program has called other code, which runs this one), else at the bottom, and
// its unit's code is copied to where there is room, from `origin` on. In the copy the targets of jumps and calls are places in the shared
// array, so that a jump is one read; everywhere else places are counted from the start of the unit.
//
// Invariants: one state uses the memory at a time, the last one that began; the states below it wait, and when it ends, the one below
// uses the memory again. What does not fit (calls that nest very deeply in functions with many registers, units beyond
// any size, a program that is called back while another one runs above it) has arrays of its own, and a slower loop over them; so has a
// state that is run step by step, because it may wait for long.
//
// Rejected: WebAssembly, whose memory needs no checks either; every look into a list or record would leave it through a call.
import { REGISTER_OPS } from '../../spec/register-ops.ts';

/** A frame of 26 registers at each of 10,000 depths. Pages that nobody touches cost nothing. */
const REGISTERS = 2 ** 18;
const WORDS_OF_CODE = 2 ** 18;

/** What the memory has to know of a state. */
export interface Tenant {
  readonly depth: number;
  readonly floats: Float64Array;
  readonly bottom: number;
  /** The first register above all that it uses. */
  top(): number;
}

/** Where a unit's code is; out of date when the memory has another generation. */
export interface LoadedCode {
  readonly generation: number;
  readonly origin: number;
}

/** What it has to know of a unit. */
export interface Loadable {
  readonly code: Int32Array;
  loaded: LoadedCode | undefined;
}

export class Memory {
  readonly floats = new Float64Array(REGISTERS);
  readonly words = new Int32Array(this.floats.buffer);
  readonly code = new Int32Array(WORDS_OF_CODE);
  /** The state that uses the memory; it has ended when its depth is 0. */
  user: Tenant | undefined;
  private generation = 0;
  private usedCode = 0;

  /** Where the registers of a state begin that starts to run now. */
  bottom(): number {
    const { user } = this;
    if (user === undefined || user.depth === 0) return 0;
    return user.floats === this.floats ? user.top() : user.bottom;
  }

  /** Where the code of a unit begins, which is copied when it is not there; undefined when there is no room. */
  load(unit: Loadable): number | undefined {
    const { loaded, code } = unit;
    if (loaded?.generation === this.generation) return loaded.origin;
    if (this.usedCode + code.length > WORDS_OF_CODE) {
      // All code is given up at once, when none of it runs.
      if (code.length > WORDS_OF_CODE || (this.user?.depth ?? 0) > 0) return undefined;
      this.generation++;
      this.usedCode = 0;
    }
    const origin = this.usedCode;
    this.code.set(code, origin);
    moveTargets(this.code, origin, origin + code.length);
    this.usedCode += code.length;
    unit.loaded = { generation: this.generation, origin };
    return origin;
  }
}

/** Per opcode: the words of an instruction, and whether its second one is a place in the code. */
const WIDTHS = Int32Array.from(REGISTER_OPS, row => row.width);
const HAS_TARGET = REGISTER_OPS.map(({ operands }) =>
  operands.some(({ place, role }) => place === 'w1' && (role === 'target' || role === 'entry')),
);

/** Adds `origin` to the targets of a unit's code that begins there. */
function moveTargets(code: Int32Array, origin: number, end: number): void {
  for (let at = origin; at < end; ) {
    const opcode = code[at]! & 255;
    if (HAS_TARGET[opcode]) code[at + 1]! += origin;
    at += WIDTHS[opcode]!;
  }
}

let memory: Memory | undefined;

/** The one of this process, made when it is needed for the first time. */
export function sharedMemory(): Memory {
  memory ??= new Memory();
  return memory;
}
