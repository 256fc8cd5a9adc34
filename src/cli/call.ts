// Calling the entry of a loaded program: words become arguments, the engine runs, a fault becomes a diagnostic. Shared by the
// run command and the test runner, so that a test sees exactly what a run does.
import { fstatSync } from 'node:fs';
import type { CoreUnit } from '../core/core.ts';
import type { Host, Outcome } from '../core/host.ts';
import type { Value } from '../core/value/value.ts';
import type { Diagnostic } from '../diag/diagnostic.ts';
import { faultDiagnostic } from '../diag/fault.ts';
import type { FunctionDecl, Program } from '../lang/ilo/ast.ts';
import type { EngineName } from '../runtime/engines.ts';
import { createNodeHost, type NodeHost } from '../runtime/host/node-host.ts';
import { DEFAULT_MAX_DEPTH, runProgram } from '../runtime/program.ts';
import type { Console } from './console.ts';
import { dotEnvReader } from './dotenv.ts';
import { endsInLoop, readArguments } from './entry.ts';
import type { RunLimits } from './limits.ts';

export type CallOutcome =
  /** `quiet`: the value is what a loop left behind, and is not printed. */
  | { readonly value: Value; readonly quiet: boolean }
  /** `shallow`: calls nested as deep as this thread can hold, and less deep than they may. */
  | { readonly diagnostic: Diagnostic; readonly shallow?: boolean };

export function callEntry(
  program: Program,
  unit: CoreUnit,
  fn: FunctionDecl,
  words: readonly string[],
  engine: EngineName,
  host: Host,
  { limits, maxDepth = DEFAULT_MAX_DEPTH }: Partial<RunLimits> = {},
): CallOutcome {
  const read = readArguments(program, fn, words);
  if ('diagnostic' in read) return read;
  const result = runProgram(unit, fn.name, read.args, { host, engine, maxDepth, ...(limits && { limits }) });
  if ('fault' in result) {
    const { fault } = result;
    const shallow = fault.code === 'ILO-R040' && fault.calls.length < maxDepth;
    return { diagnostic: faultDiagnostic(fault, fault.file), shallow };
  }
  return { value: result.value, quiet: endsInLoop(fn) };
}

/** The host of a program run by a command: the machine, with `.env` files behind the environment. */
export function openHost(console: Console, tool?: (name: string, argsJson: string) => Outcome<string>): NodeHost {
  const host = createNodeHost({
    output: console.out,
    errorOutput: console.err,
    ...(tool === undefined ? {} : { tool }),
  });
  const fromFile = dotEnvReader();
  return { ...host, env: name => host.env(name) ?? fromFile(name) };
}

export interface RepeatableHost {
  readonly host: Host;
  /** True while nothing has happened that running the program again would make happen twice. */
  readonly untouched: () => boolean;
  /** Lets go of the output that is still held back. */
  readonly release: () => void;
}

/** How much output is held back at most, in UTF-16 units. */
const MOST_HELD = 32 * 1024;

/**
 * A host that holds output back until the program does something visible, so that a run which fails before that can be
 * repeated elsewhere as if it had never been.
 */
export function makeRepeatable(host: Host): RepeatableHost {
  let held = '';
  let touched = false;
  // Somebody who looks on sees each line when it is printed, so there the first one counts.
  const mostHeld = fstatSync(1).isCharacterDevice() ? 0 : MOST_HELD;
  const release = (): void => {
    touched = true;
    if (held !== '') host.print(held);
    held = '';
  };
  const touching =
    <Args extends readonly unknown[], Result>(method: (...args: Args) => Result) =>
    (...args: Args): Result => {
      release();
      return method(...args);
    };
  return {
    untouched: () => !touched,
    release,
    host: {
      ...host,
      print: text => {
        if (touched) host.print(text);
        else {
          held += text;
          if (held.length > mostHeld) release();
        }
      },
      printError: touching(host.printError),
      sleep: touching(host.sleep),
      writeFile: touching(host.writeFile),
      http: touching(host.http),
      tool: host.tool && touching(host.tool),
      // Files can be read again, what comes through a pipe cannot.
      readFile: path => (/^\/(dev|proc)\//.test(path) ? touching(host.readFile)(path) : host.readFile(path)),
    },
  };
}
