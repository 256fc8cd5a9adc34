// Calls: who is called, whether the arguments fit, and what `!` and `!!` make of the result.
//
// A builtin wins over a function of the program, and that over a variable that holds a function, as names of builtins
// cannot be taken by anything else.
import { ANY, showType, type Type } from '../../core/type.ts';
import type { CallExpr } from './ast.ts';
import { beginsPhrase, wordAdvice } from './habits.ts';
import { conversionHint, inferBuiltinCall } from './verify-builtins.ts';
import { type BodyContext, didYouMean, type FunctionSignature, isNews, lookUp, reportIn } from './verify-context.ts';
import { compatible } from './verify-types.ts';

/** The type of a call, after `!` or `!!`. */
export function inferCall(body: BodyContext, call: CallExpr): Type {
  // Said once: in `for x in xs` the words behind mean nothing here.
  if (beginsPhrase(call.name) && isUnknown(body, call.name)) {
    reportUnknown(body, call);
    for (const arg of call.args) if (arg.kind === 'ref') isNews(body, arg.name);
    return ANY;
  }
  const args = call.args.map(arg => body.program.infer(body, arg));
  const result = inferCallee(body, call, args);
  return call.unwrap === 'none' ? result : unwrapped(body, call, result);
}

function inferCallee(body: BodyContext, call: CallExpr, args: readonly Type[]): Type {
  const { program } = body;
  const row = program.builtins.get(call.name);
  if (row) return inferBuiltinCall(body, call, row, args);
  const declared = program.functions.get(call.name);
  if (declared) {
    body.callees.push(call.name);
    return inferDeclared(body, call, declared, args);
  }
  const variable = lookUp(body, call.name);
  if (variable !== undefined) return inferVariableCall(body, call, variable, args);
  reportUnknown(body, call);
  return ANY;
}

function inferDeclared(body: BodyContext, call: CallExpr, fn: FunctionSignature, args: readonly Type[]): Type {
  if (args.length !== fn.params.length) {
    const written = fn.params.map(param => `${param.name}:${showType(param.type)}`).join(' ');
    const holes = { name: fn.name, expected: fn.params.length, got: args.length };
    reportIn(body, 'ILO-T006', 'function', holes, call.span, `'${fn.name}' expects: ${written || 'no arguments'}`);
    // Its result would only lead to a second message about the same call.
    return call.unwrap === 'none' ? fn.result : ANY;
  }
  for (const [index, { name: param, type }] of fn.params.entries()) {
    const arg = args[index]!;
    if (compatible(type, arg)) continue;
    const holes = { param, name: fn.name, wanted: showType(type), got: showType(arg) };
    reportIn(body, 'ILO-T007', 'param', holes, call.args[index]!.span, conversionHint(holes.wanted, holes.got));
  }
  return fn.result;
}

function inferVariableCall(body: BodyContext, call: CallExpr, variable: Type, args: readonly Type[]): Type {
  const { name } = call;
  if (variable.kind === 'fn') {
    if (args.length !== variable.params.length) {
      reportIn(body, 'ILO-T006', 'value', { name, expected: variable.params.length, got: args.length }, call.span);
      return call.unwrap === 'none' ? variable.result : ANY;
    }
    for (const [index, type] of variable.params.entries()) {
      const arg = args[index]!;
      if (compatible(type, arg)) continue;
      const holes = { name, index: index + 1, wanted: showType(type), got: showType(arg) };
      reportIn(body, 'ILO-T007', 'argument', holes, call.args[index]!.span, conversionHint(holes.wanted, holes.got));
    }
    return variable.result;
  }
  const type = showType(variable);
  if (args.length === 0 && call.unwrap !== 'none') {
    const sign = call.unwrap === 'panic' ? '!!' : '!';
    const hint = `to look inside a Result write a match: ?${name}{~v:v;^e:^e}; or unwrap where it comes from: ${name}=producer! ...`;
    reportIn(body, 'ILO-T034', 'value', { sign, name, type }, call.span, hint);
  } else {
    const hint = callHint(name, variable, call);
    reportIn(body, 'ILO-T005', 'value', { name, type, count: args.length }, call.nameSpan, hint);
  }
  return ANY;
}

function callHint(name: string, variable: Type, call: CallExpr): string {
  if (variable.kind === 'any')
    return `only parameters of a function type are called: take it as \`f:F n n\` in a function and pass '${name}'`;
  if (variable.kind === 'list' && call.args.length === 1)
    return `an item of a list is ${name}.0, ${name}.i or at ${name} i`;
  return `'${name}' is bound as ${showType(variable)} in this scope; only functions can be called`;
}

function isUnknown({ program, variables }: BodyContext, name: string): boolean {
  return program.builtins.get(name) === undefined && !program.functions.has(name) && !variables.has(name);
}

function reportUnknown(body: BodyContext, call: CallExpr): void {
  const { program } = body;
  const { name } = call;
  // Calls and variables of one name are two mistakes; the blank keeps them apart.
  if (program.unparsed.has(name) || !isNews(body, `${name} `)) return;
  const hint =
    wordAdvice(name) ??
    didYouMean(program, name, body.variables.keys(), program.functions.keys(), program.builtins.names());
  reportIn(body, 'ILO-T005', 'unknown', { name, count: call.args.length }, call.nameSpan, hint);
}

function unwrapped(body: BodyContext, call: CallExpr, result: Type): Type {
  const propagates = call.unwrap === 'propagate';
  const enclosing = body.result;
  switch (result.kind) {
    case 'any':
      return ANY;
    case 'result':
      if (propagates && enclosing.kind !== 'result') reportEnclosing(body, call, 'result', 'R to propagate errors');
      return result.ok;
    case 'optional':
      if (propagates && !['optional', 'nil', 'any'].includes(enclosing.kind)) {
        reportEnclosing(body, call, 'optional', 'O to propagate nil');
      }
      return result.of;
    default: {
      const sign = propagates ? '!' : '!!';
      const outcome = propagates ? 'returned from this function' : 'the end of the program';
      const hint = `'${sign}' gives the value inside R or O; an error or nil is ${outcome}. Leave it out here`;
      reportIn(body, 'ILO-T025', 'call', { sign, name: call.name, type: showType(result) }, call.span, hint);
      return ANY;
    }
  }
}

function reportEnclosing(body: BodyContext, call: CallExpr, variant: 'result' | 'optional', must: string): void {
  const holes = { name: body.name, type: showType(body.result) };
  reportIn(body, 'ILO-T026', variant, holes, call.span, `the enclosing function must return ${must}, or use '!!'`);
}
