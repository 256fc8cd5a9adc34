// Random programs of jumps whose distances lie at the edges of what a short jump reaches: as our bytes, and as text for GNU as. On x64
// `as` chooses the sizes of jumps itself, and has to come to the same ones. On ARM64 it does not: there the text spells out what the
// buffer chose, and `minimal` says whether it had to.
import { arm64Assembler } from '../../../src/jit/native/arm64/assembler.ts';
import { MAX_CODE_BYTES } from '../../../src/jit/native/arm64/encode.ts';
import { cond, gpr, uimm5, upper5, vec } from '../../../src/jit/native/arm64/operands.ts';
import { CodeBuffer, type FinishedCode, type Label } from '../../../src/jit/native/buffer.ts';
import { x64Assembler } from '../../../src/jit/native/x64/assembler.ts';
import { cc, imm32, memLabel, rax, uimm8, xmm } from '../../../src/jit/native/x64/operands.ts';

export interface DistanceProgram {
  readonly source: readonly string[];
  readonly bytes: Uint8Array;
  /** What was larger than it had to be. */
  readonly notMinimal: readonly string[];
}

/** Mulberry32, by Tommy Ettinger: enough for choosing jumps. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return below => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (((t ^ (t >>> 14)) >>> 0) % below) | 0;
  };
}

function finished(buffer: CodeBuffer): FinishedCode {
  const code = buffer.finish();
  if (code.kind !== 'code') throw new Error('too large');
  return code;
}

/** A jump to a label that is at most `near` labels away. */
const someTarget = (random: (below: number) => number, at: number, count: number, near: number): number =>
  Math.max(0, Math.min(count - 1, at + random(2 * near + 1) - near));

export function x64DistanceProgram(seed: number): DistanceProgram {
  const random = randomFrom(seed);
  const buffer = new CodeBuffer();
  const { emit } = x64Assembler(buffer);
  const labels = Array.from({ length: 10 + random(60) }, () => buffer.label());
  const source: string[] = [];
  const constants: number[] = [];
  // Small gaps make chains, in which one jump that grows makes others grow; large ones stand at the edge by themselves.
  const gap = [3, 12, 40, 130][random(4)]!;
  for (const [at, label] of labels.entries()) {
    buffer.bind(label);
    source.push(`L${at}:`);
    for (let count = random(4); count > 0; count--) {
      const target = someTarget(random, at, labels.length, 1 + Math.ceil(140 / (gap + 4)));
      const kind = random(12);
      if (kind === 0) {
        emit('call rel', labels[target]!);
        source.push(`call L${target}`);
      } else if (kind < 4) {
        emit('jmp rel', labels[target]!);
        source.push(`jmp L${target}`);
      } else if (kind < 9) {
        const names = Object.keys(cc) as (keyof typeof cc)[];
        const name = names[random(names.length)]!;
        emit('j{cc} rel', cc[name], labels[target]!);
        source.push(`j${name} L${target}`);
      } else {
        const value = random(5) + 0.5;
        if (!constants.includes(value)) constants.push(value);
        const memory = memLabel(buffer.double(value));
        const text = `[rip+C${constants.indexOf(value)}]`;
        if (kind === 9) emit('addsd xmm, xmm/m64', xmm(9), memory);
        else if (kind === 10) emit('roundsd xmm, xmm/m64, uimm8', xmm(1), memory, uimm8(3));
        else emit('cmp r/m64, imm32', memory, imm32(0x1234));
        if (kind === 9) source.push(`addsd xmm9, QWORD PTR ${text}`);
        else if (kind === 10) source.push(`roundsd xmm1, QWORD PTR ${text}, 3`);
        else source.push(`cmp QWORD PTR ${text}, 0x1234`);
      }
    }
    for (let fill = random(gap + 1); fill > 0; fill--) {
      emit('push r64', rax);
      source.push('push rax');
    }
  }
  if (constants.length > 0) source.push('.balign 8, 0');
  for (const [index, value] of constants.entries()) source.push(`C${index}: .double ${value}`);
  return { source, bytes: finished(buffer).bytes, notMinimal: [] };
}

/** How far each kind of instruction reaches, in bytes and directions. */
const REACH = { branch19: 2 ** 20, branch14: 2 ** 15, literal: 2 ** 20, address: 2 ** 20 };

export function arm64DistanceProgram(seed: number): DistanceProgram {
  const random = randomFrom(seed);
  const buffer = new CodeBuffer(MAX_CODE_BYTES);
  const { emit } = arm64Assembler(buffer);
  const count = 6 + random(10);
  const labels = Array.from({ length: count }, () => buffer.label());
  // Text and size of each instruction are known when the code is finished.
  const later: ((code: FinishedCode) => string | readonly string[])[] = [];
  const notMinimal: string[] = [];

  /** What a conditional jump became: `far` is the opposite one. */
  const jump = (near: string, far: string, target: number, reach: number): void => {
    const at = buffer.here();
    later.push(code => {
      const distance = code.offsetOf(labels[target]!) - code.offsetAt(at);
      const isFar = code.offsetAt({ bytes: at.bytes, sites: at.sites + 1 }) - code.offsetAt(at) === 8;
      if (isFar === (distance >= -reach && distance < reach)) notMinimal.push(`${near} over ${distance} bytes`);
      return isFar
        ? [`${far}, .+8`.replace(/^(b\.\w+),/, '$1'), `b L${target}`]
        : `${near}, L${target}`.replace(/^(b\.\w+),/, '$1');
    });
  };
  const address = (register: number, target: string, label: Label, through?: string): void => {
    const at = buffer.here();
    later.push(code => {
      const distance = code.offsetOf(label) - code.offsetAt(at);
      const isFar = code.offsetAt({ bytes: at.bytes, sites: at.sites + 1 }) - code.offsetAt(at) > 4;
      if (isFar === (distance >= -REACH.address && distance < REACH.address))
        notMinimal.push(`${target} over ${distance} bytes`);
      if (!isFar) return through === undefined ? `adr x${register}, ${target}` : `${through}, ${target}`;
      const scratch = through === undefined ? register : 16;
      const low = distance & 0xfff;
      const pages = (distance - low) / 4096;
      const add = `${pages < 0 ? 'sub' : 'add'} x${scratch}, x${scratch}, #${Math.abs(pages)}, lsl #12`;
      return [`adr x${scratch}, .+${low}`, add, ...(through === undefined ? [] : [`${through}, [x16]`])];
    });
  };

  const gaps = [2 ** 15, 2 ** 20, 2 ** 20 / 3, 2 ** 15 / 5];
  for (const [at, label] of labels.entries()) {
    buffer.bind(label);
    later.push(() => `L${at}:`);
    for (let some = random(16); some > 0; some--) {
      const target = someTarget(random, at, count, 2);
      const to = labels[target]!;
      const register = gpr(random(31));
      switch (random(9)) {
        case 0:
          emit('b label', to);
          later.push(() => `b L${target}`);
          break;
        case 1:
          emit('bl label', to);
          later.push(() => `bl L${target}`);
          break;
        case 2: {
          const names = Object.keys(cond) as (keyof typeof cond)[];
          const code = random(names.length);
          jump(`b.${names[code]}`, `b.${names[code ^ 1]}`, target, REACH.branch19);
          emit('b.{cc} label', cond[names[code]!], to);
          break;
        }
        case 3:
        case 4: {
          const [name, other] = random(2) === 0 ? (['cbz', 'cbnz'] as const) : (['cbnz', 'cbz'] as const);
          const kind = random(2) === 0 ? 'X' : 'W';
          const operand = kind.toLowerCase() + register;
          jump(`${name} ${operand}`, `${other} ${operand}`, target, REACH.branch19);
          emit(`${name} ${kind}t, label`, register, to);
          break;
        }
        case 5:
        case 6: {
          const [name, other] = random(2) === 0 ? (['tbz', 'tbnz'] as const) : (['tbnz', 'tbz'] as const);
          const bit = random(64);
          const operands = `${bit < 32 ? 'w' : 'x'}${register}, #${bit}`;
          jump(`${name} ${operands}`, `${other} ${operands}`, target, REACH.branch14);
          if (bit < 32) emit(`${name} Wt, #uimm5, label`, register, uimm5(bit), to);
          else emit(`${name} Xt, #upper5, label`, register, upper5(bit), to);
          break;
        }
        case 7:
          address(register, `L${target}`, to);
          emit('adr Xd, label', register, to);
          break;
        case 8: {
          const kind = random(4);
          const name = `${'dqxw'[kind]}${register}`;
          address(16, `L${target}`, to, `ldr ${name}`);
          if (kind === 0) emit('ldr Dt, label', vec(register), to);
          else if (kind === 1) emit('ldr Qt, label', vec(register), to);
          else if (kind === 2) emit('ldr Xt, label', register, to);
          else emit('ldr Wt, label', register, to);
        }
      }
    }
    // Gaps that add up to a little less or more than a reach.
    const words = Math.floor(gaps[random(gaps.length)]! / 4) + random(40) - 30;
    for (let word = 0; word < words; word++) buffer.word32(0xd503_201f);
    later.push(() => `.fill ${words}, 4, 0xd503201f`);
  }
  const code = finished(buffer);
  return { source: later.flatMap(text => text(code)), bytes: code.bytes, notMinimal };
}
