// AST to Core: the way from a verified ilo program to what engines run. Functions keep their index, so that calls are
// resolved before anything runs; lambdas become functions of their own whose last parameters are the captured values.
import type { CoreStmt, CoreTool, CoreUnit } from '../../../core/core.ts';
import type { Program, TypeDecl } from '../ast.ts';
import type { BuiltinTable } from '../builtins/row.ts';
import { FunctionBuilder, RETURN, UnitBuilder } from './function.ts';
import { lowerBody, lowerMatch } from './statements.ts';

/** Lowers a program that `verify` accepted. Gives a unit in which every call of a known name is resolved. */
export function lower(program: Program, builtins: BuiltinTable): CoreUnit {
  const types = new Map<string, TypeDecl>();
  const tools: CoreTool[] = [];
  for (const decl of program.decls) if (decl.kind === 'type') types.set(decl.name, decl);
  const unit = new UnitBuilder(builtins, types, { body: lowerBody, match: lowerMatch });
  const functions = program.decls.filter(decl => decl.kind === 'function');
  functions.forEach((decl, index) => {
    unit.byName.set(decl.name, index);
    // Reserves the place: lambdas are appended behind the declared functions while those are lowered.
    unit.functions.push(undefined as never);
  });
  for (const decl of program.decls) {
    if (decl.kind !== 'tool') continue;
    unit.toolByName.set(decl.name, tools.length);
    const { name, params, result, timeout, retry } = decl;
    tools.push({ name, params: params.map(({ name, type }) => ({ name, type })), result, timeout, retry });
  }
  functions.forEach((decl, index) => {
    const fn = new FunctionBuilder(unit);
    for (const param of decl.params) fn.define(param.name);
    const body: CoreStmt[] = [];
    lowerBody(decl.body, RETURN, fn, body);
    unit.functions[index] = {
      name: decl.name,
      params: decl.params.map(({ name, type }) => ({ name, type })),
      captures: 0,
      result: decl.result,
      slots: fn.slots,
      body,
      span: decl.span,
      ...(decl.file === undefined ? {} : { file: decl.file }),
    };
  });
  const { functions: lowered, byName, toolByName } = unit;
  return { functions: lowered, tools, byName, toolByName, onlyComputes: tools.length === 0 && !unit.namesEffects };
}
