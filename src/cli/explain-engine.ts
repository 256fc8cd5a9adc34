// `--explain-engine`: which engine a run was given to, and why.
import type { CoreUnit } from '../core/core.ts';
import { hasLimits } from '../core/meter.ts';
import { fitsIr } from '../ir/size.ts';
import { canGenerateCode } from '../jit/js/available.ts';
import { explainNative } from '../jit/native/list.ts';
import { countEntries } from '../jit/native/memory.ts';
import { chooseEngine } from '../runtime/auto.ts';
import type { EngineName } from '../runtime/engines.ts';
import { reachableFunctions } from '../runtime/reach.ts';
import type { Options } from './arguments.ts';

/** Engines that the stack machine stands in for when a program is very large. */
const READS_IR: readonly EngineName[] = ['js', 'vm', 'vm-fresh', 'jit'];

/** Looks at a run while it is made. */
export interface EngineWatch {
  /** To be told of each call that goes on on the stack machine, and how many calls lie around it. */
  readonly wentDeep: (depth: number) => void;
  /** What ran the function, and why; the last line is of calls that something else ran. */
  readonly explain: () => string;
}

/** Begins to look at a run of a function of the unit that is going to be made. */
export function watchEngine(unit: CoreUnit, name: string, options: Options): EngineWatch {
  const entered = options.engine === 'jit' ? countEntries() : { entries: 0 };
  const deep = { calls: 0, least: Number.POSITIVE_INFINITY };
  return {
    wentDeep: depth => {
      deep.calls++;
      deep.least = Math.min(deep.least, depth);
    },
    explain: () => `${explainChoice(unit, name, options, entered.entries)}${explainDeep(deep, options.engine)}`,
  };
}

/** `least`: how many calls lay around the first of them to do so, counted from the outside. */
function explainDeep({ calls, least }: { readonly calls: number; readonly least: number }, engine: EngineName): string {
  if (calls === 0) return '';
  const [who, nests, ended] =
    calls === 1
      ? [`a call inside ${least} others went on on the stack machine`, 'it nests', 'it']
      : [`${calls} calls inside ${least} others or more went on on the stack machine`, 'they nest', 'them'];
  const unended = engine === 'jit' ? `, or machine code could not end ${ended}` : '';
  return `engine: ${who}, with all beneath: ${nests} too deeply for JavaScript's stack${unended}\n`;
}

function explainChoice(
  unit: CoreUnit,
  name: string,
  { engine, engineGiven, limits }: Options,
  entries: number,
): string {
  if (engine === 'auto') {
    const choice = chooseEngine(unit, unit.byName.get(name)!);
    return `engine: ${name} ran on ${choice.engine}, chosen by auto: ${choice.why}\n`;
  }
  if (engine === 'jit' && fitsIr(unit)) return explainJit(unit, name, limits, engineGiven, entries);
  if (READS_IR.includes(engine) && !fitsIr(unit)) {
    return `engine: ${name} ran on stack: ${engine} was chosen, but the program is too large for it\n`;
  }
  if (engine === 'js' && !canGenerateCode()) {
    return `engine: ${name} ran on closure: js was chosen, but this process may not generate code\n`;
  }
  return `engine: ${name} ran on ${engine}: ${engineGiven ? 'a flag chose it' : 'it is the default'}\n`;
}

/** How often machine code was entered, and a line for each function that the run can come to: which have some, and why others do not. */
function explainJit(unit: CoreUnit, name: string, limits: Options['limits'], given: boolean, entries: number): string {
  const explained = explainNative(unit, reachableFunctions(unit, unit.byName.get(name)!), hasLimits(limits));
  const others = canGenerateCode() ? 'js' : 'closure';
  const lines = explained.map(fn =>
    fn.why === undefined
      ? `  ${fn.name}: has machine code, ${fn.points}`
      : `  ${fn.name}: ${others}, because ${fn.why}`,
  );
  const chosen = given ? 'a flag chose it' : 'it is the default';
  const times = entries === 0 ? 'never entered' : `entered ${entries === 1 ? 'once' : `${entries} times`}`;
  const head = `engine: ${name} ran on jit: ${chosen}; machine code was ${times}`;
  return `${[head, ...lines].join('\n')}\n`;
}
