// `auto`: which engine runs a call, decided before it starts from what can be reached from the function that is called.
//
// Milliseconds of processor time of whole processes (the lowest of several runs, Node 20, a busy machine; `node -e 0` takes 27 of
// them), measured with `ilo --engine NAME`:
//
//                                        tree  closure  stack    vm    js
//     one line, run once                   48       47     49    57    54     code for js costs 5 ms, used or not
//     a loop of 10 rounds                  47       44     47    58    48     the price of not knowing how long a loop is
//     a loop of 1e6 rounds                105       65     96    76    54     from here on js wins
//     fib 10                               53       44     50    60    51
//     fib 27                              167       95    111   113    65
//     9,000 calls deep                     89       67     74    87    78
//     map and fld over 300,000 items      273      181    283   260   240     the builtins repeat, not the program
//     100 functions, one of them a loop   178      126    182  1353   252     the IR of all functions is made for one
//
// So what repeats is worth code and everything else is not. Code is made of the part of the program that the call can come to, where that can be
// told: then a loop in a large file costs no more than one in a small file.
//
// A machine that prepares calls (`entry`) is told that there will be many, and settles on one engine for all of them: a prepared
// call goes straight to that engine. Where that is `js`, the calls of a function that repeats and has machine code go on there once they have
// taken as long as making it takes. A call, over hand-written JavaScript
// (`npm run bench -- --only=workloads`, a quiet machine; the whole table is in docs/performance.md):
//
//            sum-loop   fib  while  records  sieve  matrix  spectral-norm  fannkuch  n-body   mandelbrot   guard-chain  pipeline
//     js         1.02  1.03   0.97     1.01   1.05    1.13           1.25      1.71    2.21         1.01          0.95      0.99
//     jit        0.65  0.59   1.04     0.31   0.35    0.33           1.07      1.14    1.16         1.03          0.93      0.89
//
// The last two are loops over bare numbers that call small functions, which V8 puts in place even where they may fault: by processor time, in other
// processes, `js` is a tenth ahead. The other workloads have no
// machine code (text, maps, JSON, trees): `jit` hands them to `js`.
//
// A single run stays on `js`. Finding the addon and making machine code comes first, what machine code gains comes later, and how long a loop is
// nobody can tell beforehand. Milliseconds of processor time of whole processes, `ilo --engine NAME bench/workloads/FILE run N` (the lowest of
// six, a machine that was slow that day):
//
//            sieve 10   sieve 1e6   n-body 1   n-body 2e4   matrix 2   matrix 200   fib 23   fib 30   sum-loop 2e7   records 10   records 2e5
//     js          153         277        294          314        214          286      147      162            175          195           411
//     jit         240         298        344          323        265          290      160      148            171          239           271
//
// So `jit` starts 13 to 87 ms behind, is level where the run on `js` takes some tens of milliseconds, and clearly ahead only with large data.
import type { CoreUnit } from '../core/core.ts';
import type { Value } from '../core/value/value.ts';
import { fitsIr } from '../ir/size.ts';
import { canGenerateCode } from '../jit/js/available.ts';
import { type Entry, entryOf, type Machine } from '../vm/engine.ts';
import { reachablePart, visitReachable } from './reach.ts';

/** What `auto` chooses from. */
export type ChosenEngine = 'closure' | 'stack' | 'js' | 'jit';

export interface Choice {
  readonly engine: ChosenEngine;
  /** What the engine is given: the unit, or the part of it that matters. */
  readonly unit: CoreUnit;
  /** Half a sentence. */
  readonly why: string;
}

/** Chooses the engine for a call of a function of the unit. The same call is always given the same answer in one process. */
export function chooseEngine(unit: CoreUnit, callee: number): Choice {
  const repeats = whatRepeats(unit, callee);
  if (repeats === undefined) {
    const why = 'nothing in it repeats, so making code would take longer than the run';
    return { engine: 'closure', unit, why };
  }
  const part = reachablePart(unit, callee);
  if (!fitsIr(part))
    return { engine: 'stack', unit, why: `${repeats}, and is too large for the engines that make code` };
  if (canGenerateCode()) return { engine: 'js', unit: part, why: repeats };
  return { engine: 'closure', unit, why: `${repeats}, and this process may not generate code` };
}

/** Chooses the engine for all prepared calls of a unit. */
function chooseForMany(unit: CoreUnit): ChosenEngine {
  if (!fitsIr(unit)) return 'stack';
  return canGenerateCode() ? 'js' : 'closure';
}

/** Milliseconds of prepared calls of a function after which machine code is made for it: about what that takes. */
const BEFORE_MACHINE_CODE = 20;

/**
 * A machine that becomes the chosen one on its first call, and another one when a later call needs it. `hasMachineCode` makes the machine code of a
 * function of the unit, and of all that it calls, if there can be such code.
 */
export function createAutoMachine(
  unit: CoreUnit,
  make: (engine: ChosenEngine, unit: CoreUnit) => Machine,
  hasMachineCode: (callee: number) => boolean,
): Machine {
  const machines = new Map<CoreUnit, Map<ChosenEngine, Machine>>();
  const choices = new Map<number, Machine>();
  let current: Machine | undefined;
  /** Runs everything from the first prepared call on. */
  let settled: Machine | undefined;
  const machineOf = (engine: ChosenEngine, part: CoreUnit): Machine => {
    const made = machines.get(part) ?? new Map<ChosenEngine, Machine>();
    machines.set(part, made);
    const machine = made.get(engine) ?? make(engine, part);
    made.set(engine, machine);
    return machine;
  };
  const choose = (callee: number): Machine => {
    const { engine, unit: part } = chooseEngine(unit, callee);
    const machine = machineOf(engine, part);
    choices.set(callee, machine);
    return machine;
  };
  /** A prepared call that goes on in machine code after a while. Whatever else is called goes on where it is. */
  const warming = (callee: number, first: Entry, usual: Machine): Entry => {
    let entry = first;
    let spent = 0;
    let fast: Machine | undefined;
    const warmUp = (args: readonly Value[]): Value => {
      const start = performance.now();
      try {
        return first(...args);
      } finally {
        spent += performance.now() - start;
        if (spent >= BEFORE_MACHINE_CODE && hasMachineCode(callee)) {
          fast = machineOf('jit', unit);
          entry = entryOf(fast, callee);
        }
      }
    };
    return (...args) => {
      if (fast === undefined) return spent >= BEFORE_MACHINE_CODE ? first(...args) : warmUp(args);
      current = fast;
      try {
        return entry(...args);
      } finally {
        current = usual;
      }
    };
  };
  return {
    run: (callee, args) => {
      current = settled ?? choices.get(callee) ?? choose(callee);
      return current.run(callee, args);
    },
    callValue: (callee, args, fallback) => (current ?? machineOf('closure', unit)).callValue(callee, args, fallback),
    entry: callee => {
      const engine = chooseForMany(unit);
      settled ??= machineOf(engine, unit);
      current = settled;
      const entry = entryOf(settled, callee);
      return engine === 'js' && suitsMachineCode(unit, callee) ? warming(callee, entry, settled) : entry;
    },
  };
}

/** Whether a function repeats, and is none of those that V8 makes faster code for: loops over bare numbers that call small functions. */
function suitsMachineCode(unit: CoreUnit, callee: number): boolean {
  const repeats = whatRepeats(unit, callee);
  if (repeats !== LOOPS) return repeats === CALLS_ITSELF;
  let functions = 0;
  let hasParts = false;
  visitReachable(unit, callee, {
    enter: () => {
      functions++;
    },
    expr: ({ kind }) => {
      hasParts ||= kind === 'list' || kind === 'record' || kind === 'index' || kind === 'field' || kind === 'with';
    },
  });
  return functions === 1 || hasParts;
}

const LOOPS = 'it loops';
const CALLS_ITSELF = 'it calls itself';

/** What in the functions that can be reached is done again and again, in words; undefined when nothing is. */
function whatRepeats(unit: CoreUnit, start: number): string | undefined {
  const calls = new Map<number, readonly number[]>();
  let callees: number[] = [];
  let loops = false;
  visitReachable(unit, start, {
    enter: index => {
      callees = [];
      calls.set(index, callees);
    },
    expr: expr => {
      // A function that is handed on is counted as called here: whoever gets it calls it.
      if ((expr.kind === 'call' || expr.kind === 'function') && expr.callee >= 0) callees.push(expr.callee);
    },
    stmt: stmt => {
      loops ||= stmt.kind === 'foreach' || stmt.kind === 'range' || stmt.kind === 'while';
    },
  });
  if (loops) return LOOPS;
  return isCyclic(calls, start) ? CALLS_ITSELF : undefined;
}

/** Whether calls come back to a function that is not done yet. */
function isCyclic(calls: ReadonlyMap<number, readonly number[]>, start: number): boolean {
  const open = new Set<number>();
  const done = new Set<number>();
  const path: { readonly index: number; next: number }[] = [{ index: start, next: 0 }];
  open.add(start);
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const callee = calls.get(top.index)?.[top.next++];
    if (callee === undefined) {
      open.delete(top.index);
      done.add(top.index);
      path.pop();
    } else if (open.has(callee)) {
      return true;
    } else if (!done.has(callee)) {
      open.add(callee);
      path.push({ index: callee, next: 0 });
    }
  }
  return false;
}
