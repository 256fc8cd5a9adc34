// Calling the entry of a loaded program: words become arguments, the engine runs, a fault becomes a diagnostic. Shared by the
// run command and the test runner, so that a test sees exactly what a run does.
import type { CoreUnit } from '../core/core.ts';
import type { Host, ToolCaller } from '../core/host.ts';
import type { Value } from '../core/value/value.ts';
import type { Diagnostic } from '../diag/diagnostic.ts';
import { faultDiagnostic } from '../diag/fault.ts';
import type { FunctionDecl, Program } from '../lang/ilo/ast.ts';
import type { EngineName } from '../runtime/engines.ts';
import { createNodeHost, type NodeHost } from '../runtime/host/node-host.ts';
import { DEFAULT_MAX_DEPTH, type RunOptions, runProgram } from '../runtime/program.ts';
import type { Console } from './console.ts';
import { dotEnvReader } from './dotenv.ts';
import { endsInLoop, readArguments } from './entry.ts';
import type { RunLimits } from './limits.ts';

export type CallOutcome =
  /** `quiet`: the value is what a loop left behind, and is not printed. */
  { readonly value: Value; readonly quiet: boolean } | { readonly diagnostic: Diagnostic };

export function callEntry(
  program: Program,
  unit: CoreUnit,
  fn: FunctionDecl,
  words: readonly string[],
  engine: EngineName,
  host: Host,
  {
    limits,
    maxDepth = DEFAULT_MAX_DEPTH,
    random,
    wentDeep,
  }: Partial<RunLimits> & Pick<RunOptions, 'random' | 'wentDeep'> = {},
): CallOutcome {
  const read = readArguments(program, fn, words);
  if ('diagnostic' in read) return read;
  const result = runProgram(unit, fn.name, read.args, {
    host,
    engine,
    maxDepth,
    wentDeep,
    ...(limits && { limits }),
    ...(random && { random }),
  });
  if ('fault' in result) {
    const { fault } = result;
    return { diagnostic: faultDiagnostic(fault, fault.file) };
  }
  return { value: result.value, quiet: endsInLoop(fn) };
}

/** The host of a program run by a command: the machine, with `.env` files behind the environment. */
export function openHost(console: Console, tool?: ToolCaller): NodeHost {
  const host = createNodeHost({
    output: console.out,
    errorOutput: console.err,
    ...(tool === undefined ? {} : { tool }),
  });
  const fromFile = dotEnvReader();
  return { ...host, env: name => host.env(name) ?? fromFile(name) };
}
