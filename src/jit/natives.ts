// What an engine must know of native functions to call them: by the index of the function in Core.
import type { Value } from '../core/value/value.ts';

export interface Natives {
  /** Whether a function is to be called natively when each argument is of the kind that its declaration promises. */
  readonly has: (index: number) => boolean;
  /** Calls such a function with `depth` calls around it. Throws a Fault, whose chain of calls begins with this call. */
  readonly call: (index: number, depth: number, args: readonly Value[]) => Value;
}
