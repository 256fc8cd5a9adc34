// Prepared calls: a function of JavaScript that looks at its arguments and calls a typed version with them. It is made of source of its own, so
// that V8 sees one function with one callee and can put all of it into whoever calls.
import type { Instruction, IrFunction, ValueId } from '../../ir/ir.ts';
import { isTotal } from '../../ir/total.ts';
import { IR_OPS, type IrType } from '../../spec/ir-ops.ts';

/** Whether anything in a function may throw, once it has been entered and as long as nothing is counted. */
export function mayThrow(fn: IrFunction): boolean {
  const definitions = new Map<ValueId, Instruction>();
  for (const block of fn.blocks)
    for (const each of block.code) if (each.result !== undefined) definitions.set(each.result, each);
  return fn.blocks.some(block =>
    block.code.some(each => {
      const { effect } = IR_OPS[each.op];
      return (effect === 'fault' || effect === 'call') && !isTotal(each, value => definitions.get(value));
    }),
  );
}

/** Whether a function calls anything. */
export function callsOthers(fn: IrFunction): boolean {
  return fn.blocks.some(block => block.code.some(({ op }) => IR_OPS[op].effect === 'call'));
}

/** How many calls that were inlined into a function would lie inside it. */
export function inlinedDepth(fn: IrFunction): number {
  let most = 0;
  for (const block of fn.blocks)
    for (const { op, imm } of block.code) if (op === 'depth') most = Math.max(most, imm as number);
  return most;
}

/**
 * The source of a prepared call of a version, as the body of a function of X and C: it looks at the arguments and calls the version C when
 * they fit, and X.slow when they do not. `declared` are the types of the parameters of the function.
 */
export function emitEntry(declared: readonly IrType[], canThrow: boolean): string {
  const params = declared.map((_, i) => `v${i}`);
  const tests = [`arguments.length === ${params.length}`];
  declared.forEach((type, i) => {
    if (type === 'num') tests.push(`typeof v${i} === "number"`);
    else if (type === 'bool') tests.push(`typeof v${i} === "boolean"`);
  });
  const call = `return C(${['0', ...params].join(', ')});`;
  return [
    '"use strict";',
    'const slow = X.slow;',
    'const complete = X.complete;',
    `return function (${params.join(', ')}) {`,
    `if (${tests.join(' && ')}) ${canThrow ? `try { ${call} } catch (e) { throw complete(e); }` : call}`,
    'return slow(...arguments);',
    '};\n',
  ].join('\n');
}
