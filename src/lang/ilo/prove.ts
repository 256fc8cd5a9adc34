// What must hold at run time, whatever is fed to the program: `expr.type` of every expression.
//
// Declared types are promises that nobody keeps: a command-line argument, a parsed document or a tool's answer may be
// anything, a variable may be assigned values of several types, a type variable says nothing. So the types written in
// the program are not used here at all. The prover follows values instead: optimistically, from "nothing has come here"
// upwards, through variables (all assignments of a function together), parameters (all calls), results and record
// fields (all records made), until nothing changes. Every function is gone through at most a dozen times; one that
// still changes then is given up, and everything in it is `any`.
//
// What lowering and engines may rely on:
// * When an expression gives a value, the value is of its `type`, read like this: num, text, bool, nil are those kinds
//   of value (a sum type is text); a list, map or Result is one whose parts keep to the types inside; `named` is a record
//   made by this program with that declaration; `fn` is a function value and not a text that names one; `optional` is
//   nil or what is inside; `any` is anything. An expression that the prover did not reach has no type.
// * With `entry: 'anything'` (what `verify` does) this holds for any arguments of any function called from outside.
// * With `entry: 'checked'` it holds as long as arguments from outside for parameters declared number, text (or a sum of
//   texts), boolean, list, or `O` of these are such values, whatever the lists contain. With `entry: 'declared'` they have
//   to be of the declared types through and through. The caller checks, and when an argument is not what it should be,
//   runs code that was lowered after proving with `'anything'`.
// * It holds as long as builtins keep to their signatures, and lambdas are called only through their values.
import { ANY } from '../../core/type.ts';
import type { Program } from './ast.ts';
import { proveExpression } from './prove-expressions.ts';
import { proveBlock } from './prove-statements.ts';
import { fromChecked, fromDeclared } from './prove-types.ts';
import { enqueue, makeUnit, type Prover, settleAll, type Unit } from './prove-units.ts';
import { type ProgramContext, resolveIn } from './verify-context.ts';

/** What is known of arguments that come from outside the program. */
export type Entry = 'anything' | 'checked' | 'declared';

/** Writes the proven type on every expression of a program without errors. `context` is that of its verification. */
export function prove(program: Program, context: ProgramContext, entry: Entry = 'anything'): void {
  const functions = new Map<string, Unit>();
  for (const decl of program.decls) {
    if (decl.kind !== 'function') continue;
    const inputs = decl.params.map(param => param.name);
    const unit = makeUnit(inputs, inputs.length, decl.body, ANY);
    functions.set(decl.name, unit);
    if (entry === 'anything') continue;
    for (const [index, param] of decl.params.entries()) {
      const type = resolveIn(context, param.type);
      unit.inputTypes[index] = entry === 'declared' ? fromDeclared(type) : fromChecked(type);
    }
  }
  const prover: Prover = {
    builtins: context.builtins,
    functions,
    lambdas: new Map(),
    fields: new Map(),
    fieldReaders: new Map(),
    queue: [],
    variables: new Map(),
    exits: [],
    pass: 0,
    again: false,
    anythingCalled: false,
    infer: proveExpression,
    block: proveBlock,
  };
  for (const unit of calleesFirst(functions, context)) enqueue(prover, unit);
  settleAll(prover);
}

/** The functions in an order in which most are preceded by those they call, so that one round mostly suffices. */
function calleesFirst(functions: ReadonlyMap<string, Unit>, context: ProgramContext): readonly Unit[] {
  const ordered: Unit[] = [];
  const path: { readonly unit: Unit; readonly callees: readonly string[]; next: number }[] = [];
  const enter = (name: string): void => {
    const unit = functions.get(name);
    if (!unit || unit.ordered) return;
    unit.ordered = true;
    const callees = context.callees.get(name);
    if (callees) path.push({ unit, callees, next: 0 });
    else ordered.push(unit);
  };
  for (const start of functions.keys()) {
    enter(start);
    while (path.length > 0) {
      const visit = path.at(-1)!;
      const callee = visit.callees[visit.next++];
      if (callee !== undefined) {
        enter(callee);
      } else {
        ordered.push(visit.unit);
        path.pop();
      }
    }
  }
  return ordered;
}
