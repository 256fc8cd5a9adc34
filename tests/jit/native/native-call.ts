// A function that calls a function of a program again and again on one engine, without what a run does around it.
import type { CoreUnit } from '../../../src/core/core.ts';
import { Fault } from '../../../src/core/fault.ts';
import type { Host } from '../../../src/core/host.ts';
import type { Value } from '../../../src/core/value/value.ts';
import { BUILTINS } from '../../../src/lang/ilo/builtins/table.ts';
import { MACHINES } from '../../../src/runtime/program.ts';
import { makeServices } from '../../../src/runtime/services.ts';
import type { Machine } from '../../../src/vm/engine.ts';
import { testHost } from '../../programs/expectations.ts';

type Call = (args: readonly Value[]) => Value;

/** Gives the value, or the code and the place of the fault as text. */
export function closureOf(unit: CoreUnit, name: string, engine: 'jit' | 'tree' = 'jit'): Call {
  const machine = machineOf(unit, engine);
  const callee = unit.byName.get(name)!;
  return faultsAsText(args => machine.run(callee, args));
}

/** The same through a call that was prepared once, as embedding programs have them. */
export function preparedOf(unit: CoreUnit, name: string): Call {
  const entry = machineOf(unit, 'jit').entry!(unit.byName.get(name)!);
  return faultsAsText(args => entry(...args));
}

function machineOf(unit: CoreUnit, engine: 'jit' | 'tree'): Machine {
  const services = makeServices({
    builtins: BUILTINS,
    host: testHost() as Host,
    maxDepth: 1000,
    meter: undefined,
    random: () => 0.5,
    callValue: (value, values) => machine.callValue(value, values, ''),
  });
  const machine: Machine = MACHINES[engine](unit, services);
  return machine;
}

function faultsAsText(call: Call): Call {
  return args => {
    try {
      return call(args);
    } catch (error) {
      if (error instanceof Fault) return `${error.code} ${JSON.stringify(error.span)} ${error.calls.join()}`;
      throw error;
    }
  };
}
