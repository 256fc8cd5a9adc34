// Calls a row with a host, and adds up what the call charges while it runs.
import { Fault } from '../../src/core/fault.ts';
import type { Host } from '../../src/core/host.ts';
import { showValue } from '../../src/core/value/show.ts';
import type { Value } from '../../src/core/value/value.ts';
import type { BuiltinRow } from '../../src/lang/ilo/builtins/row.ts';

export interface Called {
  readonly value: Value;
  /** As the language prints it. */
  readonly shown: string;
  readonly charged: { readonly fuel: number; readonly bytes: number };
}

export function callWithHost(rows: readonly BuiltinRow[], host: Host, name: string, ...args: Value[]): Called {
  const row = rows.find(candidate => candidate.name === name);
  if (row === undefined) throw new Error(`no row named ${name}`);
  const charged = { ...row.cost(args) };
  const value = row.run(args, {
    call: () => {
      throw new Error('no functions here');
    },
    host,
    random: () => 0.5,
    charge: (fuel, bytes) => {
      charged.fuel += fuel;
      charged.bytes += bytes;
    },
  });
  return { value, shown: showValue(value), charged };
}

/** The message of the fault that `action` must throw. */
export function faultOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof Fault) return `${error.code} ${error.message}`;
    throw error;
  }
  throw new Error('nothing was thrown');
}
