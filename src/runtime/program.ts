// From source text to a result: load (parse, imports, verify, lower) and run. The command line, the test runner and the
// embedding interface all come through here.
import { InternalError } from '../base/assert.ts';
import type { CoreUnit } from '../core/core.ts';
import { Fault, fault } from '../core/fault.ts';
import type { Host, Outcome } from '../core/host.ts';
import { setRunning } from '../core/long-work.ts';
import { hasLimits, type Limits, Meter } from '../core/meter.ts';
import type { Value } from '../core/value/value.ts';
import type { Diagnostic } from '../diag/diagnostic.ts';
import { fitsIr } from '../ir/size.ts';
import { canGenerateCode } from '../jit/js/available.ts';
import { createJsMachine } from '../jit/js/machine.ts';
import { nativeUnitOf } from '../jit/native/code.ts';
import { createJitMachine } from '../jit/native/machine.ts';
import type { Program } from '../lang/ilo/ast.ts';
import { BUILTINS } from '../lang/ilo/builtins/table.ts';
import { resolveImports } from '../lang/ilo/imports.ts';
import { lower } from '../lang/ilo/lower/lower.ts';
import { parse } from '../lang/ilo/parse.ts';
import type { Entry } from '../lang/ilo/prove.ts';
import { verify } from '../lang/ilo/verify.ts';
import { ClosureMachine } from '../vm/closure/machine.ts';
import type { Machine, RunServices } from '../vm/engine.ts';
import { RegisterMachine } from '../vm/register/machine.ts';
import { StackMachine } from '../vm/stack/machine.ts';
import { TreeMachine } from '../vm/tree/machine.ts';
import { createAutoMachine } from './auto.ts';
import { DEFAULT_ENGINE, type EngineName } from './engines.ts';
import { OutputFailure } from './host/output.ts';
import { makeServices } from './services.ts';
import { type DeclaredTools, injectTools } from './tools/inject.ts';

export interface LoadOptions {
  /** The path of the source, when it came from a file: `use` is relative to it. */
  readonly file?: string;
  readonly readFile: (path: string) => Outcome<string>;
  /**
   * What is known of arguments from outside: `checked` when whoever runs the program has compared them with the declared types
   * (the command line does), so that operators need not look at them again.
   */
  readonly entry?: Entry;
  /** Tools that the program may call without declaring them. */
  readonly tools?: DeclaredTools | undefined;
}

export interface Loaded {
  /** With the declarations of imported files merged in. */
  readonly program: Program;
  /** Errors and warnings, in order of phase and place. */
  readonly diagnostics: readonly Diagnostic[];
  /** What engines run; undefined when there are errors. */
  readonly unit: CoreUnit | undefined;
  /** The text of imported files, for rendering their diagnostics. */
  readonly imported: ReadonlyMap<string, string>;
}

/** Parses, resolves imports, verifies and lowers. Never throws for what is in the source. */
export function loadProgram(source: string, options: LoadOptions): Loaded {
  const parsed = parse(source);
  const resolved = resolveImports(parsed.program, { file: options.file, readFile: options.readFile });
  const { imported } = resolved;
  const { program, diagnostics: foreign } =
    options.tools === undefined
      ? { program: resolved.program, diagnostics: [] }
      : injectTools(resolved.program, options.tools);
  const syntax = [...parsed.diagnostics, ...resolved.diagnostics, ...foreign];
  // A file that does not parse is still verified as far as it was understood: one run reports all mistakes.
  const { diagnostics: semantic } = verify(program, BUILTINS, options.entry);
  const diagnostics = [...syntax, ...semantic];
  const failed = diagnostics.some(diagnostic => diagnostic.severity === 'error');
  return { program, diagnostics, imported, unit: failed ? undefined : lower(program, BUILTINS) };
}

/** How deeply calls may nest, unless the caller says otherwise. */
export const DEFAULT_MAX_DEPTH = 10_000;

export interface RunOptions {
  readonly host: Host;
  readonly engine?: EngineName;
  readonly maxDepth?: number;
  readonly limits?: Limits;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
  /** Told of calls that go on in the stack machine, because they nest too deeply for the engine. */
  readonly wentDeep?: ((depth: number) => void) | undefined;
}

/** What a run with limits has used. */
export interface Usage {
  readonly fuel: number;
  readonly bytes: number;
  readonly output: number;
}

export type RunResult = ({ readonly value: Value } | { readonly fault: Fault }) & { readonly usage?: Usage };

type MakeMachine = (unit: CoreUnit, services: RunServices) => Machine;

/** An engine that reads the IR; the stack machine runs what is too large for that. */
function fromIr(make: MakeMachine): MakeMachine {
  return (unit, services) => (fitsIr(unit) ? make(unit, services) : new StackMachine(unit, services));
}

/** How a machine of each engine is made, for one run of a unit. */
export const MACHINES: Readonly<Record<EngineName, MakeMachine>> = {
  tree: (unit, services) => new TreeMachine(unit, services),
  closure: (unit, services) => new ClosureMachine(unit, services),
  js: fromIr((unit, services) =>
    canGenerateCode() ? createJsMachine(unit, services) : new ClosureMachine(unit, services),
  ),
  stack: (unit, services) => new StackMachine(unit, services),
  vm: fromIr((unit, services) => new RegisterMachine(unit, services, { fresh: false })),
  'vm-fresh': fromIr((unit, services) => new RegisterMachine(unit, services, { fresh: true })),
  jit: fromIr((unit, services) =>
    createJitMachine(unit, services, natives =>
      canGenerateCode() ? createJsMachine(unit, services, natives) : new ClosureMachine(unit, services),
    ),
  ),
  auto: (unit, services) =>
    createAutoMachine(
      unit,
      (engine, part) => MACHINES[engine](part, services),
      callee => nativeUnitOf(unit, services.meter !== undefined).functionAt(callee) !== undefined,
    ),
};

/** What runs the functions of a unit under these options: for whoever calls more than one. */
export function makeMachine(
  unit: CoreUnit,
  options: RunOptions,
): { readonly machine: Machine; readonly meter: Meter | undefined } {
  const meter = hasLimits(options.limits) ? new Meter(options.limits, () => performance.now()) : undefined;
  const services = makeServices({
    builtins: BUILTINS,
    host: options.host,
    maxDepth: options.maxDepth ?? DEFAULT_MAX_DEPTH,
    meter,
    random: options.random ?? Math.random,
    wentDeep: options.wentDeep,
    callValue: (value, values) => machine.callValue(value, values, ''),
  });
  const machine: Machine = MACHINES[options.engine ?? DEFAULT_ENGINE](unit, services);
  return { machine, meter };
}

/** Calls a function of a program. A fault of the program is a result; throws an OutputFailure from the host, or for a bug in ilo. */
export function runProgram(
  unit: CoreUnit,
  functionName: string,
  args: readonly Value[],
  options: RunOptions,
): RunResult {
  const callee = unit.byName.get(functionName);
  if (callee === undefined) {
    const known = unit.functions.filter(fn => fn.captures === 0).map(fn => fn.name);
    return { fault: fault('ILO-R012', 'unknown', { name: functionName, known: known.join(', ') }) };
  }
  const { machine, meter } = makeMachine(unit, options);
  const usage = (): { usage?: Usage } =>
    meter === undefined ? {} : { usage: { fuel: meter.fuel, bytes: meter.bytes, output: meter.output } };
  const before = setRunning(meter);
  try {
    return { value: machine.run(callee, args), ...usage() };
  } catch (error) {
    if (error instanceof Fault) return { fault: error, ...usage() };
    // Nobody can receive the output any more: a condition for the caller, neither the program's fault nor a bug.
    if (error instanceof OutputFailure) throw error;
    throw error instanceof Error ? error : new InternalError(String(error));
  } finally {
    setRunning(before);
  }
}
