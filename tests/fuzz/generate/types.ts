// Types of generated programs: choosing one, and fitting the result of a signature to the type that is wanted.
import {
  ANY,
  BOOL,
  fnOf,
  listOf,
  mapOf,
  NUM,
  named,
  optionalOf,
  resultOf,
  TEXT,
  type Type,
} from '../../../src/core/type.ts';
import { type Bindings, isTypeVariable } from '../../../src/lang/ilo/builtins/signature.ts';
import { sameType } from '../../../src/lang/ilo/verify-types.ts';
import type { Chooser } from '../random.ts';

export interface RecordType {
  readonly name: string;
  readonly fields: readonly { readonly name: string; readonly type: Type }[];
}

export const COLOURS: Type = { kind: 'sum', variants: ['red', 'green', 'blue'] };

/** How likely each kind is; numbers are what engines treat in the most ways. */
const KINDS = [
  ['num', 40],
  ['text', 14],
  ['bool', 8],
  ['list', 14],
  ['record', 9],
  ['map', 5],
  ['result', 5],
  ['optional', 4],
  ['any', 4],
  ['sum', 1],
] as const;

/** A type of values, nested at most so deep. Functions are only asked for by name: see someFunctionType. */
export function someType(choose: Chooser, records: readonly RecordType[], depth = 2): Type {
  const kinds = depth === 0 ? KINDS.slice(0, 3) : KINDS;
  const inner = (): Type => someType(choose, records, depth - 1);
  switch (choose.weighted(kinds, ([, weight]) => weight)![0]) {
    case 'num':
      return NUM;
    case 'text':
      return TEXT;
    case 'bool':
      return BOOL;
    case 'list':
      return listOf(inner());
    case 'record':
      return records.length === 0 ? NUM : named(choose.pick(records).name);
    case 'map':
      return mapOf(choose.chance(70) ? TEXT : NUM, inner());
    case 'result':
      return resultOf(inner(), TEXT);
    case 'optional':
      return optionalOf(choose.chance(70) ? NUM : TEXT);
    case 'any':
      return ANY;
    case 'sum':
      return COLOURS;
  }
}

export function someFunctionType(choose: Chooser, records: readonly RecordType[]): Type {
  if (choose.chance(60)) return choose.pick(COMMON_FUNCTIONS);
  const count = choose.chance(5) ? 0 : 1 + choose.below(2);
  return fnOf(
    Array.from({ length: count }, () => someType(choose, records, 1)),
    someType(choose, records, 1),
  );
}

/** Functions can only meet where their types do. */
const COMMON_FUNCTIONS: readonly Type[] = [
  fnOf([NUM], NUM),
  fnOf([NUM], BOOL),
  fnOf([NUM, NUM], NUM),
  fnOf([TEXT], TEXT),
];

/** The types that one program mostly uses, so that its parts have something to give each other, and how many of a hundred are these. */
export interface Palette {
  readonly types: readonly Type[];
  readonly share: number;
  /** Whether there is only what can be computed in several rows of columns at once. */
  readonly lanes?: true;
}

export function somePalette(choose: Chooser, records: readonly RecordType[]): Palette {
  switch (choose.below(11)) {
    case 0:
      // Next to nothing is known before it runs.
      return { types: [ANY, ANY, ANY, NUM], share: 70 };
    case 1:
    case 2:
    case 3: {
      // Numbers, and what engines lay out for them.
      const own = records.map(record => named(record.name));
      return { types: [NUM, NUM, NUM, BOOL, listOf(NUM), ...own], share: 96 };
    }
    case 4:
      return { types: [NUM, NUM, NUM, NUM, BOOL], share: 100, lanes: true };
    case 5:
      // What machine code keeps in parts.
      return { types: [NUM, NUM, BOOL, resultOf(NUM, TEXT), optionalOf(NUM)], share: 98 };
    default:
      return { types: Array.from({ length: 2 + choose.below(3) }, () => someType(choose, records)), share: 60 };
  }
}

/** Binds the variables of a signature's type so that it becomes the wanted type; false when it cannot. */
export function unify(pattern: Type, wanted: Type, bindings: Bindings): boolean {
  if (isTypeVariable(pattern)) {
    const { name } = pattern;
    const before = bindings.get(name);
    if (before !== undefined) return sameType(before, wanted);
    if (name === 'k' && wanted.kind !== 'num' && wanted.kind !== 'text') return false;
    bindings.set(name, wanted);
    return true;
  }
  if (pattern.kind !== wanted.kind) return false;
  switch (pattern.kind) {
    case 'list':
    case 'optional':
      return unify(pattern.of, (wanted as typeof pattern).of, bindings);
    case 'map': {
      const { key, value } = wanted as typeof pattern;
      return unify(pattern.key, key, bindings) && unify(pattern.value, value, bindings);
    }
    case 'result': {
      const { ok, err } = wanted as typeof pattern;
      return unify(pattern.ok, ok, bindings) && unify(pattern.err, err, bindings);
    }
    default:
      return sameType(pattern, wanted);
  }
}
