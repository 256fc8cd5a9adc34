// What the JavaScript engine makes of a program.
import type { CoreUnit } from '../../../src/core/core.ts';
import { groupsOf } from '../../../src/jit/js/list.ts';
import { DEFAULT_MAX_DEPTH, loadProgram } from '../../../src/runtime/program.ts';

export function load(source: string): CoreUnit {
  const { unit, diagnostics } = loadProgram(source, { readFile: () => ({ err: 'none' }) });
  if (!unit) throw new Error(`${source}: ${diagnostics.map(each => each.message).join('; ')}`);
  return unit;
}

/** All texts that may be compiled of a program, as they are when nothing is counted. */
export function jsOf(source: string): string {
  const groups = groupsOf(load(source), { metered: false, maxDepth: DEFAULT_MAX_DEPTH });
  return [...groups].map(group => group.source).join('\n');
}
