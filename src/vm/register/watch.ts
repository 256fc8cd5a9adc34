// Watching a run: copies of a unit's code in which instructions are replaced by `watch`, which asks the state's watcher before the
// instruction runs. Suspending a run watches every instruction; whoever looks for hot loops, or records what happens in one, watches
// their heads alone. Code that nobody watches contains no `watch`, and so pays nothing.
import { OPCODE_OF, REGISTER_OPS } from '../../spec/register-ops.ts';
import type { RegisterUnit } from './code.ts';

const everywhere = new WeakMap<RegisterUnit, Int32Array>();

/** The code with every instruction watched. */
export function watchAll(unit: RegisterUnit): Int32Array {
  let watched = everywhere.get(unit);
  if (watched === undefined) {
    watched = watchPlaces(unit, places(unit));
    everywhere.set(unit, watched);
  }
  return watched;
}

/** The code with those instructions watched that something before them goes back to, and the first of each function. */
export function watchHeads(unit: RegisterUnit): Int32Array {
  const { code } = unit;
  const heads = new Set(unit.functions.map(fn => fn.start));
  for (const pc of places(unit)) {
    const { operands } = REGISTER_OPS[code[pc]! & 255]!;
    if (operands.some(({ role }) => role === 'target') && code[pc + 1]! <= pc) heads.add(code[pc + 1]!);
  }
  return watchPlaces(unit, heads);
}

/** Where instructions begin. */
function* places({ code }: RegisterUnit): Generator<number> {
  for (let pc = 0; pc < code.length; pc += REGISTER_OPS[code[pc]! & 255]!.width) yield pc;
}

/** The code with the instructions at some places watched. */
export function watchPlaces({ code }: RegisterUnit, at: Iterable<number>): Int32Array {
  const copy = code.slice();
  for (const pc of at) copy[pc] = (code[pc]! & ~255) | OPCODE_OF.watch;
  return copy;
}
