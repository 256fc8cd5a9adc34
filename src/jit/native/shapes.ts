// What native code knows of values: their shape. A function is compiled for the shapes that its declaration promises; whoever enters looks
// whether they hold, once. Inside, shapes are found (infer.ts).
//
// A value that may be of several kinds, told apart at run time, is a sum: a plain value, nil, `~v` and `^e`, each at most once. It is kept in
// parts, each with a register of its own: what is in it (a double, a word, a place in the heap; kinds of the same sort share one), and truth
// values that say which alternative it is. With two alternatives one truth value is enough, which says whether it is the second.
//
// Invariant: a part that an alternative has nothing for is 0. So `0 or nil` and `nil` are false alike, whatever came before.
//
// Rejected: a number for the alternative. Truth values are what comparisons, branches, masks on lanes and the border know already.
import type { Type } from '../../core/type.ts';
import type { Shape as RecordKind } from '../../core/value/record.ts';
import type { RegisterClass } from './lir.ts';

/**
 * `never`: nothing comes here. `other`: something that native code has no registers for. `text`: one of the constants of the program, by its
 * number in the code. A list is known by what is in it, a record by the name of its type.
 */
export type Shape = 'never' | 'num' | 'bool' | 'nil' | 'text' | 'other' | ListShape | RecordShape | SumShape;
export type ListShape = `list ${string}`;
export type RecordShape = `record ${string}`;
export type SumShape = `sum ${string}`;

export function isList(shape: Shape): shape is ListShape {
  return shape.startsWith('list ');
}

export function isRecord(shape: Shape): shape is RecordShape {
  return shape.startsWith('record ');
}

export function isSum(shape: Shape): shape is SumShape {
  return shape.startsWith('sum ');
}

/** Doubles have the shape of what never comes, too: nobody will read them. */
export function classOfShape(shape: Shape): RegisterClass {
  return shape === 'num' || shape === 'never' ? 'f' : 'i';
}

/** Whether a value of this shape is copied by copying a word. */
export function isBare(shape: Shape): boolean {
  return shape === 'num' || shape === 'bool' || shape === 'never';
}

// ---- sums

/** The alternatives of a sum, in the order in which they are written. */
const ALTERNATIVES = ['plain', 'nil', 'ok', 'err'] as const;
export type Alternative = (typeof ALTERNATIVES)[number];
/** What each alternative has in it. */
export type Alternatives = ReadonlyMap<Alternative, Shape>;

/** Some alternatives, as bits. */
export const ONLY: Readonly<Record<Alternative, number>> = { plain: 1, nil: 2, ok: 4, err: 8 };
export const ANY_ALTERNATIVE = 15;

const parsed = new Map<SumShape, Alternatives>();

function parse(shape: SumShape): Alternatives {
  let known = parsed.get(shape);
  if (known === undefined) {
    const each = shape.slice('sum '.length).split('|');
    known = new Map(each.map(text => text.split('=') as [Alternative, Shape]));
    parsed.set(shape, known);
  }
  return known;
}

/** What a value may be. `never` and `other` are no alternatives. */
export function alternativesOf(shape: Shape): Alternatives {
  if (isSum(shape)) return parse(shape);
  if (shape === 'never' || shape === 'other') return new Map();
  return new Map([[shape === 'nil' ? 'nil' : 'plain', shape]]);
}

function shapeOfAlternatives(alternatives: Alternatives): Shape {
  if (alternatives.size === 0) return 'never';
  const alone = alternatives.size === 1 ? (alternatives.get('plain') ?? alternatives.get('nil')) : undefined;
  if (alone !== undefined) return alone;
  const present = ALTERNATIVES.filter(each => alternatives.has(each));
  return `sum ${present.map(each => `${each}=${alternatives.get(each)}`).join('|')}`;
}

/** `~v` or `^e` with something of that shape in it. */
export function resultWith(alternative: 'ok' | 'err', inside: Shape): Shape {
  if (inside === 'never') return 'never';
  return inside === 'other' || isSum(inside) ? 'other' : shapeOfAlternatives(new Map([[alternative, inside]]));
}

/** The shape of a value that is known to be one of some alternatives. */
export function narrowed(shape: Shape, alternatives: number): Shape {
  if (alternatives === ANY_ALTERNATIVE || shape === 'other' || shape === 'never') return shape;
  if (!isSum(shape)) return ((shape === 'nil' ? ONLY.nil : ONLY.plain) & alternatives) === 0 ? 'never' : shape;
  const all = parse(shape);
  const left = [...all].filter(([each]) => (ONLY[each] & alternatives) !== 0);
  return left.length === all.size ? shape : shapeOfAlternatives(new Map(left));
}

/** What `v` may be in `~v` and `^v`, or the value itself. */
export function payloadOf(shape: Shape): Shape {
  if (!isSum(shape)) return shape;
  const all = parse(shape);
  const joined = [...all.values()].reduce(joinShapes, 'never');
  // Whether it is nil could be known from several truth values.
  const nilInside = all.get('ok') === 'nil' || all.get('err') === 'nil';
  return isSum(joined) && nilInside ? 'other' : joined;
}

/** What decides whether a sum is true: that it is not nil, or what is in it, which is 0 for nil. Undefined when it would take both. */
export function truthOf(sum: SumShape): 'not nil' | 'inside' | undefined {
  const all = parse(sum);
  const plain = all.get('plain');
  if (plain === undefined || isRecord(plain)) return 'not nil';
  return all.size === 2 && all.has('nil') && (plain === 'num' || plain === 'bool') ? 'inside' : undefined;
}

// ---- parts

/** How a part is kept. `pointer`: a place in the heap. */
export type PartKind = RegisterClass | 'pointer';

export interface Part {
  readonly kind: PartKind;
  /** The alternative that it tells from the others; undefined when it is what is in the value. */
  readonly flag: Alternative | undefined;
}

function kindOfPart(shape: Shape): PartKind {
  return isList(shape) || isRecord(shape) ? 'pointer' : classOfShape(shape);
}

const parts = new Map<Shape, readonly Part[]>();

/** The parts of a value, one unless it is a sum. */
export function partsOf(shape: Shape): readonly Part[] {
  let known = parts.get(shape);
  if (known === undefined) {
    const all = alternativesOf(shape);
    const kinds = new Set([...all.values()].filter(each => each !== 'nil').map(kindOfPart));
    const inside = (['f', 'i', 'pointer'] as const).filter(kind => kinds.has(kind));
    const flags = isSum(shape) ? flagsOf([...all.keys()]) : [];
    known = [
      ...(isSum(shape) ? inside : [kindOfPart(shape)]).map(kind => ({ kind, flag: undefined })),
      ...flags.map((flag): Part => ({ kind: 'i', flag })),
    ];
    parts.set(shape, known);
  }
  return known;
}

function flagsOf(all: readonly Alternative[]): readonly Alternative[] {
  return all.length < 3 ? all.slice(1) : all;
}

/** The part that has what is in a value of that shape: nothing has one for nil. */
export function placeOf(sum: Shape, inside: Shape): number {
  if (inside === 'nil') return -1;
  const kind = kindOfPart(inside);
  return partsOf(sum).findIndex(part => part.flag === undefined && part.kind === kind);
}

/** How a part is passed from and to outside. */
export function registerClassOf({ kind }: Part): RegisterClass {
  return kind === 'f' ? 'f' : 'i';
}

// ---- declarations, and the order of shapes

/** Lists nested more deeply are left to other engines. Without an end, shapes of a function that nests its own result would rise forever. */
const DEEPEST_LIST = 'list '.repeat(8);

/** What lists and records have no place for. */
const NOT_INSIDE: ReadonlySet<Shape> = new Set<Shape>(['other', 'nil', 'text']);

/** Whether a value of this shape can be an item of a list or a field of a record. */
export function fitsInside(shape: Shape): boolean {
  return !NOT_INSIDE.has(shape) && !isSum(shape);
}

export function listOf(item: Shape): Shape {
  return !fitsInside(item) || item.startsWith(DEEPEST_LIST) ? 'other' : `list ${item}`;
}

export function itemOf(list: ListShape): Shape {
  return list.slice('list '.length) as Shape;
}

/** The shape that a declared type promises. */
export function shapeOfType(type: Type): Shape {
  switch (type.kind) {
    case 'num':
    case 'bool':
    case 'text':
      return type.kind;
    case 'sum':
      return 'text';
    case 'list':
      return listOf(shapeOfType(type.of));
    case 'named':
      return `record ${type.name}`;
    case 'optional':
      return joinShapes(shapeOfType(type.of), 'nil');
    case 'nil':
      return 'nil';
    case 'result':
      return joinShapes(resultWith('ok', shapeOfType(type.ok)), resultWith('err', shapeOfType(type.err)));
    default:
      return 'other';
  }
}

export function joinShapes(a: Shape, b: Shape): Shape {
  if (a === b || b === 'never') return a;
  if (a === 'never') return b;
  if (a === 'other' || b === 'other') return 'other';
  if (isList(a) && isList(b)) return listOf(joinShapes(itemOf(a), itemOf(b)));
  const joined = new Map(alternativesOf(a));
  for (const [each, inside] of alternativesOf(b)) {
    const before = joined.get(each) ?? 'never';
    // Two plain values of different kinds, or such in two results.
    if (before !== 'never' && before !== inside && !(isList(before) && isList(inside))) return 'other';
    const after = joinShapes(before, inside);
    if (after === 'other') return 'other';
    joined.set(each, after);
  }
  return shapeOfAlternatives(joined);
}

/** Whether a value of one shape may stand where the other is asked for: an empty list is a list of anything. */
export function fits(shape: Shape, wanted: Shape): boolean {
  return joinShapes(shape, wanted) === wanted;
}

/** The fields of each type of record that is made, and what is in them. */
export interface RecordLayout {
  readonly shape: RecordKind;
  readonly fields: Shape[];
}
