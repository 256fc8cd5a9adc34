// Calls a row the way an engine would, with a host that touches nothing.
import type { Host } from '../../src/core/host.ts';
import type { Value } from '../../src/core/value/value.ts';
import type { BuiltinContext, BuiltinRow } from '../../src/lang/ilo/builtins/row.ts';

const refuse = (): never => {
  throw new Error('this test has no host');
};

const HOST: Host = {
  print: refuse,
  printError: refuse,
  now: refuse,
  sleep: refuse,
  env: refuse,
  readFile: refuse,
  writeFile: refuse,
  http: refuse,
  tool: undefined,
};

export const TEST_CONTEXT: BuiltinContext = { call: refuse, host: HOST, random: () => 0.5, charge: () => {} };

/** Runs the builtin named `name` of a table; its cost function is asked first, as an engine does. */
export function callRow(rows: readonly BuiltinRow[], name: string, args: readonly Value[]): Value {
  const row = rows.find(candidate => candidate.name === name);
  if (row === undefined) throw new Error(`no row named ${name}`);
  const { fuel, bytes } = row.cost(args);
  if (!(fuel >= 0 && bytes >= 0)) throw new Error(`${name} has a cost that is not a number`);
  return row.run(args, TEST_CONTEXT);
}
