// Making a disagreement small: parts are left out, put in the place of what they are a part of, or replaced by the simplest thing of
// their type, as long as the program stays valid and the engines go on to disagree. Greedy, largest steps first (Zeller and
// Hildebrandt's delta debugging, 2002, on a tree instead of a list).
import type { Type } from '../../src/core/type.ts';
import { sameType } from '../../src/lang/ilo/verify-types.ts';
import type { Call } from './call.ts';
import { unitOf } from './campaign.ts';
import { compareCall, type Disagreement } from './compare.ts';
import { leaf, type Node, print, visit, withParts } from './generate/tree.ts';
import type { Plain } from './values.ts';

export interface Shrunk {
  readonly tree: Node;
  readonly text: string;
  readonly disagreement: Disagreement;
}

/** What one shrinking may cost. */
const MOST_ATTEMPTS = 6000;
const MOST_MILLISECONDS = 30_000;

/** A smaller program and call on which the same engine still disagrees. */
export function shrink(tree: Node, disagreement: Disagreement): Shrunk {
  let best: Shrunk = { tree, text: print(tree), disagreement };
  const { engine } = disagreement;
  const end = performance.now() + MOST_MILLISECONDS;
  let attempts = 0;
  const better = (candidate: Node, call: Call): boolean => {
    const text = print(candidate);
    if (candidate !== best.tree && text.length >= best.text.length) return false;
    attempts++;
    const unit = unitOf(text);
    const found = unit?.byName.has(call.name) ? compareCall(unit, call, [engine]) : undefined;
    if (found === undefined) return false;
    best = { tree: candidate, text, disagreement: found };
    return true;
  };
  const more = (): boolean => attempts < MOST_ATTEMPTS && performance.now() < end;
  for (let progress = true; progress && more(); ) {
    progress = false;
    for (const call of smallerCalls(best.disagreement.call)) {
      if (!more()) break;
      if (better(best.tree, call)) progress = true;
    }
    for (const candidate of smallerTrees(best.tree)) {
      if (!more()) break;
      if (!better(candidate, best.disagreement.call)) continue;
      progress = true;
      break;
    }
  }
  return best;
}

/** Trees that are smaller in one place, places further out first. */
function* smallerTrees(node: Node): Generator<Node> {
  if (node.sequence) yield* withoutSome(node);
  if (node.sort === 'block') yield* withInnerBlocks(node);
  if (node.sort === 'expression') yield* simpler(node);
  for (let i = 0; i < node.parts.length; i++)
    for (const part of smallerTrees(node.parts[i]!)) yield withParts(node, node.parts.with(i, part));
}

/** Halves left out, then quarters, down to single parts. */
function* withoutSome(node: Node): Generator<Node> {
  const { parts } = node;
  for (let size = parts.length; size >= 1; size = size >> 1)
    for (let start = 0; start < parts.length; start += size)
      yield withParts(node, [...parts.slice(0, start), ...parts.slice(start + size)]);
}

/** Statements of a block inside a statement in the place of that statement. */
function* withInnerBlocks(node: Node): Generator<Node> {
  for (let i = 0; i < node.parts.length; i++) {
    const inner: Node[] = [];
    visit(node.parts[i]!, each => {
      if (each.sort === 'block') inner.push(each);
    });
    for (const { parts } of inner) yield withParts(node, node.parts.toSpliced(i, 1, ...parts));
  }
}

/** The simplest expression of the same type, then the expressions inside that are of the type. */
function* simpler(node: Node): Generator<Node> {
  const type = node.type!;
  const text = print(node);
  for (const simple of simplest(type)) if (simple.length < text.length) yield leaf('literal', type, simple);
  const inner: Node[] = [];
  for (const part of node.parts)
    visit(part, each => {
      if (each.sort === 'expression' && (type.kind === 'any' || sameType(each.type!, type))) inner.push(each);
    });
  yield* inner.sort((a, b) => print(a).length - print(b).length);
}

function simplest(type: Type): readonly string[] {
  switch (type.kind) {
    case 'num':
      return ['0', '1', 'k'];
    case 'text':
      return ['""', '"a"'];
    case 'bool':
      return ['true', 'false'];
    case 'list':
      return ['[]'];
    case 'map':
      return ['mmap'];
    case 'result':
      return ['(~0)', '(~"")', '(^"")'];
    case 'optional':
    case 'nil':
    case 'any':
      return ['nil', '0'];
    default:
      return [];
  }
}

/** Calls without limits, and with simpler arguments. */
function* smallerCalls(call: Call): Generator<Call> {
  const { limits, ...unlimited } = call;
  if (limits !== undefined) yield unlimited;
  if (call.rows !== undefined) {
    yield* smallerColumns(call, call.rows);
    return;
  }
  for (let i = 0; i < call.args.length; i++)
    for (const argument of simplerArguments(call.args[i]!)) yield { ...call, args: call.args.with(i, argument) };
}

function* smallerColumns(call: Call, rows: NonNullable<Call['rows']>): Generator<Call> {
  const { times = 1, lanes, ...once } = call;
  if (lanes !== undefined) yield { ...once, ...(times > 1 && { times }) };
  if (times > 1) {
    yield { ...call, times: times >> 1 };
    // Then rows can be left out one by one.
    yield { ...call, times: 1, rows: Array.from({ length: times }, () => rows).flat() };
  }
  for (let size = rows.length >> 1; size >= 1; size = size >> 1)
    for (let start = 0; start < rows.length; start += size) yield { ...call, rows: rows.toSpliced(start, size) };
  for (const [i, row] of rows.entries())
    for (const [j, argument] of row.entries())
      for (const simpler of simplerArguments(argument)) yield { ...call, rows: rows.with(i, row.with(j, simpler)) };
}

function simplerArguments(argument: Plain): readonly Plain[] {
  if (argument === null || argument === 0 || argument === '' || argument === false) return [];
  if (argument === true) return [false];
  if (typeof argument === 'number') return [0, ...(argument === 1 ? [] : [1])];
  if (typeof argument === 'string') return [''];
  if (typeof argument !== 'object') return [];
  if ('list' in argument)
    return argument.list.flatMap((_, i) => [
      { list: argument.list.toSpliced(i, 1) },
      ...simplerArguments(argument.list[i]!).map(item => ({ list: argument.list.with(i, item) })),
    ]);
  if ('map' in argument) return argument.map.map((_, i) => ({ map: argument.map.toSpliced(i, 1) }));
  return 'num' in argument ? [0, 1] : [];
}
