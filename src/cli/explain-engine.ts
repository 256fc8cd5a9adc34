// `--explain-engine`: which engine a run was given to, and why.
import type { CoreUnit } from '../core/core.ts';
import { fitsIr } from '../ir/size.ts';
import { canGenerateCode } from '../jit/js/available.ts';
import { chooseEngine } from '../runtime/auto.ts';
import type { EngineName } from '../runtime/engines.ts';
import type { Options } from './arguments.ts';

/** Engines that the stack machine stands in for when a program is very large. */
const READS_IR: readonly EngineName[] = ['js', 'vm', 'vm-fresh'];

/** One line about a run of a function of the unit. */
export function explainEngine(unit: CoreUnit, name: string, { engine, engineGiven }: Options): string {
  if (engine === 'auto') {
    const choice = chooseEngine(unit, unit.byName.get(name)!);
    return `engine: ${name} ran on ${choice.engine}, chosen by auto: ${choice.why}\n`;
  }
  if (READS_IR.includes(engine) && !fitsIr(unit)) {
    return `engine: ${name} ran on stack: ${engine} was chosen, but the program is too large for it\n`;
  }
  if (engine === 'js' && !canGenerateCode()) {
    return `engine: ${name} ran on closure: js was chosen, but this process may not generate code\n`;
  }
  return `engine: ${name} ran on ${engine}: ${engineGiven ? 'a flag chose it' : 'it is the default'}\n`;
}
