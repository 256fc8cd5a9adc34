// A generated program is a tree of text: each node is what stands before, between and after its parts. Nothing else has to be known
// to print it or to make it smaller, so a construct is one template and the shrinker handles it without being told.
import type { Type } from '../../../src/core/type.ts';

/** Where a node may stand. The shrinker puts parts in the place of others of their sort only. */
export type Sort = 'expression' | 'statement' | 'block' | 'items' | 'arm' | 'declaration' | 'program';

export interface Node {
  readonly sort: Sort;
  /** What it is, for the report of what was covered. */
  readonly label: string;
  /** Of an expression: what it was made for. */
  readonly type: Type | undefined;
  /** What stands around the parts; of a sequence the opening, the separator and the closing. */
  readonly pieces: readonly string[];
  readonly parts: readonly Node[];
  /** Whether it has as many parts as it likes, so that one may be left out. */
  readonly sequence: boolean;
}

type Template = (pieces: TemplateStringsArray, ...parts: readonly Node[]) => Node;

const template =
  (sort: Sort, label: string, type?: Type): Template =>
  (pieces, ...parts) => ({ sort, label, type, pieces, parts, sequence: false });

/** An expression. All but single words stand in parentheses, so that it may stand anywhere. */
export const expression = (label: string, type: Type): Template => template('expression', label, type);
export const statement = (label: string): Template => template('statement', label);
export const arm = (label: string): Template => template('arm', label);
export const declaration = (label: string): Template => template('declaration', label);

/** A node by its pieces, where a template cannot say how many there are. */
export function assemble(
  sort: Sort,
  label: string,
  type: Type | undefined,
  pieces: readonly string[],
  parts: readonly Node[],
): Node {
  return { sort, label, type, pieces, parts, sequence: false };
}

/** An expression without parts. */
export function leaf(label: string, type: Type, text: string): Node {
  return { sort: 'expression', label, type, pieces: [text], parts: [], sequence: false };
}

/** Text that the shrinker leaves as it is: a header, a name that is bound. */
export function fixed(text: string): Node {
  return { sort: 'items', label: '', type: undefined, pieces: [text], parts: [], sequence: false };
}

export function sequence(
  sort: Sort,
  label: string,
  [open, separator, close]: readonly [string, string, string],
  parts: readonly Node[],
  type?: Type,
): Node {
  return { sort, label, type, pieces: [open, separator, close], parts, sequence: true };
}

/** Statements with `;` between them. */
export const block = (parts: readonly Node[]): Node => sequence('block', '', ['', ';', ''], parts);

export function print(node: Node): string {
  const { pieces, parts } = node;
  if (node.sequence) return pieces[0]! + parts.map(print).join(pieces[1]!) + pieces[2]!;
  let text = pieces[0]!;
  for (let i = 0; i < parts.length; i++) text += print(parts[i]!) + pieces[i + 1]!;
  return text;
}

/** The node with other parts. */
export function withParts(node: Node, parts: readonly Node[]): Node {
  return { ...node, parts };
}

export function visit(node: Node, see: (node: Node) => void): void {
  see(node);
  for (const part of node.parts) visit(part, see);
}

export function countNodes(node: Node): number {
  let count = 1;
  for (const part of node.parts) count += countNodes(part);
  return count;
}
