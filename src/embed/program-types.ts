// What a program declares, as the border needs it: signatures with aliases replaced, and the fields of records.
import { showType, type Type } from '../core/type.ts';
import { Shape } from '../core/value/record.ts';
import type { FunctionDecl, Program, ToolDecl } from '../lang/ilo/ast.ts';
import { resolveType } from '../lang/ilo/verify-types.ts';
import type { Signature } from './api.ts';
import type { DataTypes, RecordType } from './data.ts';

export interface FunctionTypes {
  readonly name: string;
  readonly params: readonly { readonly name: string; readonly type: Type }[];
  readonly result: Type;
}

export interface ProgramTypes extends DataTypes {
  readonly functions: ReadonlyMap<string, FunctionTypes>;
  readonly tools: ReadonlyMap<string, FunctionTypes>;
}

/** What a declaration says. Most functions of a program are never called from outside: their types are resolved when they are asked for. */
class Declared implements FunctionTypes {
  readonly name: string;
  private readonly decl: FunctionDecl | ToolDecl;
  private readonly resolve: (type: Type) => Type;
  private known: Pick<FunctionTypes, 'params' | 'result'> | undefined;

  constructor(decl: FunctionDecl | ToolDecl, resolve: (type: Type) => Type) {
    this.name = decl.name;
    this.decl = decl;
    this.resolve = resolve;
  }

  get params(): FunctionTypes['params'] {
    return this.resolved().params;
  }

  get result(): Type {
    return this.resolved().result;
  }

  private resolved(): Pick<FunctionTypes, 'params' | 'result'> {
    const { decl, resolve } = this;
    this.known ??= {
      params: decl.params.map(({ name, type }) => ({ name, type: resolve(type) })),
      result: resolve(decl.result),
    };
    return this.known;
  }
}

/** Reads the declarations of a program that was verified. */
export function programTypes(program: Program): ProgramTypes {
  const aliases = new Map<string, Type>();
  for (const decl of program.decls) if (decl.kind === 'alias') aliases.set(decl.name, decl.target);
  // Aliases form no cycles in a verified program, so this ends.
  const resolve = (type: Type): Type =>
    resolveType(type, name => {
      const target = aliases.get(name);
      return target === undefined ? undefined : resolve(target);
    });
  const functions = new Map<string, FunctionTypes>();
  const tools = new Map<string, FunctionTypes>();
  const records = new Map<string, RecordType>();
  for (const decl of program.decls) {
    if (decl.kind === 'type') {
      const fields = decl.fields.map(({ name, type }) => ({ name, type: resolve(type) }));
      const names = fields.map(({ name }) => name);
      records.set(decl.name, { shape: new Shape(decl.name, names), fields });
    } else if (decl.kind === 'function' || decl.kind === 'tool') {
      const types = new Declared(decl, resolve);
      (decl.kind === 'function' ? functions : tools).set(decl.name, types);
    }
  }
  return { functions, tools, record: name => records.get(name) };
}

/** A signature as data, in ilo's own notation. */
export function showSignature({ name, params, result }: FunctionTypes): Signature {
  const shown = params.map(param => ({ name: param.name, type: showType(param.type) }));
  return { name, params: shown, result: showType(result) };
}
