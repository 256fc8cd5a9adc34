// What a function is written with.
import type { Span } from '../../base/span.ts';
import type { Shape } from '../../core/value/record.ts';
import type { Version } from './loops.ts';
import type { IsQuiet } from './views.ts';

export interface EmitOptions {
  readonly metered: boolean;
  readonly maxDepth: number;
  /** Where a function's calls of another lead: the function of the group, or the table. */
  readonly isInGroup: (callee: number) => boolean;
  /** Whether calls in a function hand over what it owns, behind the arguments (ir/passes/own.ts). */
  readonly handsOver: (index: number) => boolean;
  /** How many parameters a function has. */
  readonly arity: (callee: number) => number;
  /** Numbers a place in the source; places begin with 1. */
  readonly place: (span: Span) => number;
  readonly isBuiltin: (name: string) => boolean;
  /** The typed version of a function. */
  readonly versionOf: (callee: number) => Version | undefined;
  /** The one shape of all records made by the program that have these fields. */
  readonly shapeWith: (fields: readonly string[]) => Shape | undefined;
  readonly isQuiet: IsQuiet;
}
