// All builtins, gathered from the files of their topics. The verifier, lowering and the engines are handed this table.
import { assert } from '../../../base/assert.ts';
import { HIGHER_ORDER_BUILTINS } from './higher-order.ts';
import { JSON_BUILTINS } from './json.ts';
import { LIST_BUILTINS } from './lists.ts';
import { MAP_BUILTINS } from './maps.ts';
import { NUMBER_BUILTINS } from './numbers.ts';
import type { BuiltinRow, BuiltinTable } from './row.ts';
import { SORTING_BUILTINS } from './sorting.ts';

const TOPICS: readonly (readonly BuiltinRow[])[] = [
  NUMBER_BUILTINS,
  LIST_BUILTINS,
  SORTING_BUILTINS,
  HIGHER_ORDER_BUILTINS,
  MAP_BUILTINS,
  JSON_BUILTINS,
];

/** A table of the rows. Asserts that no name or alias stands for two builtins. */
export function makeBuiltinTable(topics: readonly (readonly BuiltinRow[])[]): BuiltinTable {
  const rows = new Map<string, BuiltinRow>();
  const taken = new Set<string>();
  for (const row of topics.flat()) {
    for (const name of [row.name, ...(row.aliases ?? [])]) {
      assert(!taken.has(name), `two builtins are called ${name}`);
      taken.add(name);
    }
    rows.set(row.name, row);
  }
  return Object.freeze({ get: (name: string) => rows.get(name), names: () => rows.keys() });
}

export const BUILTINS: BuiltinTable = makeBuiltinTable(TOPICS);
