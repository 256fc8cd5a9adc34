// Functions of the host that programs call by a `tool` declaration. What a program declares and what the caller hands in must agree before
// anything runs; arguments and answers cross by copy like all data.
import { types as proxies } from 'node:util';
import type { CoreTool } from '../core/core.ts';
import { type Fault, fault } from '../core/fault.ts';
import { showType, type Type } from '../core/type.ts';
import { Err, Ok } from '../core/value/result.ts';
import type { Value } from '../core/value/value.ts';
import { parse } from '../lang/ilo/parse.ts';
import { sameType } from '../lang/ilo/verify-types.ts';
import type { Data, Tool } from './api.ts';
import { toData, toValue } from './data.ts';
import { isIloError, messageOf, usageError } from './errors.ts';
import { type FunctionTypes, type ProgramTypes, programTypes } from './program-types.ts';

/** What a tool gave: a value, or a promise of one. */
export type Answer = { readonly value: Value } | { readonly promise: Promise<Value> };

export interface ToolBox {
  /** Calls a tool; the last argument that it is handed is `{signal}`. Throws ILO-R042 for one that was not handed in. */
  readonly call: (tool: CoreTool, args: readonly Value[], signal: AbortSignal) => Answer;
  /** Calls a tool for a program that runs elsewhere: data comes in and data goes back. Rejects with what `call` throws. */
  readonly callWithData: (name: string, args: readonly unknown[], signal: AbortSignal) => Promise<Data>;
  /** An answer that the caller has got elsewhere, as a value of the declared type. */
  readonly answered: (tool: CoreTool, answer: unknown) => Value;
  readonly failed: (tool: CoreTool, message: string) => Value;
}

/** The tools that were handed in. Throws ILO-E005 when one of them is not what the program declares. */
export function makeToolBox(tools: Readonly<Record<string, Tool>> | undefined, types: ProgramTypes): ToolBox {
  const known = new Map(Object.entries(tools ?? {}));
  for (const [name, tool] of known) {
    const declared = types.tools.get(name);
    checkTool(name, tool);
    if (declared !== undefined) checkSignature(name, tool.signature, declared);
  }
  const resultOf = ({ name }: CoreTool): Type => types.tools.get(name)!.result;
  const call: ToolBox['call'] = ({ name }, args, signal) => {
    const tool = known.get(name);
    const declared = types.tools.get(name);
    if (tool === undefined || declared === undefined) throw refused(name);
    let answer: unknown;
    let then: Then | undefined;
    try {
      answer = (tool.call as (...args: unknown[]) => unknown)(...args.map(toData), { signal });
      then = thenOf(answer);
    } catch (error) {
      return { value: failed(name, declared.result, error) };
    }
    if (then === undefined) return { value: answered(name, declared.result, answer, types) };
    const promise = settled(answer as object, then).then(
      ({ given }) => answered(name, declared.result, given, types),
      (error: unknown) => failed(name, declared.result, error),
    );
    return { promise };
  };
  const callWithData: ToolBox['callWithData'] = async (name, args, signal) => {
    const { params, result } = types.tools.get(name)!;
    // A copy that passed through another thread or process has ordinary prototypes.
    const values = params.map(({ name: param, type }, i) => toValue(args[i], type, types, param));
    const answer = call({ name, params, result }, values, signal);
    return toData('value' in answer ? answer.value : await answer.promise);
  };
  return {
    call,
    callWithData,
    answered: (tool, answer) => answered(tool.name, resultOf(tool), answer, types),
    failed: (tool, message) => failed(tool.name, resultOf(tool), new Error(message)),
  };
}

function refused(name: string): Fault {
  return fault('ILO-R042', 'refused', { what: `the tool ${name}` });
}

function checkTool(name: string, tool: unknown): asserts tool is Tool {
  const { signature, call } = (tool ?? {}) as Partial<Tool>;
  if (typeof signature !== 'string' || typeof call !== 'function') {
    throw usageError('ILO-E002', `tools.${name}: expected {signature: string, call: function}`);
  }
}

function checkSignature(name: string, signature: string, declared: FunctionTypes): void {
  const given = parseSignature(name, signature);
  const want = declared.params.map(({ type }) => type);
  const have = given.params.map(({ type }) => type);
  const agree = want.length === have.length && want.every((type, i) => agrees(type, have[i]!));
  if (!agree || !agrees(declared.result, given.result)) {
    throw usageError('ILO-E005', `tools.${name}: '${signature}' does not match the program's '${shown(declared)}'`);
  }
}

function agrees(a: Type, b: Type): boolean {
  return a.kind === 'any' || b.kind === 'any' || sameType(a, b);
}

function shown({ params, result }: FunctionTypes): string {
  return `${params.map(({ name, type }) => `${name}:${showType(type)}`).join(' ')}>${showType(result)}`;
}

function parseSignature(name: string, signature: string): FunctionTypes {
  const { program, diagnostics } = parse(`tool t"" ${signature}`);
  const types = programTypes(program).tools.get('t');
  if (types === undefined || diagnostics.some(({ severity }) => severity === 'error')) {
    throw usageError('ILO-E005', `tools.${name}: '${signature}' is not a signature such as id:n>R _ t`);
  }
  return types;
}

type Then = (resolve: (given: unknown) => void, reject: (error: unknown) => void) => unknown;

/** How a promise, or what behaves like one, is waited for. Throws what a getter of `then` throws. A proxy is none: it is refused as an answer. */
function thenOf(value: unknown): Then | undefined {
  if (typeof value !== 'object' || value === null || proxies.isProxy(value)) return undefined;
  const { then } = value as { then?: unknown };
  return typeof then === 'function' ? (then as Then) : undefined;
}

/**
 * What a promise comes to. What something that only behaves like one gives is waited for when it is a promise, and otherwise taken as it is:
 * one that gives itself would have to be asked without end, and the event loop would never have its turn.
 */
function settled(waited: object, then: Then): Promise<{ readonly given: unknown }> {
  return new Promise((resolve, reject) => {
    const give = (given: unknown): void => resolve({ given });
    if (proxies.isPromise(waited)) then.call(waited, give, reject);
    else then.call(waited, given => (proxies.isPromise(given) ? given.then(give, reject) : give(given)), reject);
  });
}

/** What a tool returned, as the declared result. Of `R ok err`, anything that is not {ok} or {err} is the good result itself. */
function answered(name: string, type: Type, answer: unknown, types: ProgramTypes): Value {
  const what = `the answer of tool ${name}`;
  try {
    if (type.kind !== 'result') return toValue(answer, type, types, what);
    return isResult(answer) ? toValue(answer, type, types, what) : new Ok(toValue(answer, type.ok, types, what));
  } catch (error) {
    // A getter of the answer has thrown.
    return failed(name, type, error);
  }
}

function isResult(answer: unknown): boolean {
  if (typeof answer !== 'object' || answer === null || proxies.isProxy(answer) || Array.isArray(answer)) return false;
  const names = Object.keys(answer);
  return names.length === 1 && (names[0] === 'ok' || names[0] === 'err');
}

/** A tool that throws gives `^message` where its result can be an error, and ends the run otherwise. */
function failed(name: string, type: Type, error: unknown): Value {
  if (isIloError(error)) throw error;
  const message = messageOf(error) ?? 'the tool failed';
  if (type.kind === 'result' && (type.err.kind === 'text' || type.err.kind === 'any')) {
    return new Err(message.toWellFormed());
  }
  throw usageError('ILO-E006', `tool ${name} failed: ${message}`, error);
}
