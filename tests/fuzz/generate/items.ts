// Statements that read the items of a list, change them, put them back and keep them, in any order and at any place: an engine that changes an item where
// it lies (ir/passes/own-items.ts) must have seen every name of it.
import { listOf, type Type } from '../../../src/core/type.ts';
import type { Chooser } from '../random.ts';
import { type Context, freshName, inner } from './context.ts';
import { list, record, recordNamed } from './leaves.ts';
import { assemble, type Node } from './tree.ts';

export interface ItemNames {
  /** The list, and a name that may hold an old version. */
  readonly xs: string;
  readonly ys: string;
  /** Two items and a total of what was seen. */
  readonly a: string;
  readonly b: string;
  readonly t: string;
  /** A field of the items that is a number. */
  readonly field: string;
  /** Functions that take such a list and give one. */
  readonly functions: readonly string[];
  /** Whether items are kept and put anywhere; otherwise they are only read, changed and put back, and it matters who has read them before. */
  readonly wild: boolean;
}

/** A statement; `counters` are the loops around it, `nesting` says how many statements are. */
export function itemStep(choose: Chooser, names: ItemNames, counters: readonly string[], nesting = 0): string {
  const { xs, ys, a, b, t, field, functions, wild } = names;
  const item = choose.pick([a, a, b]);
  const place = choose.pick(['0', '1', '2', ...counters, ...counters]);
  const changed = (of: string): string => `${of} with ${field}:(+ ${of}.${field} ${choose.below(9)})`;
  const steps = (count: number, inside: readonly string[]): string =>
    Array.from({ length: 1 + choose.below(count) }, () => itemStep(choose, names, inside, nesting + 1)).join(';');
  const counter = `${t}${'ijk'[counters.length]}`;
  const lent = `${t}c${nesting}`;
  const deep = nesting < 4 ? 1 : 0;
  const often = wild ? 1 : 0;
  const above = counters.length === 1 ? 4 * deep : 0;
  const to = choose.pick(['3', `(len ${xs})`]);
  const ways: [number, () => string][] = [
    [4, () => `${item}=${xs}.${place}`],
    [3, () => `${t}=+ ${t} ${item}.${field}`],
    [3, () => `${lent}=${xs}.${place};${xs}=lst ${xs} ${place} (${changed(lent)})`],
    [
      5 * deep,
      () => `${lent}=${xs}.${place};${lent}=${changed(lent)};${steps(2, counters)};${xs}=lst ${xs} ${place} ${lent}`,
    ],
    [deep, () => `>${t} ${choose.below(9)}{${steps(2, counters)}}`],
    [functions.length > 0 ? 2 : 0, () => `${xs}=${choose.pick(functions)} ${xs}`],
    [counters.length > 1 ? 0 : 3 * deep, () => `@${counter} 0..3{${steps(4, [...counters, counter])}}`],
    [above, () => `@${counter} (+ ${counters[0]} 1)..${to}{${steps(4, [...counters, counter])}}`],
    [6 * often, () => `${item}=${changed(item)}`],
    [6 * often, () => `${xs}=lst ${xs} ${place} ${item}`],
    [often, () => `${ys}=${xs}`],
    [often, () => `${a}=${b}`],
    [often, () => `${xs}=+=${xs} ${item}`],
    [often, () => `${xs}=+=${xs} (${changed(item)})`],
  ];
  return choose.weighted(ways, ([weight]) => weight)![1]();
}

/** What all names hold, added to the total. */
export const itemsSeen = ({ xs, ys, a, b, t, field }: ItemNames): readonly string[] => [
  ...[xs, ys].map(each => `@${t}s ${each}{${t}=+ ${t} ${t}s.${field}}`),
  `${t}=+ ${t} + ${a}.${field} ${b}.${field}`,
];

/** A list of records, new or one that is there, and statements about its items. */
export function changedItems(context: Context): readonly Node[] | undefined {
  const { world } = context;
  const { choose, records } = world;
  const hasNumber = (type: Type): type is Type & { readonly kind: 'named' } =>
    type.kind === 'named' && recordNamed(records, type.name)?.fields[0]?.type.kind === 'num';
  const known = context.variables.filter(({ type, fixed }) => !fixed && type.kind === 'list' && hasNumber(type.of));
  const makeable = records.filter(each => each.fields[0]?.type.kind === 'num');
  if (makeable.length === 0) return undefined;
  const found = known.length > 0 && choose.chance(50) ? choose.pick(known) : undefined;
  const of =
    found?.type.kind === 'list' && hasNumber(found.type.of)
      ? recordNamed(records, found.type.of.name)
      : choose.pick(makeable);
  const type: Type = { kind: 'named', name: of.name };
  const [made, ys, a, b, t] = Array.from({ length: 5 }, () => freshName(world, 'v')) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const xs = found?.name ?? made;
  const names: ItemNames = { xs, ys, a, b, t, field: of.fields[0]!.name, functions: [], wild: choose.chance(40) };
  const items = Array.from({ length: 3 }, () =>
    choose.chance(80) ? record(type, of, each => inner(context, each)) : inner(context, type),
  );
  const fresh =
    found === undefined ? [assemble('statement', 'let', undefined, [`${xs}= `, ''], [list(listOf(type), items)])] : [];
  const first = [`${ys}=${choose.pick([xs, '[]'])}`, `${a}=${xs}.0`, `${b}=${xs}.${choose.pick(['0', '1'])}`, `${t}=0`];
  const steps = Array.from({ length: 2 + choose.below(6) }, () => itemStep(choose, names, []));
  const plain = [...first, ...steps, ...itemsSeen(names), `prnt ${t}`].map(text =>
    assemble('statement', 'items', undefined, [text], []),
  );
  return [...fresh, ...plain];
}
