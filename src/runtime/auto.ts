// `auto`: which engine runs a call, decided before it starts from what can be reached from the function that is called.
//
// Milliseconds of processor time of whole processes (the lower of several runs, Node 20, a busy machine; bare start-up is about 86
// of them), measured with `ilo --engine NAME`:
//
//                                        tree  closure  stack    vm    js
//     one line, run once                   92       86     89    99    98     code for js and vm costs 10 ms, used or not
//     a loop of 1e6 rounds                152      114    150   133   112     from here on js wins
//     a loop of 10 rounds                  91       93     92   102   104     the price of not knowing how long a loop is
//     fib 20                              117      125    107   130   104
//     fib 27                              200      130    157   151   103
//     1,000 functions, one of them run    370      363    444  2161   836     js and vm build the IR of the whole unit
//
// Plain recursion goes where frames are not on JavaScript's stack: no engine is much faster at ten thousand calls, and one whose stack ends
// has to begin again in another thread, or cannot once something was written. Recursion that branches (fib) does exponential work long before it
// is deep, so it goes to js, if a second start would not be seen.
import type { CoreUnit } from '../core/core.ts';
import { fitsIr } from '../ir/size.ts';
import { canGenerateCode } from '../jit/js/available.ts';
import { BUILTINS } from '../lang/ilo/builtins/table.ts';
import type { Machine } from '../vm/engine.ts';
import { reachableFunctions, visitFunction } from './reach.ts';

/** What `auto` chooses from. */
export type ChosenEngine = 'closure' | 'stack' | 'vm' | 'js';

export interface Choice {
  readonly engine: ChosenEngine;
  /** Half a sentence. */
  readonly why: string;
}

/** In units with more functions, making code costs more than most runs gain. */
const MOST_FUNCTIONS = 100;

/** Effects after which a run cannot begin again unseen. */
const VISIBLE: readonly string[] = ['print', 'write', 'sleep', 'net'];

/** Chooses the engine for a call of a function of the unit. The same call is always given the same answer in one process. */
export function chooseEngine(unit: CoreUnit, callee: number): Choice {
  if (unit.functions.length > MOST_FUNCTIONS) {
    return {
      engine: 'closure',
      why: `the program has more than ${MOST_FUNCTIONS} functions, and most are seldom called`,
    };
  }
  const { loops, recursion, visible } = lookAt(unit, callee);
  if (!fitsIr(unit) && (loops || recursion !== undefined)) {
    return { engine: 'stack', why: 'the program is too large for the engines that make code' };
  }
  if (recursion === 'plain' || (recursion === 'branching' && visible)) {
    return loops
      ? { engine: 'vm', why: 'it calls itself, perhaps deeply, and loops' }
      : { engine: 'stack', why: 'it calls itself, perhaps deeply' };
  }
  if (recursion === undefined && !loops) {
    return { engine: 'closure', why: 'nothing in it repeats, so making code would take longer than the run' };
  }
  const what = recursion === 'branching' ? 'it calls itself several times a call' : 'it loops';
  if (canGenerateCode()) return { engine: 'js', why: what };
  return recursion === 'branching'
    ? { engine: 'stack', why: `${what}, and this process may not generate code` }
    : { engine: 'closure', why: `${what}, and this process may not generate code` };
}

/** A machine that becomes the chosen one on its first call, and another one when a later call needs it. */
export function createAutoMachine(unit: CoreUnit, make: (engine: ChosenEngine) => Machine): Machine {
  const machines = new Map<ChosenEngine, Machine>();
  const choices = new Map<number, Machine>();
  let current: Machine | undefined;
  const machineOf = (engine: ChosenEngine): Machine => {
    const known = machines.get(engine) ?? make(engine);
    machines.set(engine, known);
    return known;
  };
  return {
    run: (callee, args) => {
      let machine = choices.get(callee);
      if (machine === undefined) {
        machine = machineOf(chooseEngine(unit, callee).engine);
        choices.set(callee, machine);
      }
      current = machine;
      return machine.run(callee, args);
    },
    callValue: (callee, args, fallback) => (current ?? machineOf('closure')).callValue(callee, args, fallback),
  };
}

interface Look {
  readonly loops: boolean;
  /** `branching`: some function calls itself, directly or not, in two places or more. */
  readonly recursion: 'plain' | 'branching' | undefined;
  readonly visible: boolean;
}

function lookAt(unit: CoreUnit, start: number): Look {
  let loops = false;
  let visible = false;
  const calls = new Map<number, number[]>();
  for (const index of reachableFunctions(unit, start)) {
    const callees: number[] = [];
    calls.set(index, callees);
    visitFunction(
      unit.functions[index]!,
      expr => {
        if (expr.kind === 'call') callees.push(expr.callee);
        // A function that is handed on is counted as called here: whoever gets it calls it.
        else if (expr.kind === 'function' && expr.callee >= 0) callees.push(expr.callee);
        else if (expr.kind === 'builtin') visible ||= VISIBLE.includes(BUILTINS.get(expr.name)?.effect ?? '');
        else if (expr.kind === 'tool') visible = true;
      },
      stmt => {
        loops ||= stmt.kind === 'foreach' || stmt.kind === 'range' || stmt.kind === 'while';
      },
    );
  }
  let recursion: Look['recursion'];
  for (const [index, callees] of calls) {
    const back = callees.filter(callee => leadsTo(calls, callee, index)).length;
    if (back > 1) return { loops, visible, recursion: 'branching' };
    if (back === 1) recursion = 'plain';
  }
  return { loops, visible, recursion };
}

function leadsTo(calls: ReadonlyMap<number, readonly number[]>, from: number, to: number): boolean {
  const seen = new Set([from]);
  for (const at of seen) {
    if (at === to) return true;
    for (const callee of calls.get(at) ?? []) seen.add(callee);
  }
  return false;
}
