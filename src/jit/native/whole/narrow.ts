// Whole numbers in general registers. The language has doubles only; but a loop counter, the length of a list or a remainder is a whole number
// that an index is made of, and converting it at each access, comparing doubles and adding them is what the processor is slow at.
//
// So a pass over the low-level form finds the numbers that are whole, within ±2^52 and never -0 (solve.ts, with facts.ts and range.ts), and
// keeps them as integers of 64 bits (rewrite.ts). There their sums are the same as those of doubles, bit for bit. What is not proven is
// checked, and a check that fails leaves, as a wrong index does.
//
// Rejected: finding them in the IR, whose passes serve engines that cannot leave; integers of 32 bits, which overflow in sums; keeping both
// forms of a number, which needs twice the registers.
import type { LirFunction, LirInstruction } from '../lir.ts';
import { graphOfLir } from './graph.ts';
import { rewrite } from './rewrite.ts';
import { solve } from './solve.ts';

/** `careful`: without checks that may fail. */
export function narrowWholes(fn: LirFunction, careful: boolean): LirFunction {
  // Outside of loops nothing is worth it.
  if (fn.blocks.every(block => block.loopDepth === 0)) return settleConditions(fn);
  const graph = graphOfLir(fn);
  return rewrite(fn, graph, solve(fn, graph, careful));
}

/** What is near made plain, and nothing else: for whoever works on doubles only. */
export function settleConditions(fn: LirFunction): LirFunction {
  return fn.blocks.some(({ code }) => code.some(isRewritten)) ? rewrite(fn, graphOfLir(fn), undefined) : fn;
}

/** Whether an instruction on doubles alone may come out as another one. */
function isRewritten(each: LirInstruction): boolean {
  return each.op === 'branch' || each.op === 'compare'
    ? each.condition === 'near' || each.condition === 'far'
    : each.op === 'div';
}
