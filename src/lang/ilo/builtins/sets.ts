// Lists as sets of texts, numbers and bools. A result has every value once, in the order of a key: the kind, then what the
// value prints. So bools come first, then numbers by their digits (10 before 2), then texts; sort again for another order.
import { builtinFault } from '../../../core/fault.ts';
import { checkMapSize } from '../../../core/limits.ts';
import { List } from '../../../core/value/list.ts';
import { describe, showNumber } from '../../../core/value/show.ts';
import { compareText } from '../../../core/value/text-order.ts';
import type { Value } from '../../../core/value/value.ts';
import { argument, ENTRY_BYTES, listArgument, sizeOf, sortSteps } from './arguments.ts';
import type { BuiltinRow, Cost } from './row.ts';

type Name = 'setunion' | 'setinter' | 'setdiff';
type Element = string | number | boolean;

/** The distinct elements: a JavaScript set keeps kinds apart, takes -0 as 0 and every NaN as the same. */
function elements(name: Name, position: string, value: Value): Set<Element> {
  const found = new Set<Element>();
  for (const item of listArgument(name, position, value).view()) {
    if (typeof item !== 'string' && typeof item !== 'number' && typeof item !== 'boolean') {
      throw builtinFault(name, `elements must be text, number, or bool, got ${describe(item)}`);
    }
    found.add(item);
    checkMapSize(found.size);
  }
  return found;
}

function sortKey(element: Element): string {
  if (typeof element === 'string') return `t:${element}`;
  return typeof element === 'number' ? `n:${showNumber(element)}` : `b:${element}`;
}

function sorted(found: Iterable<Element>): Value {
  const keyed = Array.from(found, element => ({ key: sortKey(element), element }));
  keyed.sort((a, b) => compareText(a.key, b.key));
  return new List(keyed.map(({ element }) => element));
}

function cost(args: readonly Value[]): Cost {
  const size = sizeOf(args[0]) + sizeOf(args[1]);
  return { fuel: 1 + sortSteps(size), bytes: 2 * ENTRY_BYTES * size };
}

function setOperation(
  name: Name,
  combine: (a: Set<Element>, b: Set<Element>) => Iterable<Element>,
  doc: string,
  out: string,
): BuiltinRow {
  return {
    name,
    topic: 'sets',
    signatures: [`${name} xs:L a ys:L a > L a`],
    effect: 'pure',
    cost,
    doc: `${doc}, each once, in the order of what they print.`,
    example: { code: `f>L n;${name} [3 1 2] [2 5 3]`, out },
    run: args =>
      sorted(combine(elements(name, 'arg 1', argument(args, 0)), elements(name, 'arg 2', argument(args, 1)))),
  };
}

export const SET_BUILTINS: readonly BuiltinRow[] = [
  setOperation('setunion', (a, b) => new Set([...a, ...b]), 'The elements of either list', '[1, 2, 3, 5]'),
  setOperation('setinter', (a, b) => [...a].filter(element => b.has(element)), 'The elements of both lists', '[2, 3]'),
  setOperation(
    'setdiff',
    (a, b) => [...a].filter(element => !b.has(element)),
    'The elements of the first list alone',
    '[1]',
  ),
];
