// A program with the role of every part beside it, for readers who do not know the notation yet:
//
//     area w:n h:n>n  -- fn start
//        w:n          -- param → number
//        h:n          -- param → number
//        >n           -- returns number
//        *w h         -- return
import { unreachable } from '../../base/assert.ts';
import type { Type } from '../../core/type.ts';
import type { Decl, FunctionDecl, Param, Program, Stmt } from './ast.ts';
import { formatStatement } from './format/format.ts';
import { textSource, typeSource } from './format/literals.ts';

/** One line: how far it is indented, the code, and what it is. */
type Row = readonly [indent: number, code: string, role: string];

const INDENT = 3;
/** The roles begin at least this far to the right. */
const NARROWEST = 20;

/** Annotates a program. `file` is named in the first line; the result ends in a line break, unless it is empty. */
export function explainProgram(program: Program, file?: string): string {
  const blocks = program.decls.flatMap(decl => {
    const rows = declarationRows(decl, program.source);
    return rows.length === 0 ? [] : [columns(rows)];
  });
  return (file === undefined ? '' : `file: ${file}\n\n`) + blocks.join('\n');
}

function columns(rows: readonly Row[]): string {
  const widths = rows.map(([indent, code]) => indent + [...code].length);
  const column = widths.reduce((widest, width) => Math.max(widest, width), NARROWEST) + 2;
  const lines = rows.map(([indent, code, role], index) => {
    return `${' '.repeat(indent)}${code}${' '.repeat(column - widths[index]!)}-- ${role}\n`;
  });
  return lines.join('');
}

function declarationRows(decl: Decl, source: string): Row[] {
  switch (decl.kind) {
    case 'function':
      return functionRows(decl, source);
    case 'type':
      return [[0, `type ${decl.name} {${decl.fields.map(paramSource).join('; ')}}`, 'type def']];
    case 'tool':
      return [[0, `tool ${header(decl.name, decl.params, decl.result)}`, 'tool']];
    case 'alias':
      return [[0, `alias ${decl.name} ${typeSource(decl.target)}`, 'alias']];
    case 'use': {
      const only = decl.only ? ` [${decl.only.map(({ name }) => name).join(' ')}]` : '';
      return [[0, `use ${textSource(decl.path)}${only}`, 'import']];
    }
    case 'error':
      return [];
    default:
      return unreachable(decl);
  }
}

function functionRows(decl: FunctionDecl, source: string): Row[] {
  const rows: Row[] = [[0, header(decl.name, decl.params, decl.result), 'fn start']];
  for (const param of decl.params) rows.push([INDENT, paramSource(param), `param → ${typeWords(param.type)}`]);
  rows.push([INDENT, `>${typeSource(decl.result)}`, `returns ${typeWords(decl.result)}`]);
  for (const [index, stmt] of decl.body.entries()) {
    // Code of an imported function stands in another text, and code over several lines would break the columns.
    const written = decl.file === undefined ? source.slice(stmt.span.start, stmt.span.end) : '\n';
    const code = written.includes('\n') ? formatStatement(stmt) : written;
    rows.push([INDENT, code, roleOf(stmt, index === decl.body.length - 1)]);
  }
  return rows;
}

function roleOf(stmt: Stmt, isLast: boolean): string {
  switch (stmt.kind) {
    case 'let':
      return `bind → ${stmt.name}`;
    case 'guard':
      return (stmt.otherwise ? 'ternary' : 'guard') + (stmt.negated ? ' !' : '');
    case 'match':
      return 'match';
    case 'foreach':
      return `foreach → ${stmt.name}`;
    case 'range':
      return `for range → ${stmt.name}`;
    case 'while':
      return 'while';
    case 'return':
      return 'ret';
    case 'break':
      return stmt.value ? 'break (value)' : 'break';
    case 'continue':
      return 'continue';
    case 'destructure':
      return `destructure → ${stmt.names.map(({ name }) => name).join(', ')}`;
    case 'expr':
      return isLast ? 'return' : 'expr';
    default:
      return unreachable(stmt);
  }
}

function header(name: string, params: readonly Param[], result: Type): string {
  return `${[name, ...params.map(paramSource)].join(' ')}>${typeSource(result)}`;
}

function paramSource(param: Param): string {
  return `${param.name}:${typeSource(param.type)}`;
}

/** A type in words: `R (L n) t` is "Result ok=list of number err=text". */
function typeWords(type: Type): string {
  switch (type.kind) {
    case 'num':
      return 'number';
    case 'text':
      return 'text';
    case 'bool':
      return 'bool';
    case 'nil':
    case 'any':
      return 'any';
    case 'optional':
      return `optional ${typeWords(type.of)}`;
    case 'list':
      return `list of ${typeWords(type.of)}`;
    case 'map':
      return `map of ${typeWords(type.key)} to ${typeWords(type.value)}`;
    case 'result':
      return `Result ok=${typeWords(type.ok)} err=${typeWords(type.err)}`;
    case 'sum':
      return `one of: ${type.variants.join(', ')}`;
    case 'fn':
      return `fn(${type.params.map(typeWords).join(', ')}) → ${typeWords(type.result)}`;
    case 'named':
      return type.name;
    default:
      return unreachable(type);
  }
}
