// Drops what nobody reads: masks that were computed in case somebody would, loads of columns that are not used. All operations on lanes are
// without effect but for those that may leave.
import { type LirFunction, type LirInstruction, lirUses, type VirtualRegister } from '../lir.ts';

export function dropUnused(fn: LirFunction): void {
  const needed = new Uint8Array(fn.classes.length);
  const definitions = new Map<VirtualRegister, readonly VirtualRegister[]>();
  const work: VirtualRegister[] = [];
  const need = (registers: readonly VirtualRegister[]): void => {
    for (const register of registers) {
      if (needed[register] !== 0) continue;
      needed[register] = 1;
      work.push(register);
    }
  };
  const passed = new Map<VirtualRegister, VirtualRegister[]>();
  for (const { code } of fn.blocks) {
    for (const each of code) {
      if (each.result >= 0) definitions.set(each.result, each.args);
      if (each.op === 'jump') {
        fn.blocks[each.target.block]!.params.forEach((param, i) => {
          passed.set(param, [...(passed.get(param) ?? []), each.target.args[i]!]);
        });
      } else if (each.result < 0) need(each.args);
    }
  }
  while (work.length > 0) {
    const register = work.pop()!;
    need(definitions.get(register) ?? []);
    need(passed.get(register) ?? []);
  }
  // A parameter that nobody reads is not passed either.
  const keeps = fn.blocks.map(({ params }) => params.map(param => needed[param] !== 0));
  for (const block of fn.blocks) {
    const kept = block.code
      .filter(each => each.result < 0 || needed[each.result] !== 0)
      .map((each): LirInstruction => {
        if (each.op !== 'jump') return each;
        const args = each.target.args.filter((_, i) => keeps[each.target.block]![i]);
        return { ...each, target: { block: each.target.block, args } };
      });
    block.code.splice(0, block.code.length, ...kept);
  }
  fn.blocks.forEach((block, id) => {
    const params = block.params.filter((_, i) => keeps[id]![i]);
    fn.blocks[id] = { params, code: block.code, loopDepth: block.loopDepth };
  });
}

/** How many instructions there are. */
export function sizeOf(fn: LirFunction): number {
  return fn.blocks.reduce((sum, { code }) => sum + code.reduce((uses, each) => uses + 1 + lirUses(each).length, 0), 0);
}
