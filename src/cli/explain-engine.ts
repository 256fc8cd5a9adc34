// `--explain-engine`: which engine a run was given to, and why.
import type { CoreUnit } from '../core/core.ts';
import { hasLimits } from '../core/meter.ts';
import { fitsIr } from '../ir/size.ts';
import { canGenerateCode } from '../jit/js/available.ts';
import { explainNative } from '../jit/native/list.ts';
import { chooseEngine } from '../runtime/auto.ts';
import type { EngineName } from '../runtime/engines.ts';
import { reachableFunctions } from '../runtime/reach.ts';
import type { Options } from './arguments.ts';

/** Engines that the stack machine stands in for when a program is very large. */
const READS_IR: readonly EngineName[] = ['js', 'vm', 'vm-fresh', 'jit'];

/** Calls of a run that went on on the stack machine, and how many calls lay around the first of them to do so, counted from the outside. */
export interface DeepCalls {
  readonly calls: number;
  readonly least: number;
}

/** What ran a function of the unit, and why; the last line is of calls that something else ran. */
export function explainEngine(unit: CoreUnit, name: string, options: Options, deep: DeepCalls): string {
  return `${explainChoice(unit, name, options)}${explainDeep(deep, options.engine)}`;
}

function explainDeep({ calls, least }: DeepCalls, engine: EngineName): string {
  if (calls === 0) return '';
  const [who, nests, ended] =
    calls === 1
      ? [`a call inside ${least} others went on on the stack machine`, 'it nests', 'it']
      : [`${calls} calls inside ${least} others or more went on on the stack machine`, 'they nest', 'them'];
  const unended = engine === 'jit' ? `, or machine code could not end ${ended}` : '';
  return `engine: ${who}, with all beneath: ${nests} too deeply for JavaScript's stack${unended}\n`;
}

function explainChoice(unit: CoreUnit, name: string, { engine, engineGiven, limits }: Options): string {
  if (engine === 'auto') {
    const choice = chooseEngine(unit, unit.byName.get(name)!);
    return `engine: ${name} ran on ${choice.engine}, chosen by auto: ${choice.why}\n`;
  }
  if (engine === 'jit' && fitsIr(unit)) return explainJit(unit, name, limits, engineGiven);
  if (READS_IR.includes(engine) && !fitsIr(unit)) {
    return `engine: ${name} ran on stack: ${engine} was chosen, but the program is too large for it\n`;
  }
  if (engine === 'js' && !canGenerateCode()) {
    return `engine: ${name} ran on closure: js was chosen, but this process may not generate code\n`;
  }
  return `engine: ${name} ran on ${engine}: ${engineGiven ? 'a flag chose it' : 'it is the default'}\n`;
}

/** A line for each function that the run can come to: which of them have machine code, and why the others have none. */
function explainJit(unit: CoreUnit, name: string, limits: Options['limits'], given: boolean): string {
  const explained = explainNative(unit, reachableFunctions(unit, unit.byName.get(name)!), hasLimits(limits));
  const others = canGenerateCode() ? 'js' : 'closure';
  const lines = explained.map(fn =>
    fn.why === undefined ? `  ${fn.name}: machine code, ${fn.points}` : `  ${fn.name}: ${others}, because ${fn.why}`,
  );
  const head = `engine: ${name} ran on jit: ${given ? 'a flag chose it' : 'it is the default'}`;
  return `${[head, ...lines].join('\n')}\n`;
}
