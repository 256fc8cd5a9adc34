// What lowering knows while it works on one function: scopes from names to slots, the loops around it, and the program's
// tables. Slots are never reused, so a slot has one name and later engines can print it.
import type { Span } from '../../../base/span.ts';
import type { CoreExpr, CoreFunction, CoreStmt } from '../../../core/core.ts';
import { Shape } from '../../../core/value/record.ts';
import type { Arm, Expr, Stmt, TypeDecl } from '../ast.ts';
import type { BuiltinTable } from '../builtins/row.ts';

export interface Binding {
  readonly slot: number;
  readonly name: string;
  /** Bound only inside a `wh` body that may have been skipped. */
  maybeEmpty: boolean;
}

/** Where the value of a statement goes. */
export type Destination =
  | { readonly to: 'nowhere' }
  | { readonly to: 'return' }
  | { readonly to: 'slot'; readonly slot: number };

export const NOWHERE: Destination = { to: 'nowhere' };
export const RETURN: Destination = { to: 'return' };

export interface Loop {
  /** Where `brk value` puts its value; undefined when nobody reads the loop's value. */
  readonly resultSlot: number | undefined;
}

/** Statement lowering, handed to expression lowering (a match or a lambda contains statements) without an import cycle. */
export interface StatementLowering {
  readonly body: (stmts: readonly Stmt[], destination: Destination, fn: FunctionBuilder, out: CoreStmt[]) => void;
  readonly match: (match: MatchLike, destination: Destination, fn: FunctionBuilder, out: CoreStmt[]) => void;
}

/** A match as a statement or as an expression. */
export interface MatchLike {
  readonly subject: Expr | undefined;
  readonly arms: readonly Arm[];
  readonly span: Span;
}

/** The parts of a program that all its functions share. */
export class UnitBuilder {
  readonly functions: CoreFunction[] = [];
  readonly byName = new Map<string, number>();
  readonly toolByName = new Map<string, number>();
  /** Whether a builtin is named that touches something outside. */
  namesEffects = false;
  private readonly builtins: BuiltinTable;
  readonly statements: StatementLowering;
  private readonly shapes = new Map<string, Shape>();
  private readonly types: ReadonlyMap<string, TypeDecl>;

  constructor(builtins: BuiltinTable, types: ReadonlyMap<string, TypeDecl>, statements: StatementLowering) {
    this.builtins = builtins;
    this.statements = statements;
    this.types = types;
  }

  /** Whether a name is that of a builtin; called for every name that an expression keeps. */
  nameBuiltin(name: string): boolean {
    const row = this.builtins.get(name);
    if (row === undefined) return false;
    this.namesEffects ||= row.effect !== 'pure';
    return true;
  }

  /** The shape of a record type, its fields in declaration order; undeclared types get their fields as written. */
  shape(typeName: string, written: readonly string[]): Shape {
    const declared = this.types.get(typeName);
    if (!declared) return new Shape(typeName, written);
    let shape = this.shapes.get(typeName);
    if (!shape) {
      shape = new Shape(
        typeName,
        declared.fields.map(field => field.name),
        declared.fields.some(field => field.type.kind !== 'num'),
      );
      this.shapes.set(typeName, shape);
    }
    return written.every(name => shape.indexOf(name) !== undefined) && written.length === shape.names.length
      ? shape
      : new Shape(typeName, written);
  }
}

interface Scope {
  readonly bindings: Map<string, Binding>;
  /** Its names, in the order in which they were first bound. */
  readonly names: string[];
}

const newScope = (): Scope => ({ bindings: new Map(), names: [] });

export class FunctionBuilder {
  readonly unit: UnitBuilder;
  slots = 0;
  readonly loops: Loop[] = [];
  /** Where the value of the statement before the current one is kept, for `?{…}` without a subject. */
  lastSlot: number | undefined;
  private readonly scopes: Scope[] = [newScope()];

  constructor(unit: UnitBuilder) {
    this.unit = unit;
  }

  newSlot(): number {
    return this.slots++;
  }

  find(name: string): Binding | undefined {
    for (let i = this.scopes.length - 1; i >= 0; i--) {
      const binding = this.scopes[i]!.bindings.get(name);
      if (binding) return binding;
    }
    return undefined;
  }

  /** Binds a name in the innermost scope, hiding any outer one. */
  define(name: string, slot = this.newSlot()): Binding {
    const binding: Binding = { slot, name, maybeEmpty: false };
    const { bindings, names } = this.scopes[this.scopes.length - 1]!;
    if (!bindings.has(name)) names.push(name);
    bindings.set(name, binding);
    return binding;
  }

  /** What `name = …` assigns to: the binding in scope, or a new one in the innermost scope. */
  assign(name: string): Binding {
    return this.find(name) ?? this.define(name);
  }

  inScope<Result>(work: () => Result): Result {
    this.scopes.push(newScope());
    const result = work();
    this.scopes.pop();
    return result;
  }

  /** Runs `work` in the current scope; names it binds may have no value afterwards. */
  inSkippableBody(work: () => void): void {
    const { bindings, names } = this.scopes[this.scopes.length - 1]!;
    const before = names.length;
    work();
    for (let i = before; i < names.length; i++) bindings.get(names[i]!)!.maybeEmpty = true;
  }
}

export const local = (slot: number, span: Span, name = ''): CoreExpr => ({
  kind: 'local',
  slot,
  name,
  maybeEmpty: false,
  span,
});
export const constant = (value: number | string | boolean | null, span: Span): CoreExpr => ({
  kind: 'const',
  value,
  span,
});
export const setSlot = (slot: number, value: CoreExpr, span: Span, name = ''): CoreStmt => ({
  kind: 'set',
  slot,
  name,
  value,
  span,
});

/** Sends a value to its destination. */
export function deliver(value: CoreExpr, destination: Destination, out: CoreStmt[]): void {
  const { span } = value;
  if (destination.to === 'return') out.push({ kind: 'return', value, span });
  else if (destination.to === 'slot') out.push(setSlot(destination.slot, value, span));
  else if (value.kind !== 'const' && !(value.kind === 'local' && !value.maybeEmpty))
    out.push({ kind: 'eval', value, span });
}
