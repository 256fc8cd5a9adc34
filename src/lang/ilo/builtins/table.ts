// All builtins, gathered from the files of their topics. The verifier, lowering and the engines are handed this table.
import { assert } from '../../../base/assert.ts';
import { isBuiltinName } from '../../../spec/builtin-names.ts';
import { DATE_BUILTINS } from './dates.ts';
import { FFT_BUILTINS } from './fft.ts';
import { FILE_BUILTINS } from './files.ts';
import { FORMAT_BUILTINS } from './format.ts';
import { HIGHER_ORDER_BUILTINS } from './higher-order.ts';
import { HTTP_BUILTINS } from './http.ts';
import { JSON_BUILTINS } from './json.ts';
import { LINEAR_ALGEBRA_BUILTINS } from './linear-algebra.ts';
import { LIST_BUILTINS } from './lists.ts';
import { MAP_BUILTINS } from './maps.ts';
import { NUMBER_BUILTINS } from './numbers.ts';
import { RANDOM_BUILTINS } from './random.ts';
import { REGEX_BUILTINS } from './regex.ts';
import type { BuiltinRow, BuiltinTable } from './row.ts';
import { SET_BUILTINS } from './sets.ts';
import { SORTING_BUILTINS } from './sorting.ts';
import { STATISTICS_BUILTINS } from './statistics.ts';
import { SYSTEM_BUILTINS } from './system.ts';
import { TEXT_BUILTINS } from './text.ts';

/** A function, because the bundle evaluates the files of the topics when they are first named here. */
const topics = (): readonly (readonly BuiltinRow[])[] => [
  NUMBER_BUILTINS,
  STATISTICS_BUILTINS,
  LINEAR_ALGEBRA_BUILTINS,
  FFT_BUILTINS,
  LIST_BUILTINS,
  SORTING_BUILTINS,
  SET_BUILTINS,
  HIGHER_ORDER_BUILTINS,
  MAP_BUILTINS,
  TEXT_BUILTINS,
  FORMAT_BUILTINS,
  REGEX_BUILTINS,
  JSON_BUILTINS,
  DATE_BUILTINS,
  RANDOM_BUILTINS,
  SYSTEM_BUILTINS,
  FILE_BUILTINS,
  HTTP_BUILTINS,
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

let made: BuiltinTable | undefined;
const table = (): BuiltinTable => {
  made ??= makeBuiltinTable(topics());
  return made;
};

/**
 * The real table. It is made when it is first asked for a builtin: the verifier asks for every name, and a program that uses
 * no builtins starts faster without them.
 */
export const BUILTINS: BuiltinTable = Object.freeze({
  get: (name: string) => (isBuiltinName(name) ? table().get(name) : undefined),
  names: () => table().names(),
});
