// The ARM64 back end, as the compiler sees it.
import type { Target } from '../target.ts';
import { arm64Assembler } from './assembler.ts';
import { emitFunction } from './emit.ts';
import { emitEntry } from './entry.ts';
import { ARM64_REGISTERS } from './places.ts';
import { AskedStubs, emitStubs, emitTrampoline } from './stubs.ts';

export const ARM64: Target = {
  registers: ARM64_REGISTERS,
  writer(buffer, { listing, canary, labelOf, pointOf }) {
    const asm = arm64Assembler(buffer, { listing });
    const later: (() => void)[] = [];
    const stubs = new AskedStubs(buffer);
    const group = { asm, stubs, labelOf, pointOf, later: (write: () => void) => later.push(write) };
    return {
      wayIn: () => emitTrampoline(asm, canary),
      entry: (params, result, callee) => emitEntry(params, result, callee, asm, canary),
      function: (fn, order, allocation, index) => emitFunction(fn, order, allocation, index, group),
      seldom() {
        for (const write of later) write();
        emitStubs(asm, stubs);
      },
      listing: asm.listing,
    };
  },
};
