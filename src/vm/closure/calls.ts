// Calls: making the frame and entering the function. Frames of up to eight slots are array literals, which V8 allocates in
// place; larger ones are copies of an empty frame. A literal may be longer than the function asks for.
import type { Span } from '../../base/span.ts';
import type { CoreExpr } from '../../core/core.ts';
import type { Value } from '../../core/value/value.ts';
import { arityFault, at } from '../calls.ts';
import type { Code, Compiler, Frame, State, Target } from './code.ts';
import { compileParts, evaluateAll } from './parts.ts';

/** An empty frame for functions with more slots than the literals have; copied for every call. */
function emptyFrame(slots: number): Frame {
  const frame: Frame = [];
  for (let i = 0; i < slots; i++) frame.push(undefined);
  return frame;
}

/** A frame that holds arguments which came as an array. */
export function frameOf(slots: number, args: readonly Value[]): Frame {
  const none = undefined;
  if (slots <= 8) {
    if (args.length === 1) return [args[0], none, none, none, none, none, none, none];
    if (args.length === 2) return [args[0], args[1], none, none, none, none, none, none];
    if (args.length === 3) return [args[0], args[1], args[2], none, none, none, none, none];
  }
  const frame: Frame = slots <= 8 ? [none, none, none, none, none, none, none, none] : emptyFrame(slots);
  for (let i = 0; i < args.length; i++) frame[i] = args[i];
  return frame;
}

/** A call of a program function. */
export function compileCall(expr: CoreExpr & { kind: 'call' }, compiler: Compiler): Code {
  const target = compiler.target(expr.callee);
  const { fn } = target;
  const { span } = expr;
  const { state } = compiler;
  if (expr.args.length !== fn.params.length) {
    return () => {
      throw at(arityFault(fn, expr.args.length), span);
    };
  }
  const args = expr.args.map(arg => compiler.value(arg));
  if (fn.slots <= 4) return smallCall(args, target, span, state);
  if (fn.slots <= 8) return mediumCall(args, target, span, state);
  const empty = emptyFrame(fn.slots);
  return f => {
    const frame = empty.slice();
    for (let i = 0; i < args.length; i++) frame[i] = args[i]!(f);
    return state.enter(target, frame, span);
  };
}

function smallCall(args: readonly Code[], target: Target, span: Span, state: State): Code {
  const [a, b, c, d] = args;
  if (a === undefined) return () => state.enter(target, [undefined, undefined, undefined, undefined], span);
  if (b === undefined) return f => state.enter(target, [a(f), undefined, undefined, undefined], span);
  if (c === undefined) return f => state.enter(target, [a(f), b(f), undefined, undefined], span);
  if (d === undefined) return f => state.enter(target, [a(f), b(f), c(f), undefined], span);
  return f => state.enter(target, [a(f), b(f), c(f), d(f)], span);
}

function mediumCall(args: readonly Code[], target: Target, span: Span, state: State): Code {
  const [a, b, c] = args;
  const none = undefined;
  if (a === undefined) return () => state.enter(target, [none, none, none, none, none, none, none, none], span);
  if (b === undefined) return f => state.enter(target, [a(f), none, none, none, none, none, none, none], span);
  if (c === undefined) return f => state.enter(target, [a(f), b(f), none, none, none, none, none, none], span);
  if (args.length === 3) return f => state.enter(target, [a(f), b(f), c(f), none, none, none, none, none], span);
  return f => {
    const frame: Frame = [none, none, none, none, none, none, none, none];
    for (let i = 0; i < args.length; i++) frame[i] = args[i]!(f);
    return state.enter(target, frame, span);
  };
}

/** A call of a builtin. The builtin is looked up when it is first called: a program loads only those that it reaches. */
export function compileBuiltin(expr: CoreExpr & { kind: 'builtin' }, compiler: Compiler): Code {
  const { name, span } = expr;
  const { services } = compiler;
  const args = expr.args.map(arg => compiler.value(arg));
  const [a, b, c] = args;
  let builtin: ((args: readonly Value[]) => Value) | undefined;
  const call = (values: readonly Value[]): Value => {
    builtin ??= services.builtin(name)!;
    try {
      return builtin(values);
    } catch (error) {
      throw at(error, span);
    }
  };
  if (a === undefined) return () => call([]);
  if (b === undefined) return f => call([a(f)]);
  if (c === undefined) return f => call([a(f), b(f)]);
  if (args.length === 3) return f => call([a(f), b(f), c(f)]);
  return f => call(evaluateAll(args, f));
}

/** A call of a function value. */
export function compileCallValue(expr: CoreExpr & { kind: 'callValue' }, compiler: Compiler): Code {
  const { fallback, span } = expr;
  const { callValue } = compiler;
  const args = compileParts(expr.args, compiler);
  const callee = compiler.value(expr.callee);
  return f => {
    const values = args(f);
    const called = callee(f);
    try {
      return callValue(called, values, fallback);
    } catch (error) {
      throw at(error, span);
    }
  };
}

/** A call of an external tool. */
export function compileTool(expr: CoreExpr & { kind: 'tool' }, compiler: Compiler): Code {
  const { span } = expr;
  const { services, unit } = compiler;
  const tool = unit.tools[expr.tool]!;
  const args = compileParts(expr.args, compiler);
  return f => {
    const values = args(f);
    try {
      return services.tool(tool, values);
    } catch (error) {
      throw at(error, span);
    }
  };
}
