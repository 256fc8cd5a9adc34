// What is compared: one call, on the subjects that can make it, and what can be seen of it.
import type { Limits } from '../../src/core/meter.ts';
import { ENGINES, type EngineName } from '../../src/runtime/engines.ts';
import type { Usage } from '../../src/runtime/program.ts';
import type { Plain } from './values.ts';

/** An engine, or `batch`: code for whole columns. */
export type Subject = EngineName | 'batch';

export const SUBJECTS: readonly Subject[] = [...ENGINES.map(({ name }) => name), 'batch'];

export const ORACLE: EngineName = 'tree';

export interface Call {
  readonly name: string;
  readonly args: readonly Plain[];
  readonly maxDepth: number;
  readonly limits?: Limits;
  /** A call on columns, as one run: the arguments of each row. */
  readonly rows?: readonly (readonly Plain[])[];
  /** The rows stand so often behind each other. */
  readonly times?: number;
  /** The kind of lanes, where it is not the best. */
  readonly lanes?: string;
}

/** Calls on columns are for `batch`, and for engines as prepared calls, one for each row; all others for engines. */
export function subjectsOf({ rows }: Call, all: readonly Subject[]): readonly Subject[] {
  return all.filter(subject => subject !== ORACLE && (subject !== 'batch' || rows !== undefined));
}

export interface Observation {
  /** All that subjects must agree on, one fact a line. */
  readonly text: string;
  /** `value`, the code of the fault, or `crash`. */
  readonly ending: string;
  readonly usage: Usage | undefined;
  /** Rows that were computed, and those of them that were not computed on lanes. */
  readonly rows?: number;
  readonly single?: number;
}
