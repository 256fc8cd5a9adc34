// What can only be decided when the whole source has been read: what an inline function captures, and whether `xs.i` is a
// field or, `i` being a variable, an index. Inside an inline function `i` counts as a variable only if it is bound there or
// captured because something else in the function uses it; a field that happens to be named like an outer variable stays a
// field.
import type { CallExpr, Expr, FieldExpr, FunctionDecl, LambdaExpr } from './ast.ts';
import { type Hooks, isBound, type Scope, walkFunction } from './scope-walk.ts';

export type TooDeep = Hooks['tooDeep'];

/**
 * Completes the tree of one function in place.
 * `recordFields` are the field names of all record types: they are never indices. Calls `tooDeep` for a tree that is.
 */
export function finishFunction(decl: FunctionDecl, recordFields: ReadonlySet<string>, tooDeep: TooDeep): void {
  findCaptures(decl, tooDeep);
  walkFunction(decl, {
    reference: () => {},
    bind: () => {},
    field: (field, scope) => (isIndex(field, scope, recordFields) ? indexCall(field) : field),
    enterLambda: lambda => lambda.captures,
    leaveLambda: () => {},
    tooDeep,
  });
}

function isIndex(field: FieldExpr, scope: Scope, recordFields: ReadonlySet<string>): boolean {
  return !field.safe && isBound(scope, field.field) && !recordFields.has(field.field);
}

/** `xs.i` as `at xs i`. */
function indexCall({ object, field, span }: FieldExpr): CallExpr {
  const nameSpan = { start: span.end - field.length, end: span.end };
  const index: Expr = { kind: 'ref', name: field, span: nameSpan };
  return { kind: 'call', name: 'at', nameSpan, args: [object, index], unwrap: 'none', form: 'dot', span };
}

/** A function or an inline function while its captures are collected. */
interface Frame {
  readonly outer: Frame | undefined;
  readonly lambda: LambdaExpr | undefined;
  /** Everything that is bound anywhere in it. */
  readonly bound: Set<string>;
  /** What it uses and does not bind before, in order of first use. */
  readonly free: Set<string>;
}

function findCaptures(decl: FunctionDecl, tooDeep: TooDeep): void {
  const lambdas: Frame[] = [];
  let frame: Frame = { outer: undefined, lambda: undefined, bound: new Set(), free: new Set() };
  walkFunction(decl, {
    reference: (name, scope) => {
      if (name !== '_' && !isBound(scope, name)) frame.free.add(name);
    },
    bind: name => frame.bound.add(name),
    field: field => field,
    enterLambda: lambda => {
      frame = { outer: frame, lambda, bound: new Set(), free: new Set() };
      lambdas.push(frame);
      return [];
    },
    leaveLambda: (_, scope) => {
      const { free, outer } = frame;
      frame = outer!;
      for (const name of free) if (!isBound(scope, name)) frame.free.add(name);
    },
    tooDeep,
  });
  for (const { lambda, free, outer } of lambdas) {
    const captures = lambda!.captures as string[];
    for (const name of free) if (isBoundOutside(outer, name)) captures.push(name);
  }
}

function isBoundOutside(frame: Frame | undefined, name: string): boolean {
  for (let at = frame; at !== undefined; at = at.outer) if (at.bound.has(name)) return true;
  return false;
}
