// The flags that limit a run, and how much is said about a program. Small, because it is on the way of every start.
import type { Limits } from '../core/meter.ts';

/** What each flag limits: a limit of the meter, how deeply calls may nest, or how many diagnostics are shown. */
const LIMIT_FLAGS: Readonly<Record<string, keyof Limits | 'depth' | 'errors'>> = {
  '--fuel': 'fuel',
  '--timeout': 'timeout',
  '--max-alloc': 'alloc',
  '--max-depth': 'depth',
  '--max-output': 'output',
  '--max-errors': 'errors',
};

export const LIMIT_FLAG_NAMES: readonly string[] = Object.keys(LIMIT_FLAGS);

/** The limits of a run as flags give them. */
export interface RunLimits {
  readonly limits: Limits;
  readonly maxDepth: number | undefined;
  readonly maxErrors: number | undefined;
}

/** Gathers the limits that a command line sets. */
export class LimitReader {
  readonly #values: Partial<Record<keyof Limits | 'depth' | 'errors', number>> = {};

  /** Takes a flag and what follows it. Gives what is wrong with them, if anything is. */
  set(flag: string, text: string | undefined): string | undefined {
    const value = text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : 0;
    if (value === 0) {
      return `${flag} needs a whole number from 1 after it${text === undefined ? '' : `, not '${text}'`}`;
    }
    const limit = LIMIT_FLAGS[flag]!;
    const known = this.#values[limit];
    if (known !== undefined && known !== value) return `${flag} is given twice: ${known} and ${value}`;
    this.#values[limit] = value;
    return undefined;
  }

  result(): RunLimits {
    const { depth, errors, ...limits } = this.#values;
    return { limits, maxDepth: depth, maxErrors: errors };
  }
}
