// Our own bugs are assertions; the user's mistakes are diagnostics; a program's faults are Faults. Never mixed.

export class InternalError extends Error {
  override name = 'InternalError';
}

/** Throws an InternalError when `condition` is false: this is a bug in ilo itself, never in a user's program. */
export function assert(condition: unknown, what: string): asserts condition {
  if (!condition) throw new InternalError(what);
}

/** Closes an exhaustive switch: the type checker rejects the call while a case is missing. */
export function unreachable(value: never, what = 'unreachable'): never {
  throw new InternalError(`${what}: ${JSON.stringify(value)}`);
}
