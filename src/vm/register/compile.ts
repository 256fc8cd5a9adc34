// From Core to checked register code, once for each unit: a unit that is run again is not compiled again.
import { assert } from '../../base/assert.ts';
import type { CoreUnit } from '../../core/core.ts';
import { markOwned } from '../../ir/passes/own.ts';
import { irOf } from '../../ir/unit.ts';
import { checkCode } from './check.ts';
import type { RegisterUnit } from './code.ts';
import { encodeUnit } from './encode.ts';

const plain = new WeakMap<CoreUnit, RegisterUnit>();
const metered = new WeakMap<CoreUnit, RegisterUnit>();

/** The code of a unit, with or without charges. Throws an InternalError when it does not pass the check. */
export function compileUnit(core: CoreUnit, options: { readonly metered: boolean }): RegisterUnit {
  const known = options.metered ? metered : plain;
  let compiled = known.get(core);
  if (compiled === undefined) {
    const ir = irOf(core);
    const unit = encodeUnit({ ...ir.built, functions: ir.all().map(markOwned) }, options);
    const problem = checkCode(unit);
    assert(problem === undefined, `register code: ${problem}`);
    compiled = unit;
    known.set(core, unit);
  }
  return compiled;
}
