// The code buffer: where the encoders of both architectures put their bytes.
//
// The problem: the size of a jump depends on how far its label is, and how far the label is depends on the sizes of the jumps
// between. The idea: an instruction that mentions a label is not written when it is emitted. It becomes a *site*: a place in the
// stream of plain bytes, a form of that instruction with one or more sizes, and the label. `finish` gives every site its smallest
// size, lets the ones that do not reach grow until nothing changes, and only then lays out bytes and sites side by side.
// Sizes only grow, so this ends, and in the smallest code; it is also what GNU as does, and the tests compare the two.
//
// A place is a pair: an offset in the plain bytes, and the number of sites before it. Labels and position marks are places too, so
// nothing has to be moved when a site grows.
//
// Constants are collected while code is emitted (equal ones once) and stand behind it, 16- or 32-byte aligned ones first.
// The code must start at an address that is a multiple of `CODE_ALIGNMENT`.
//
// Too much code is a result, not an exception: from the cap on, bytes are dropped and `finish` says so.
import { assert } from '../../base/assert.ts';

declare const labelBrand: unique symbol;
/** A position in the code, bound or still to be bound. */
export type Label = number & { readonly [labelBrand]: true };

/** What the start of the code has to be a multiple of, so that constants and loop heads are aligned. */
export const CODE_ALIGNMENT = 64;

/** An instruction, or a field of one, whose bytes depend on the distance to a label. */
export interface SiteForm {
  /** In bytes, by variant, from the smallest on. */
  readonly sizes: readonly number[];
  /** Whether a variant reaches a label that lies `distance` bytes behind the start of the site (negative: before it). */
  reaches(variant: number, distance: number): boolean;
  /** Writes the variant at `at`. `detail` is what was given when the site was emitted. */
  write(view: DataView, at: number, variant: number, distance: number, detail: number): void;
}

/** Fills up to `size` bytes of the code with instructions that do nothing. */
export type Padding = (view: DataView, at: number, size: number) => void;

/** Where in the finished code an instruction of which source position begins; both sorted by `offset`. */
export interface PositionMarks {
  readonly offsets: Uint32Array;
  readonly positions: Int32Array;
}

export interface FinishedCode {
  readonly kind: 'code';
  /** Instructions, then constants. */
  readonly bytes: Uint8Array;
  /** How many of the bytes are instructions. */
  readonly codeBytes: number;
  marks(): PositionMarks;
  offsetOf(label: Label): number;
  /** Where something that stands at this place went. */
  offsetAt(place: Place): number;
}

export interface CodeTooLarge {
  readonly kind: 'too-large';
  readonly maxBytes: number;
}

/** A place in a stream whose sites have no size yet. */
export interface Place {
  readonly bytes: number;
  readonly sites: number;
}

/** After so many rounds every site that still grows takes its largest size: nobody writes such code, but somebody may generate it. */
const MAX_ROUNDS = 200;

const alignedUp = (offset: number, alignment: number): number => (offset + alignment - 1) & -alignment;

/** Where plain bytes are put: enough for most code. */
const ROOM = 4096;

interface Room {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView;
}

/** What the last finished buffer needs no more: to make one takes longer than to fill it. */
let spare: Room | undefined;

function newRoom(size: number): Room {
  const bytes = new Uint8Array(size);
  return { bytes, view: new DataView(bytes.buffer) };
}

export class CodeBuffer {
  readonly maxBytes: number;
  private bytes: Uint8Array<ArrayBuffer>;
  private view: DataView;
  private length = 0;
  private overflow = false;

  private readonly siteBytes: number[] = [];
  /** The form, or an alignment: a site without a label that fills up to a multiple of `siteDetail`. */
  private readonly siteForms: (SiteForm | Padding)[] = [];
  private readonly siteLabels: number[] = [];
  private readonly siteDetails: number[] = [];

  private readonly labelBytes: number[] = [];
  private readonly labelSites: number[] = [];

  private readonly markBytes: number[] = [];
  private readonly markSites: number[] = [];
  private readonly markPositions: number[] = [];

  /** All but NaN and -0, which a map takes for 0. */
  private readonly doubles = new Map<number, Label>();
  private readonly constants = new Map<string, PooledConstant>();

  constructor(maxBytes = 16 * 1024 * 1024) {
    this.maxBytes = maxBytes;
    const { bytes, view } = spare ?? newRoom(ROOM);
    spare = undefined;
    this.bytes = bytes;
    this.view = view;
  }

  // Plain bytes

  byte(value: number): void {
    if (this.length === this.bytes.length) this.grow();
    this.bytes[this.length++] = value;
  }

  word32(value: number): void {
    if (this.length + 4 > this.bytes.length) this.grow();
    this.view.setInt32(this.length, value, true);
    this.length += 4;
  }

  /** Code that is finished already, and the same wherever it stands. */
  append(code: Uint8Array): void {
    for (const byte of code) this.byte(byte);
  }

  private grow(): void {
    if (this.bytes.length >= this.maxBytes) {
      // The bytes up to here are lost; nobody will see them.
      this.overflow = true;
      this.length = 0;
      return;
    }
    const larger = new Uint8Array(Math.min(this.bytes.length * 2, this.maxBytes + 16));
    larger.set(this.bytes);
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }

  /** Leaves the room to the next buffer. */
  private giveBack(): void {
    if (this.bytes.length === ROOM) spare = { bytes: this.bytes, view: this.view };
    this.bytes = new Uint8Array(0);
  }

  /** Whether the code is too large already; who emits in a loop may stop then. */
  get full(): boolean {
    return this.overflow;
  }

  // Labels, marks and sites

  label(): Label {
    this.labelSites.push(-1);
    return (this.labelBytes.push(-1) - 1) as Label;
  }

  /** Lets the label stand for the present end of the code. */
  bind(label: Label): void {
    assert(this.labelSites[label] === -1, 'a label is bound once');
    this.labelBytes[label] = this.length;
    this.labelSites[label] = this.siteForms.length;
  }

  /** The instructions from here on, up to the next mark, belong to a source position. */
  mark(position: number): void {
    const last = this.markPositions.length - 1;
    if (this.markPositions[last] === position) return;
    if (this.markBytes[last] === this.length && this.markSites[last] === this.siteForms.length) {
      this.markPositions[last] = position;
      return;
    }
    this.markBytes.push(this.length);
    this.markSites.push(this.siteForms.length);
    this.markPositions.push(position);
  }

  here(): Place {
    return { bytes: this.length, sites: this.siteForms.length };
  }

  site(form: SiteForm, label: Label, detail = 0): void {
    this.addSite(form, label, detail);
  }

  /** Goes on at a multiple of `alignment` (a power of two up to CODE_ALIGNMENT). */
  align(alignment: number, padding: Padding): void {
    assert(
      alignment <= CODE_ALIGNMENT && (alignment & (alignment - 1)) === 0,
      'an alignment is a power of two up to 64',
    );
    this.addSite(padding, -1, alignment);
  }

  private addSite(form: SiteForm | Padding, label: number, detail: number): void {
    if (this.siteForms.length * 2 > this.maxBytes) {
      this.overflow = true;
      return;
    }
    this.siteBytes.push(this.length);
    this.siteForms.push(form);
    this.siteLabels.push(label);
    this.siteDetails.push(detail);
  }

  // Constants

  /** The label of eight bytes that hold a double; every NaN is the same one. */
  double(value: number): Label {
    if (Number.isNaN(value)) return this.pooled([QUIET_NAN]);
    if (Object.is(value, -0)) return this.pooled([MINUS_ZERO]);
    const known = this.doubles.get(value);
    if (known !== undefined) return known;
    const label = this.label();
    this.doubles.set(value, label);
    this.countConstants();
    return label;
  }

  /** The label of 16 or 32 aligned bytes that hold a double, or a mask, in every lane. */
  lanes(bits: bigint, count: 2 | 4): Label {
    return this.pooled(Array.from({ length: count }, () => bits));
  }

  /** The label of one, two or four 64-bit words, aligned to their size. */
  pooled(words: readonly bigint[]): Label {
    assert(words.length === 1 || words.length === 2 || words.length === 4, 'a constant has 8, 16 or 32 bytes');
    const key = words.join();
    const known = this.constants.get(key);
    if (known !== undefined) return known.label;
    const label = this.label();
    this.constants.set(key, { label, words });
    this.countConstants();
    return label;
  }

  private countConstants(): void {
    if ((this.constants.size + this.doubles.size) * 8 > this.maxBytes) this.overflow = true;
  }

  // Layout

  /** Sizes every site, fills in distances, and puts the constants behind the code. The buffer is of no use afterwards. */
  finish(): FinishedCode | CodeTooLarge {
    const tooLarge: CodeTooLarge = { kind: 'too-large', maxBytes: this.maxBytes };
    if (this.overflow) return tooLarge;
    const variants = new Uint8Array(this.siteForms.length);
    // Offset of a place: its bytes, and the sizes of the sites before it.
    const before = new Int32Array(this.siteForms.length + 1);
    const constants = [...this.constants.values()].sort((a, b) => b.words.length - a.words.length);
    for (let round = 0; ; round++) {
      this.sumSizes(variants, before);
      if (this.placeConstants(constants, before) > this.maxBytes) return tooLarge;
      if (!this.growSites(variants, before, round >= MAX_ROUNDS)) break;
    }
    const codeBytes = this.length + before[this.siteForms.length]!;
    const bytes = new Uint8Array(this.placeConstants(constants, before));
    this.layOut(bytes, variants, before);
    this.giveBack();
    const view = new DataView(bytes.buffer);
    for (const { label, words } of constants) {
      const at = this.offset(label, before);
      for (const [index, word] of words.entries()) view.setBigUint64(at + index * 8, word, true);
    }
    for (const [value, label] of this.doubles) view.setFloat64(this.offset(label, before), value, true);
    return {
      kind: 'code',
      bytes,
      codeBytes,
      // Only listings have them.
      marks: () => ({
        offsets: Uint32Array.from(this.markBytes, (at, index) => at + before[this.markSites[index]!]!),
        positions: Int32Array.from(this.markPositions),
      }),
      offsetOf: label => this.offset(label, before),
      offsetAt: place => place.bytes + before[place.sites]!,
    };
  }

  private offset(label: number, before: Int32Array): number {
    const sites = this.labelSites[label]!;
    assert(sites !== -1, 'every label that is used is bound');
    return this.labelBytes[label]! + before[sites]!;
  }

  private sumSizes(variants: Uint8Array, before: Int32Array): void {
    let sum = 0;
    for (let site = 0; site < variants.length; site++) {
      before[site] = sum;
      const form = this.siteForms[site]!;
      if (typeof form === 'function') sum += -(this.siteBytes[site]! + sum) & (this.siteDetails[site]! - 1);
      else sum += form.sizes[variants[site]!]!;
    }
    before[variants.length] = sum;
  }

  /** Binds the labels of the constants. Gives where they end. */
  private placeConstants(constants: readonly PooledConstant[], before: Int32Array): number {
    const sites = this.siteForms.length;
    let at = this.length + before[sites]!;
    const place = (label: Label, size: number): void => {
      at = alignedUp(at, size);
      this.labelBytes[label] = at - before[sites]!;
      this.labelSites[label] = sites;
      at += size;
    };
    for (const { label, words } of constants) place(label, words.length * 8);
    for (const label of this.doubles.values()) place(label, 8);
    return at;
  }

  /** Lets every site that does not reach its label take the next larger variant. Gives whether any did. */
  private growSites(variants: Uint8Array, before: Int32Array, atOnce: boolean): boolean {
    let grown = false;
    for (let site = 0; site < variants.length; site++) {
      const form = this.siteForms[site]!;
      if (typeof form === 'function') continue;
      const distance = this.offset(this.siteLabels[site]!, before) - (this.siteBytes[site]! + before[site]!);
      const last = form.sizes.length - 1;
      if (atOnce && variants[site]! < last) {
        variants[site] = last;
        grown = true;
      }
      while (!form.reaches(variants[site]!, distance)) {
        assert(variants[site]! < last, 'the largest variant reaches everything below the cap');
        variants[site]!++;
        grown = true;
      }
    }
    return grown;
  }

  private layOut(bytes: Uint8Array, variants: Uint8Array, before: Int32Array): void {
    const view = new DataView(bytes.buffer);
    let from = 0;
    for (let site = 0; site < variants.length; site++) {
      const to = this.siteBytes[site]!;
      bytes.set(this.bytes.subarray(from, to), from + before[site]!);
      from = to;
      const at = to + before[site]!;
      const form = this.siteForms[site]!;
      if (typeof form === 'function') form(view, at, before[site + 1]! - before[site]!);
      else
        form.write(
          view,
          at,
          variants[site]!,
          this.offset(this.siteLabels[site]!, before) - at,
          this.siteDetails[site]!,
        );
    }
    bytes.set(this.bytes.subarray(from, this.length), from + before[variants.length]!);
  }
}

interface PooledConstant {
  readonly label: Label;
  readonly words: readonly bigint[];
}

const MINUS_ZERO = 1n << 63n;
const QUIET_NAN = 0x7ff8n << 48n;

/** The position of code that belongs to no place in the source. */
export const NOWHERE = -1;

/** The position that the instruction at `offset` belongs to; undefined before the first mark. */
export function positionAt(marks: PositionMarks, offset: number): number | undefined {
  let low = 0;
  let high = marks.offsets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (marks.offsets[middle]! <= offset) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? undefined : marks.positions[low - 1];
}
