// `--explain-engine`: which engine a run was given to, and why.
import type { CoreUnit } from '../core/core.ts';
import { canGenerateCode } from '../jit/js/available.ts';
import { chooseEngine } from '../runtime/auto.ts';
import type { Options } from './arguments.ts';

/** One line about a run of a function of the unit. */
export function explainEngine(unit: CoreUnit, name: string, { engine, engineGiven }: Options): string {
  if (engine === 'auto') {
    const choice = chooseEngine(unit, unit.byName.get(name)!);
    return `engine: ${name} ran on ${choice.engine}, chosen by auto: ${choice.why}\n`;
  }
  if (engine === 'js' && !canGenerateCode()) {
    return `engine: ${name} ran on closure: js was chosen, but this process may not generate code\n`;
  }
  return `engine: ${name} ran on ${engine}: ${engineGiven ? 'a flag chose it' : 'it is the default'}\n`;
}
