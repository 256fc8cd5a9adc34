// The state of one formatting run: the output, the last token written, and what the parser would know at this point.
//
// The formatter writes tokens, and this file decides where two of them would run into one another: `>` and `=` need a blank
// between them, `-` and `3` too unless the negative number is meant. Everything else about blanks is style.
import type { Comment, Stmt } from '../ast.ts';
import type { Callee } from '../cursor.ts';

/** `dense` is one line a declaration, for machines; `expanded` has one statement a line, for people. */
export type Style = 'dense' | 'expanded';

export interface Printer {
  readonly expanded: boolean;
  readonly out: string[];
  /** As in the parser: builtins, and the functions whose header came before this point. */
  readonly callees: Map<string, Callee>;
  /** Prints statements on one line, separated by `;`. Here so that expressions can hold statements. */
  readonly inlineBody: (p: Printer, body: readonly Stmt[]) => void;
  /** Comments in source order, and how many of them are written. */
  readonly comments: readonly Comment[];
  commentsDone: number;
  readonly source: string;
  /** Where the line of this comment begins. */
  lineStartOf: Comment | undefined;
  lineStart: number;
  /** The last token; empty at the beginning of a declaration. */
  last: string;
  /** A blank was written behind it. */
  blank: boolean;
  /** It is a name that, with `>` behind it, would read like the header of a function. */
  afterName: boolean;
  /** Inside a list without commas, where only known functions may be called. */
  bare: boolean;
}

const GLUED: ReadonlySet<string> = new Set(['--', '>=', '<=', '!=', '+=', '>>', '??', '!!', '==', '.?', '..']);

/** Writes a token, with a blank before it when it would otherwise merge with the last one. */
export function emit(p: Printer, token: string): void {
  if (!p.blank && runsTogether(p.last, token)) p.out.push(' ');
  p.out.push(token);
  p.last = token;
  p.blank = false;
  p.afterName = false;
}

/** Writes a name. */
export function emitName(p: Printer, name: string): void {
  emit(p, name);
  p.afterName = true;
}

export function space(p: Printer): void {
  if (p.blank) return;
  p.out.push(' ');
  p.blank = true;
}

/** A blank that only the expanded style has. */
export function airy(p: Printer): void {
  if (p.expanded) space(p);
}

/** Begins a new, indented line inside a declaration. The lexer puts a `;` there. */
export function line(p: Printer, indent: number): void {
  p.out.push('\n', '  '.repeat(indent));
  if (p.last !== '{') p.last = ';';
  p.blank = true;
  p.afterName = false;
}

function runsTogether(last: string, next: string): boolean {
  const before = last.charAt(last.length - 1);
  const after = next.charAt(0);
  if (/\w/.test(before) && /\w/.test(after)) return true;
  return GLUED.has(before + after) || (last === '-' && /\d/.test(after));
}

/** Behind these tokens a `-` with digits is a minus sign and a number, elsewhere a negative number. */
export function splitsNegatives(p: Printer): boolean {
  return p.last === '' || p.last === ';' || p.last === '=' || p.last === '{' || p.last === '(';
}

/** What the parser knows about calling this name as an argument, if it takes arguments. */
export function knownCallee(p: Printer, name: string): Callee | undefined {
  const callee = p.callees.get(name);
  return callee !== undefined && callee.operands > 0 ? callee : undefined;
}
