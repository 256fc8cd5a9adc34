// The x86-64 back end, as the compiler sees it.
import { assert } from '../../../base/assert.ts';
import { CodeBuffer } from '../buffer.ts';
import type { Target } from '../target.ts';
import { x64Assembler } from './assembler.ts';
import { emitFunction } from './emit.ts';
import { emitEntry } from './entry.ts';
import { X64_REGISTERS } from './frame.ts';
import { AskedStubs, emitStubs, emitTrampoline } from './stubs.ts';

let knownWayIn: Uint8Array | undefined;

/** The way in is the same in all code, and the larger part of small code: it is written once. */
function plainWayIn(): Uint8Array {
  if (knownWayIn === undefined) {
    const buffer = new CodeBuffer();
    emitTrampoline(x64Assembler(buffer), { windows: process.platform === 'win32' }, false);
    const code = buffer.finish();
    assert(code.kind === 'code' && code.bytes.length === code.codeBytes, 'the way in has no constants');
    knownWayIn = code.bytes;
  }
  return knownWayIn;
}

export const X64: Target = {
  registers: X64_REGISTERS,
  writer(buffer, { listing, canary, labelOf, pointOf }) {
    const asm = x64Assembler(buffer, { listing });
    const platform = { windows: process.platform === 'win32' };
    const later: (() => void)[] = [];
    const stubs = new AskedStubs(buffer);
    const group = { asm, stubs, labelOf, pointOf, later: (write: () => void) => later.push(write) };
    return {
      wayIn() {
        if (listing || canary) emitTrampoline(asm, platform, canary);
        else buffer.append(plainWayIn());
      },
      entry: (params, result, callee) => emitEntry(params, result, callee, asm, canary),
      function: (fn, order, allocation, index) => emitFunction(fn, order, allocation, index, group),
      seldom() {
        for (const write of later) write();
        emitStubs(asm, stubs, platform);
      },
      listing: asm.listing,
    };
  },
};
