// The syntax tree of ilo. It keeps what the formatter needs (how a call was written, where comments stood) and one
// mutable field per expression, `type`, which the verifier fills and lowering reads.
import type { Span } from '../../base/span.ts';
import type { Type } from '../../core/type.ts';

export interface Param {
  readonly name: string;
  readonly type: Type;
  readonly span: Span;
}

export type Decl = FunctionDecl | TypeDecl | ToolDecl | AliasDecl | UseDecl | ErrorDecl;

export interface FunctionDecl {
  readonly kind: 'function';
  readonly name: string;
  readonly nameSpan: Span;
  readonly params: readonly Param[];
  readonly result: Type;
  readonly body: readonly Stmt[];
  readonly span: Span;
  /** The file this came from through `use`, when it is not the main one. */
  file?: string;
}
export interface TypeDecl {
  readonly kind: 'type';
  readonly name: string;
  readonly nameSpan: Span;
  readonly fields: readonly Param[];
  readonly span: Span;
  file?: string;
}
export interface ToolDecl {
  readonly kind: 'tool';
  readonly name: string;
  readonly nameSpan: Span;
  readonly description: string;
  readonly params: readonly Param[];
  readonly result: Type;
  /** Seconds. */
  readonly timeout: number | undefined;
  readonly retry: number | undefined;
  readonly span: Span;
  file?: string;
}
export interface AliasDecl {
  readonly kind: 'alias';
  readonly name: string;
  readonly nameSpan: Span;
  readonly target: Type;
  readonly span: Span;
  file?: string;
}
export interface UseDecl {
  readonly kind: 'use';
  readonly path: string;
  readonly pathSpan: Span;
  /** undefined: import everything. */
  readonly only: readonly { readonly name: string; readonly span: Span }[] | undefined;
  readonly span: Span;
  file?: string;
}
/** Stands where a declaration could not be parsed, so that later phases keep quiet about it. */
export interface ErrorDecl {
  readonly kind: 'error';
  /** The name, when the header could be read: calls to it are not reported as unknown. */
  readonly name: string | undefined;
  /** Set for a file that could not be imported: any name may have been meant to come from it. */
  readonly anyName?: true;
  readonly span: Span;
  file?: string;
}

export type Stmt =
  | { readonly kind: 'let'; readonly name: string; readonly nameSpan: Span; readonly value: Expr; readonly span: Span }
  | GuardStmt
  | { readonly kind: 'match'; readonly subject: Expr | undefined; readonly arms: readonly Arm[]; readonly span: Span }
  | {
      readonly kind: 'foreach';
      readonly name: string;
      readonly collection: Expr;
      readonly body: readonly Stmt[];
      readonly span: Span;
    }
  | {
      readonly kind: 'range';
      readonly name: string;
      readonly from: Expr;
      readonly to: Expr;
      readonly body: readonly Stmt[];
      readonly span: Span;
    }
  | { readonly kind: 'while'; readonly condition: Expr; readonly body: readonly Stmt[]; readonly span: Span }
  | { readonly kind: 'return'; readonly value: Expr; readonly span: Span }
  | { readonly kind: 'break'; readonly value: Expr | undefined; readonly span: Span }
  | { readonly kind: 'continue'; readonly span: Span }
  | {
      readonly kind: 'destructure';
      readonly names: readonly { readonly name: string; readonly span: Span }[];
      readonly value: Expr;
      readonly span: Span;
    }
  | { readonly kind: 'expr'; readonly value: Expr; readonly span: Span };

/** `cond{body}` runs the body and goes on; `cond{a}{b}` is a value; `cond value` (braceless) returns from the function. */
export interface GuardStmt {
  readonly kind: 'guard';
  readonly condition: Expr;
  readonly negated: boolean;
  readonly body: readonly Stmt[];
  readonly otherwise: readonly Stmt[] | undefined;
  readonly braceless: boolean;
  readonly span: Span;
}

export interface Arm {
  readonly pattern: Pattern;
  readonly body: readonly Stmt[];
  readonly span: Span;
}

export type Pattern =
  | { readonly kind: 'ok'; readonly name: string; readonly span: Span }
  | { readonly kind: 'err'; readonly name: string; readonly span: Span }
  | { readonly kind: 'literal'; readonly value: LiteralValue; readonly span: Span }
  | { readonly kind: 'wildcard'; readonly span: Span }
  | {
      readonly kind: 'is';
      readonly type: 'num' | 'text' | 'bool' | 'list';
      readonly name: string;
      readonly span: Span;
    };

/** Text, number, boolean; nil is null. */
export type LiteralValue = string | number | boolean | null;

/** none; `f! x` returns the error or nil from the enclosing function; `f!! x` ends the program with it. */
export type Unwrap = 'none' | 'propagate' | 'panic';

export type BinaryOp = '+' | '-' | '*' | '/' | '=' | '!=' | '>' | '<' | '>=' | '<=' | '&' | '|' | '+=';

interface Node {
  readonly span: Span;
  /** What the verifier found. undefined until it ran, or in code it did not reach. */
  type?: Type | undefined;
}

export interface LiteralExpr extends Node {
  readonly kind: 'literal';
  readonly value: LiteralValue;
}
export interface RefExpr extends Node {
  readonly kind: 'ref';
  readonly name: string;
}
export interface FieldExpr extends Node {
  readonly kind: 'field';
  readonly object: Expr;
  readonly field: string;
  readonly safe: boolean;
}
export interface IndexExpr extends Node {
  readonly kind: 'index';
  readonly object: Expr;
  readonly index: number;
  readonly safe: boolean;
}
export interface CallExpr extends Node {
  readonly kind: 'call';
  /** The name as resolved: builtin aliases are already their short form. */
  readonly name: string;
  /** The name as written, when it was a long alias. */
  readonly alias?: string;
  readonly nameSpan: Span;
  readonly args: readonly Expr[];
  readonly unwrap: Unwrap;
  /** How it was written: `f a b`, `a>>f b` (piped value is the last argument), `$url`, `xs.i` (args: xs, i). */
  readonly form: 'plain' | 'pipe' | 'dollar' | 'dot';
}
export interface BinaryExpr extends Node {
  readonly kind: 'binary';
  readonly op: BinaryOp;
  readonly left: Expr;
  readonly right: Expr;
  readonly infix: boolean;
}
export interface UnaryExpr extends Node {
  readonly kind: 'unary';
  readonly op: '-' | '!';
  readonly operand: Expr;
}
export interface OkExpr extends Node {
  readonly kind: 'ok';
  readonly value: Expr;
}
export interface ErrExpr extends Node {
  readonly kind: 'err';
  readonly value: Expr;
}
export interface ListExpr extends Node {
  readonly kind: 'list';
  readonly items: readonly Expr[];
}
export interface FieldInit {
  readonly name: string;
  readonly value: Expr;
  readonly span: Span;
}
export interface RecordExpr extends Node {
  readonly kind: 'record';
  readonly typeName: string;
  readonly fields: readonly FieldInit[];
}
export interface MatchExpr extends Node {
  readonly kind: 'match';
  readonly subject: Expr | undefined;
  readonly arms: readonly Arm[];
}
export interface CoalesceExpr extends Node {
  readonly kind: 'coalesce';
  readonly value: Expr;
  readonly fallback: Expr;
}
export interface WithExpr extends Node {
  readonly kind: 'with';
  readonly object: Expr;
  readonly updates: readonly FieldInit[];
}
/** All of `?=x 0 10 20`, `?h 1 0` and `?h{1}{0}`; `form` says which. */
export interface TernaryExpr extends Node {
  readonly kind: 'ternary';
  readonly condition: Expr;
  readonly then: Expr;
  readonly otherwise: Expr;
  readonly form: 'prefix' | 'braces';
}
/** `(x:n>n;+x k)`. `captures` are the free variables of the body that are not parameters, functions or builtins, in order of
 * first use; `name` (`__lit_0`, …) is unique in the program and is what upstream calls the lifted function. */
export interface LambdaExpr extends Node {
  readonly kind: 'lambda';
  readonly name: string;
  readonly params: readonly Param[];
  readonly result: Type;
  readonly body: readonly Stmt[];
  readonly captures: readonly string[];
}

export type Expr =
  | LiteralExpr
  | RefExpr
  | FieldExpr
  | IndexExpr
  | CallExpr
  | BinaryExpr
  | UnaryExpr
  | OkExpr
  | ErrExpr
  | ListExpr
  | RecordExpr
  | MatchExpr
  | CoalesceExpr
  | WithExpr
  | TernaryExpr
  | LambdaExpr;

export interface Comment {
  readonly span: Span;
  readonly text: string;
  /** Nothing but blanks before it on its line. */
  readonly ownLine: boolean;
}

export interface Program {
  readonly decls: readonly Decl[];
  readonly comments: readonly Comment[];
  readonly source: string;
}
