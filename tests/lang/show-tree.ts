// Trees as short text, so that a test can say what it expects in one line: calls as `f(a, b)`, operators as `(a + b)`,
// choices as `if(c, a, b)`, captures behind a bar.
import { showType } from '../../src/core/type.ts';
import type { Arm, Decl, Expr, FieldInit, Pattern, Stmt } from '../../src/lang/ilo/ast.ts';
import { parse } from '../../src/lang/ilo/parse.ts';

export function showExpression(e: Expr): string {
  switch (e.kind) {
    case 'literal':
      return e.value === null ? 'nil' : Object.is(e.value, -0) ? '-0' : JSON.stringify(e.value);
    case 'ref':
      return e.name;
    case 'field':
      return `${showExpression(e.object)}${e.safe ? '.?' : '.'}${e.field}`;
    case 'index':
      return `${showExpression(e.object)}${e.safe ? '.?' : '.'}${e.index}`;
    case 'call': {
      const mark = { none: '', propagate: '!', panic: '!!' }[e.unwrap];
      const form = e.form === 'plain' ? '' : `${e.form}:`;
      return `${form}${e.name}${mark}(${e.args.map(showExpression).join(', ')})`;
    }
    case 'binary':
      return `(${showExpression(e.left)} ${e.op} ${showExpression(e.right)})`;
    case 'unary':
      return `${e.op}${showExpression(e.operand)}`;
    case 'ok':
      return `~${showExpression(e.value)}`;
    case 'err':
      return `^${showExpression(e.value)}`;
    case 'list':
      return `[${e.items.map(showExpression).join(', ')}]`;
    case 'record':
      return `${e.typeName}{${showFields(e.fields)}}`;
    case 'with':
      return `(${showExpression(e.object)} with ${showFields(e.updates)})`;
    case 'match':
      return `match ${e.subject ? showExpression(e.subject) : ''}{${showArms(e.arms)}}`;
    case 'coalesce':
      return `(${showExpression(e.value)} ?? ${showExpression(e.fallback)})`;
    case 'ternary':
      return `if(${showExpression(e.condition)}, ${showExpression(e.then)}, ${showExpression(e.otherwise)})`;
    case 'lambda': {
      const params = e.params.map(param => `${param.name}:${showType(param.type)}`).join(' ');
      const captures = e.captures.length > 0 ? `|${e.captures.join(' ')}` : '';
      return `${e.name}(${params}>${showType(e.result)}${captures}){${showBody(e.body)}}`;
    }
  }
}

function showFields(fields: readonly FieldInit[]): string {
  return fields.map(field => `${field.name}:${showExpression(field.value)}`).join(' ');
}

function showArms(arms: readonly Arm[]): string {
  return arms.map(arm => `${showPattern(arm.pattern)}: ${showBody(arm.body)}`).join(' | ');
}

export function showPattern(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'ok':
      return `~${pattern.name}`;
    case 'err':
      return `^${pattern.name}`;
    case 'literal':
      return JSON.stringify(pattern.value);
    case 'wildcard':
      return '_';
    case 'is':
      return `${pattern.type} ${pattern.name}`;
  }
}

export function showStatement(s: Stmt): string {
  switch (s.kind) {
    case 'let':
      return `${s.name} = ${showExpression(s.value)}`;
    case 'guard': {
      const head = `${s.braceless ? 'return-if' : 'if'} ${s.negated ? 'not ' : ''}${showExpression(s.condition)}`;
      const otherwise = s.otherwise ? ` else {${showBody(s.otherwise)}}` : '';
      return `${head} {${showBody(s.body)}}${otherwise}`;
    }
    case 'match':
      return `match! ${s.subject ? showExpression(s.subject) : ''}{${showArms(s.arms)}}`;
    case 'foreach':
      return `for ${s.name} in ${showExpression(s.collection)} {${showBody(s.body)}}`;
    case 'range':
      return `for ${s.name} from ${showExpression(s.from)} to ${showExpression(s.to)} {${showBody(s.body)}}`;
    case 'while':
      return `while ${showExpression(s.condition)} {${showBody(s.body)}}`;
    case 'return':
      return `return ${showExpression(s.value)}`;
    case 'break':
      return s.value ? `break ${showExpression(s.value)}` : 'break';
    case 'continue':
      return 'continue';
    case 'destructure':
      return `{${s.names.map(({ name }) => name).join(' ')}} = ${showExpression(s.value)}`;
    case 'expr':
      return showExpression(s.value);
  }
}

export function showBody(body: readonly Stmt[]): string {
  return body.map(showStatement).join('; ');
}

export function showDeclaration(d: Decl): string {
  const params = (list: readonly { name: string; type: Parameters<typeof showType>[0] }[]) =>
    list.map(param => `${param.name}:${showType(param.type)}`).join(' ');
  switch (d.kind) {
    case 'function':
      return `${d.name}(${params(d.params)})>${showType(d.result)} {${showBody(d.body)}}`;
    case 'type':
      return `type ${d.name}{${params(d.fields)}}`;
    case 'tool':
      return `tool ${d.name} ${JSON.stringify(d.description)} (${params(d.params)})>${showType(d.result)} ${d.timeout} ${d.retry}`;
    case 'alias':
      return `alias ${d.name} ${showType(d.target)}`;
    case 'use':
      return `use ${d.path}${d.only ? ` [${d.only.map(({ name }) => name).join(' ')}]` : ''}`;
    case 'error':
      return `error ${d.name}`;
  }
}

/** The declarations of a source that must be well formed. */
export function declarations(source: string): string[] {
  const { program, diagnostics } = parse(source);
  if (diagnostics.length > 0)
    throw new Error(`${source}: ${diagnostics.map(d => `${d.code} ${d.message}`).join(', ')}`);
  return program.decls.map(showDeclaration);
}

/** The body of `f`, a function around the given statements; `params` are its parameters, `before` declarations above it. */
export function body(statements: string, params = '', before = ''): string {
  const { program, diagnostics } = parse(`${before}f ${params}>_;${statements}`);
  if (diagnostics.length > 0)
    throw new Error(`${statements}: ${diagnostics.map(d => `${d.code} ${d.message}`).join(', ')}`);
  const decl = program.decls.at(-1);
  return decl?.kind === 'function' ? showBody(decl.body) : 'no function';
}

/** Codes and the source text they point at, in order. */
export function mistakes(source: string): string[] {
  return parse(source).diagnostics.map(({ code, labels }) => {
    const span = labels[0]?.span;
    return `${code} ${span ? source.slice(span.start, span.end) : ''}`.trim();
  });
}
