// The canary itself: code that breaks the convention of calls in one way is found out, and named. All other tests of native code run behind it
// (vitest.config.ts sets ILO_STRESS), so this is what they rest on.
import { describe, expect, test } from 'vitest';
import { type Published, publish, retire } from '../../../src/jit/native/arena.ts';
import { arm64Assembler } from '../../../src/jit/native/arm64/assembler.ts';
import { ARM64_CANARY_SAYS, emitCanary as emitArm64Canary } from '../../../src/jit/native/arm64/canary.ts';
import { CodeBuffer } from '../../../src/jit/native/buffer.ts';
import { AT, memoryFor, STATUS } from '../../../src/jit/native/memory.ts';
import { x64Assembler } from '../../../src/jit/native/x64/assembler.ts';
import { emitCanary as emitX64Canary, X64_CANARY_SAYS } from '../../../src/jit/native/x64/canary.ts';
import { IS_NATIVE, unitOf, whyNot } from './harness.ts';
import { closureOf } from './native-call.ts';

/** Code that breaks one thing each, and what the canary calls that thing; without `ret`. */
const BREAKS: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = {
  x64: {
    rbx: [0x48, 0xff, 0xc3],
    rbp: [0x48, 0xff, 0xc5],
    r12: [0x49, 0xff, 0xc4],
    r13: [0x49, 0xff, 0xc5],
    r14: [0x49, 0xff, 0xc6],
    // Only bit 32 and above: the comparison has to be of the whole register.
    r15: [0x48, 0xb8, 0, 0, 0, 0, 1, 0, 0, 0, 0x49, 0x01, 0xc7],
    // The eighth of the words that nobody may write to, above the return address.
    'the stack above': [0xc6, 0x44, 0x24, 0x5f, 0],
    'the direction flag': [0xfd],
    // stmxcsr, flip the rounding, ldmxcsr.
    MXCSR: [0x50, 0x0f, 0xae, 0x1c, 0x24, 0x81, 0x34, 0x24, 0, 0x20, 0, 0, 0x0f, 0xae, 0x14, 0x24, 0x58],
  },
  arm64: {
    ...Object.fromEntries(
      [19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29].map(code => [
        `x${code}`,
        wordBytes(0x91400400 | (code << 5) | code), // add x, x, #1, lsl #12
      ]),
    ),
    ...Object.fromEntries(
      [8, 9, 10, 11, 12, 13, 14, 15].map(code => [`d${code}`, wordBytes(0x1e614000 | (code << 5) | code)]), // fneg d, d
    ),
    'the stack above': wordBytes(0xf9002fff), // str xzr, [sp, #88]
    FPCR: [...wordBytes(0xd2a01800), ...wordBytes(0xd51b4400)], // mov x0, #0xc00000; msr fpcr, x0
  },
};
const SAYS: Readonly<Record<string, readonly string[]>> = { x64: X64_CANARY_SAYS, arm64: ARM64_CANARY_SAYS };
const RETURN: Readonly<Record<string, readonly number[]>> = { x64: [0xc3], arm64: wordBytes(0xd65f03c0) };

function wordBytes(word: number): readonly number[] {
  return [word, word >>> 8, word >>> 16, word >>> 24].map(byte => byte & 0xff);
}

/** Runs code behind a canary; gives what it was found to break. */
function runBehindCanary(body: readonly number[]): readonly string[] {
  const buffer = new CodeBuffer(2 ** 16);
  const inside = buffer.label();
  if (process.arch === 'arm64') emitArm64Canary(arm64Assembler(buffer), inside);
  else emitX64Canary(x64Assembler(buffer), inside);
  buffer.bind(inside);
  for (const byte of [...body, ...RETURN[process.arch]!]) buffer.byte(byte);
  const code = buffer.finish();
  if (code.kind !== 'code') throw new Error('too large');
  const place: Published = publish(code.bytes, why => {
    throw new Error(why);
  })!;
  const { words, enter } = memoryFor(100)!;
  words[AT.arena >> 2] = place.arena;
  words[AT.offset >> 2] = place.offset;
  words[AT.maxDepth >> 2] = 100;
  words[AT.frameBytes >> 2] = 64;
  words[AT.status >> 2] = STATUS.ok;
  words[AT.site >> 2] = 0;
  enter();
  retire(place);
  const found = words[AT.site >> 2]!;
  expect(words[AT.status >> 2]).toBe(found === 0 ? STATUS.ok : STATUS.canary);
  return SAYS[process.arch]!.filter((_, i) => ((found >> i) & 1) === 1);
}

describe.runIf(IS_NATIVE)('the canary', () => {
  test('says nothing of code that keeps everything', () => {
    expect(runBehindCanary([])).toEqual([]);
  });

  test('has a word for all that it looks at', () => {
    expect(Object.keys(BREAKS[process.arch]!).sort()).toEqual([...SAYS[process.arch]!].sort());
  });

  test.each(Object.entries(BREAKS[process.arch] ?? {}))('finds out who changes %s', (name, body) => {
    expect(runBehindCanary(body)).toEqual([name]);
    expect(runBehindCanary([])).toEqual([]);
  });

  test('watches the code that tests run', () => {
    expect(process.env.ILO_STRESS).toContain('canary');
  });

  test('upper halves of truth values are nobody’s business', () => {
    const unit = unitOf(
      [
        'pick c:b d:b>n;c{d{ret 3};ret 2};d{ret 1};0',
        'same c:b d:b>b;=c d',
        'kept c:b>L b;[c true c]',
        'count cs:L b>n;s=0;@c cs{c{s=+s 1}};s',
        'both c:b d:b>n;count +=(kept c) d',
        'through c:b d:b>b;x=kept c;y=at x 0;same y d',
      ].join('\n'),
    );
    for (const name of ['pick', 'same', 'kept', 'both', 'through']) {
      expect(whyNot(unit, name)).toBeUndefined();
      const [native, tree] = [closureOf(unit, name), closureOf(unit, name, 'tree')];
      for (const c of [false, true]) {
        if (name === 'kept') expect(native([c])).toEqual(tree([c]));
        else for (const d of [false, true]) expect([name, c, d, native([c, d])]).toEqual([name, c, d, tree([c, d])]);
      }
    }
  });
});
