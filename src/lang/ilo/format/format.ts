// The formatter. Law: parsing what it gives yields the same tree (same.ts), and formatting again changes nothing.
//
// Prefix notation leaves the parser much to guess, and fits.ts mirrors its rules. In case the mirror is ever wrong the result
// is parsed again and compared: a declaration that does not come back as it was is kept as its author wrote it. So the
// formatter can be unpolished somewhere, but it cannot change a program.
//
// Comments stay. In the dense style, where a declaration has one line only, comments inside it move before it.
import { unreachable } from '../../../base/assert.ts';
import type { Comment, Decl, FunctionDecl, Param, Program, Stmt } from '../ast.ts';
import { builtinCallees, type Callee } from '../cursor.ts';
import { parse } from '../parse.ts';
import { trailing } from './comments.ts';
import { numberSource, textSource, typeSource } from './literals.ts';
import type { Printer, Style } from './printer.ts';
import { sameDeclaration } from './same.ts';
import { printInlineBody, printLines } from './statements.ts';

/**
 * Formats a parsed program, without what it imports. The result ends in a line break, unless it is empty. Declarations with
 * errors are kept as they are.
 */
export function formatProgram(program: Program, style: Style): string {
  const kept = new Set<Decl>(program.decls.filter(decl => decl.kind === 'error'));
  for (let attempt = 0; attempt < 3; attempt++) {
    const text = renderProgram(program, style, kept);
    const changed = changedDeclarations(program, text);
    if (changed === undefined) break;
    if (changed.length === 0) return text;
    for (const decl of changed) kept.add(decl);
  }
  return program.source;
}

/** Every declaration by itself, without comments, for tools that show parts of a program. Imported ones are there too. */
export function formatDeclarations(decls: readonly Decl[], style: Style): ReadonlyMap<Decl, string> {
  const callees = builtinCallees();
  return new Map(
    decls.map(decl => {
      const p = newPrinter('', [], style, callees);
      printDeclaration(p, decl);
      return [decl, p.out.join('')];
    }),
  );
}

/** One statement on one line, without comments. */
export function formatStatement(stmt: Stmt): string {
  const p = newPrinter('', [], 'dense', builtinCallees());
  p.last = ';';
  printInlineBody(p, [stmt]);
  return p.out.join('');
}

/** The declarations that a formatted text does not give back; undefined when it cannot be compared. */
function changedDeclarations(program: Program, text: string): Decl[] | undefined {
  const before = program.decls.filter(isOwn);
  const after = parse(text).program.decls;
  if (before.length !== after.length) return undefined;
  return before.filter((decl, index) => !sameDeclaration(decl, after[index]!));
}

function isOwn(decl: Decl): boolean {
  return decl.file === undefined;
}

function newPrinter(source: string, comments: readonly Comment[], style: Style, callees: Map<string, Callee>): Printer {
  return {
    expanded: style === 'expanded',
    out: [],
    callees,
    inlineBody: printInlineBody,
    comments,
    commentsDone: 0,
    source,
    lineStartOf: undefined,
    lineStart: 0,
    last: '',
    blank: true,
    afterName: false,
    bare: false,
  };
}

/** Formats without the proof. `kept` declarations are copied. */
export function renderProgram(program: Program, style: Style, kept: ReadonlySet<Decl> = new Set()): string {
  const p = newPrinter(program.source, program.comments, style, builtinCallees());
  for (const decl of program.decls) {
    if (!isOwn(decl)) continue;
    if (p.expanded && p.out.length > 0) p.out.push('\n');
    // Inside functions, and only when they are printed as lines, comments have a place of their own.
    const isVerbatim = kept.has(decl);
    const commentsInside = isVerbatim || (p.expanded && decl.kind === 'function');
    commentsBefore(p, commentsInside ? decl.span.start : decl.span.end, decl.span.start);
    if (isVerbatim) {
      p.out.push(program.source.slice(decl.span.start, decl.span.end).trimEnd());
      while ((p.comments[p.commentsDone]?.span.start ?? decl.span.end) < decl.span.end) p.commentsDone++;
      if (decl.kind === 'function') register(p, decl);
    } else printDeclaration(p, decl);
    trailing(p, decl.span.end);
    p.out.push('\n');
  }
  if (p.expanded && p.out.length > 0 && p.commentsDone < p.comments.length) p.out.push('\n');
  commentsBefore(p, Number.POSITIVE_INFINITY, undefined);
  return p.out.join('');
}

/** Comments between declarations, on lines of their own. The expanded style keeps the blank lines among them. */
function commentsBefore(p: Printer, end: number, declStart: number | undefined): void {
  for (;;) {
    const comment = p.comments[p.commentsDone];
    if (comment === undefined || comment.span.start >= end) return;
    p.commentsDone++;
    p.out.push(comment.text, '\n');
    const following = p.comments[p.commentsDone];
    const next = following && following.span.start < end ? following.span.start : declStart;
    if (p.expanded && next !== undefined && hasBlankLine(p.source, comment.span.end, next)) p.out.push('\n');
  }
}

function hasBlankLine(source: string, start: number, end: number): boolean {
  return start < end && /\n[ \t\r]*\n/.test(source.slice(start, end));
}

function printDeclaration(p: Printer, decl: Decl): void {
  p.last = '';
  p.blank = true;
  p.afterName = false;
  switch (decl.kind) {
    case 'function':
      printFunction(p, decl);
      return;
    case 'type': {
      const [open, between, close] = p.expanded ? [' {\n  ', '\n  ', '\n}'] : ['{', ';', '}'];
      const colon = p.expanded ? ': ' : ':';
      const fields = decl.fields.map(field => `${field.name}${colon}${typeSource(field.type, p.expanded)}`);
      p.out.push(`type ${decl.name}`, fields.length === 0 ? '{}' : `${open}${fields.join(between)}${close}`);
      return;
    }
    case 'tool': {
      const [gap, arrow, colon, comma] = p.expanded ? [' ', ' > ', ': ', ', '] : ['', '>', ':', ','];
      const options: string[] = [];
      if (decl.timeout !== undefined) options.push(`timeout${colon}${numberSource(decl.timeout)}`);
      if (decl.retry !== undefined) options.push(`retry${colon}${numberSource(decl.retry)}`);
      const params = decl.params.map(param => paramSource(p, param)).join(' ');
      p.out.push(`tool ${decl.name}${gap}${textSource(decl.description)}${params && ' '}${params}${arrow}`);
      p.out.push(typeSource(decl.result, p.expanded), options.length > 0 ? ` ${options.join(comma)}` : '');
      return;
    }
    case 'alias':
      p.out.push(`alias ${decl.name} ${typeSource(decl.target, p.expanded)}`);
      return;
    case 'use': {
      const only = decl.only === undefined ? '' : ` [${decl.only.map(({ name }) => name).join(' ')}]`;
      p.out.push(`use ${textSource(decl.path)}${only}`);
      return;
    }
    case 'error':
      return;
    default:
      unreachable(decl);
  }
}

function printFunction(p: Printer, decl: FunctionDecl): void {
  register(p, decl);
  const header = [decl.name, ...decl.params.map(param => paramSource(p, param))].join(' ');
  p.out.push(header, p.expanded ? ' > ' : '>', typeSource(decl.result, p.expanded));
  if (p.expanded) {
    p.last = ';';
    printLines(p, decl.body, 1);
  } else {
    p.out.push(';');
    p.last = ';';
    printInlineBody(p, decl.body);
  }
}

function paramSource(p: Printer, param: Param): string {
  return `${param.name}:${typeSource(param.type, p.expanded)}`;
}

/** From its header on, the parser knows how many arguments a function takes. */
function register(p: Printer, decl: FunctionDecl): void {
  let functions = 0;
  for (const [slot, param] of decl.params.entries()) if (param.type.kind === 'fn' && slot < 31) functions |= 1 << slot;
  p.callees.set(decl.name, { operands: decl.params.length, functions });
}
