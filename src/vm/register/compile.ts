// From Core to checked register code, once for each unit: a unit that is run again is not compiled again.
import { assert } from '../../base/assert.ts';
import type { CoreUnit } from '../../core/core.ts';
import { buildIr } from '../../ir/build.ts';
import type { IrFunction } from '../../ir/ir.ts';
import { optimiseFunction } from '../../ir/passes/pipeline.ts';
import { checkCode } from './check.ts';
import type { RegisterUnit } from './code.ts';
import { encodeUnit } from './encode.ts';
import type { RegisterState } from './state.ts';

export interface Compiled {
  readonly unit: RegisterUnit;
  /** A state that no machine is using. */
  spare: RegisterState | undefined;
}

const plain = new WeakMap<CoreUnit, Compiled>();
const metered = new WeakMap<CoreUnit, Compiled>();

/** The code of a unit, with or without charges. Throws an InternalError when it does not pass the check. */
export function compileUnit(core: CoreUnit, options: { readonly metered: boolean }): Compiled {
  const known = options.metered ? metered : plain;
  let compiled = known.get(core);
  if (compiled === undefined) {
    const ir = buildIr(core);
    const unit = encodeUnit({ ...ir, functions: ir.functions.map(optimiseUnlessHuge) }, options);
    const problem = checkCode(unit);
    assert(problem === undefined, `register code: ${problem}`);
    compiled = { unit, spare: undefined };
    known.set(core, compiled);
  }
  return compiled;
}

/** Above this many instructions the passes take longer than what they gain: only generated functions are so large. */
const MOST_OPTIMISED = 20_000;

function optimiseUnlessHuge(fn: IrFunction): IrFunction {
  const size = fn.blocks.reduce((sum, block) => sum + block.code.length, 0);
  return size > MOST_OPTIMISED ? fn : optimiseFunction(fn);
}
