// One row per builtin: everything else (verifier, engines, `ilo help`, completion, the reference page, the cost of a call) derives
// from it. Rows live in one file per topic beside this one and are gathered in table.ts.
//
// Signatures are written in ilo's own notation, one string per overload:
//
//     'num s:t > R n t'                  one parameter
//     'map fn:F a b xs:L a > L b'        single letters other than n t b are type variables, solved per call
//     'map fn:F a c b ctx:c xs:L a > L b'
//     'len x:t|L _|M _ _ > n'            `|` joins alternatives (parameters only)
//     'fmt template:t args:_... > t'     `...` marks a last parameter that takes zero or more arguments
//
// A type variable written `k` is bound to text or number wherever it is the key of a map.

import type { Host } from '../../../core/host.ts';
import type { Value } from '../../../core/value/value.ts';
import type { Walk } from '../../../core/walk.ts';

/** What a call may touch besides its arguments; anything but `pure` and `print` is a capability that an embedder grants. */
export type Effect = 'pure' | 'clock' | 'random' | 'print' | 'sleep' | 'env' | 'read' | 'write' | 'net';

/** What a running builtin may use. Engines make one per run. */
export interface BuiltinContext {
  /** Calls a function value (named function, builtin, closure, or text that names a function) and gives its result. */
  readonly call: (fn: Value, args: readonly Value[]) => Value;
  readonly host: Host;
  /** Uniform in [0, 1), from the run's generator. */
  readonly random: () => number;
  /** Charges work before it is done: `fuel` in units of about one simple operation, `bytes` of memory about to be allocated. */
  readonly charge: (fuel: number, bytes: number) => void;
}

/** Fuel and bytes that one call costs, computed from its arguments before it runs. */
export interface Cost {
  readonly fuel: number;
  readonly bytes: number;
}

export interface BuiltinRow {
  readonly name: string;
  /** Long forms: resolved by the parser to `name`, with a hint after the run. */
  readonly aliases?: readonly string[];
  readonly topic: string;
  readonly signatures: readonly string[];
  readonly effect: Effect;
  /** Whether its result depends on its arguments alone, so that a discarded result is worth a warning (see the verifier). */
  readonly cost: (args: readonly Value[]) => Cost;
  /** One line, for `ilo help` and the reference page. */
  readonly doc: string;
  /** A program and what it prints; a test runs it. `out` may be omitted for effects whose result varies. */
  readonly example: { readonly code: string; readonly args?: readonly string[]; readonly out?: string };
  /** Called with as many arguments as one of the signatures takes. Throws a Fault with a code, never anything else. */
  readonly run: (args: readonly Value[], context: BuiltinContext) => Value;
  /** The same as a walk, for builtins that call functions: `run` is this walk, run to its end. */
  readonly walk?: (args: readonly Value[], context: BuiltinContext) => Walk;
}

/** All builtins, by name. The verifier, lowering and the engines take it as an argument; table.ts holds the real one. */
export interface BuiltinTable {
  readonly get: (name: string) => BuiltinRow | undefined;
  readonly names: () => Iterable<string>;
}
