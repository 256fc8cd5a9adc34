// From a form and its values to bytes. The values are valid by their types, so nothing is checked here; what a form cannot do (a
// distance that is not known yet) it leaves to the code buffer as a site.
import type { CodeBuffer, Label, SiteForm } from '../buffer.ts';
import type { X64Form, X64Value } from './forms.ts';
import { isImm8, type Memory } from './operands.ts';

/** The form that says the same in the fewest bytes, as GNU as chooses it. */
export function shortest(form: X64Form, values: readonly X64Value[]): X64Form {
  const last = values.at(-1) as number;
  if (form.withImm8 !== undefined && isImm8(last)) return form.withImm8;
  if (form.withOne !== undefined && last === 1) return form.withOne;
  // The accumulator is register 0; a memory operand is an object.
  if (form.withAccumulator !== undefined && values[0] === 0) return form.withAccumulator;
  return form;
}

export function encode(buffer: CodeBuffer, form: X64Form, values: readonly X64Value[]): void {
  if (form.distance >= 0) {
    const site = form.condition >= 0 ? conditionalJump : form.opcode === 0xe9 ? jump : call;
    buffer.site(site, values[form.distance] as Label, form.condition >= 0 ? (values[0] as number) : 0);
    return;
  }
  // A shorter form with a fixed operand has no value for it: its immediate is the last one in any case.
  const immediate = form.immediate >= 0 ? values[values.length - 1]! : undefined;
  const reg = form.reg >= 0 ? (values[form.reg] as number) : form.digit >= 0 ? form.digit : 0;
  const rm = form.rm >= 0 ? (values[form.rm] as number | Memory) : 0;
  const memory = typeof rm === 'object' ? rm : undefined;
  const inOpcode = form.opcodeRegister >= 0 ? (values[form.opcodeRegister] as number) : 0;
  const base = memory === undefined ? (rm as number) | inOpcode : memory.label === undefined ? memory.base : 0;
  const index = memory?.index ?? 0;

  if (form.vex !== undefined) {
    const { length, prefix, map, w } = form.vex;
    const vvvv = form.vvvv >= 0 ? (values[form.vvvv] as number) : 0;
    const low = ((~vvvv & 15) << 3) | (length << 2) | prefix;
    const notR = reg < 8 ? 0x80 : 0;
    if (map === 1 && w === 0 && index < 8 && base < 8) {
      buffer.byte(0xc5);
      buffer.byte(notR | low);
    } else {
      buffer.byte(0xc4);
      buffer.byte(notR | (index < 8 ? 0x40 : 0) | (base < 8 ? 0x20 : 0) | map);
      buffer.byte((w << 7) | low);
    }
  } else {
    if (form.prefix !== 0) buffer.byte(form.prefix);
    const rex = (form.rexW ? 8 : 0) | ((reg >> 3) << 2) | ((index >> 3) << 1) | (base >> 3);
    const newByteRegister = (form.regIsByte && reg >= 4) || (form.rmIsByte && memory === undefined && base >= 4);
    if (rex !== 0 || newByteRegister) buffer.byte(0x40 | rex);
    for (const byte of form.escape) buffer.byte(byte);
  }
  buffer.byte(form.opcode + (inOpcode & 7) + (form.condition >= 0 ? (values[0] as number) : 0));

  if (form.hasModRm) {
    if (memory === undefined) buffer.byte(0xc0 | ((reg & 7) << 3) | (base & 7));
    else encodeMemory(buffer, memory, reg & 7, form.immediateBytes + (form.is4 >= 0 ? 1 : 0));
  }
  if (form.is4 >= 0) buffer.byte((values[form.is4] as number) << 4);
  if (form.predicate >= 0) buffer.byte(values[0] as number);
  else if (form.immediateBytes === 1) buffer.byte((immediate as number) & 0xff);
  else if (form.immediateBytes === 4) buffer.word32(immediate as number);
  else if (form.immediateBytes === 8) {
    buffer.word32(Number(BigInt.asIntN(32, immediate as bigint)));
    buffer.word32(Number((immediate as bigint) >> 32n));
  }
}

/** ModRM, SIB and displacement. `behind` is how many bytes of the instruction follow: distances count from its end. */
function encodeMemory(buffer: CodeBuffer, memory: Memory, reg: number, behind: number): void {
  const { base, index, scale, displacement, label } = memory;
  const modRmReg = reg << 3;
  if (label !== undefined) {
    buffer.byte(modRmReg | 5);
    buffer.site(distanceField, label, behind);
    return;
  }
  // Base 5 without a displacement means something else, so rbp and r13 always have one.
  const mod = displacement === 0 && (base & 7) !== 5 ? 0 : isImm8(displacement) ? 0x40 : 0x80;
  if (index !== undefined) {
    const scaleBits = scale === 1 ? 0 : scale === 2 ? 0x40 : scale === 4 ? 0x80 : 0xc0;
    buffer.byte(mod | modRmReg | 4);
    buffer.byte(scaleBits | ((index & 7) << 3) | (base & 7));
  } else {
    buffer.byte(mod | modRmReg | (base & 7));
    // Base 4 announces a SIB byte, so rsp and r12 need one that names no index.
    if ((base & 7) === 4) buffer.byte(0x24);
  }
  if (mod === 0x40) buffer.byte(displacement & 0xff);
  else if (mod === 0x80) buffer.word32(displacement);
}

const jump: SiteForm = {
  sizes: [2, 5],
  reaches: (variant, distance) => variant === 1 || isImm8(distance - 2),
  write(view, at, variant, distance) {
    view.setUint8(at, variant === 0 ? 0xeb : 0xe9);
    if (variant === 0) view.setInt8(at + 1, distance - 2);
    else view.setInt32(at + 1, distance - 5, true);
  },
};

const conditionalJump: SiteForm = {
  sizes: [2, 6],
  reaches: (variant, distance) => variant === 1 || isImm8(distance - 2),
  write(view, at, variant, distance, condition) {
    if (variant === 0) {
      view.setUint8(at, 0x70 + condition);
      view.setInt8(at + 1, distance - 2);
    } else {
      view.setUint8(at, 0x0f);
      view.setUint8(at + 1, 0x80 + condition);
      view.setInt32(at + 2, distance - 6, true);
    }
  },
};

const call: SiteForm = {
  sizes: [5],
  reaches: () => true,
  write(view, at, _variant, distance) {
    view.setUint8(at, 0xe8);
    view.setInt32(at + 1, distance - 5, true);
  },
};

/** The displacement of a memory operand at a label. */
const distanceField: SiteForm = {
  sizes: [4],
  reaches: () => true,
  write(view, at, _variant, distance, behind) {
    view.setInt32(at, distance - 4 - behind, true);
  },
};

/** The sequences that the manual recommends for one to nine bytes that do nothing. */
const NOPS = [
  [0x90],
  [0x66, 0x90],
  [0x0f, 0x1f, 0x00],
  [0x0f, 0x1f, 0x40, 0x00],
  [0x0f, 0x1f, 0x44, 0x00, 0x00],
  [0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00],
  [0x0f, 0x1f, 0x80, 0x00, 0x00, 0x00, 0x00],
  [0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
  [0x66, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
];

/** Fills `size` bytes with as few instructions that do nothing as can be. */
export function writeNops(view: DataView, at: number, size: number): void {
  for (let left = size; left > 0; ) {
    const nop = NOPS[Math.min(left, 9) - 1]!;
    for (const byte of nop) view.setUint8(at++, byte);
    left -= nop.length;
  }
}
