// The first pass: names of types, aliases and functions, each once, with the types they mention. Bodies come later, so
// that a function may be used above its declaration.
import { ANY } from '../../core/type.ts';
import type { AliasDecl, Decl, Program, TypeDecl } from './ast.ts';
import { checkTypeNames, type ProgramContext, report, resolveIn } from './verify-context.ts';
import { forEachName, isTooLarge } from './verify-types.ts';

const BUILTIN_TYPE_NAMES = new Set(['n', 't', 'b', '_', 'L', 'R', 'O', 'M', 'S', 'F']);

/** Fills the tables of `context` from the declarations and reports what is wrong with them. */
export function collectDeclarations(context: ProgramContext, program: Program): void {
  context.unparsed = unreadNames(program);
  const aliases = namesOfAliases(context, program);
  const records: TypeDecl[] = [];
  for (const decl of program.decls) {
    if (decl.kind === 'type') declareRecord(context, decl, aliases, records);
  }
  resolveAliases(context, aliases);
  // A second round, because fields may name records that are declared further down.
  for (const decl of records) {
    context.file = decl.file;
    for (const field of decl.fields) checkTypeNames(context, field.type, field.span, decl.name);
    const fields = new Map(decl.fields.map(field => [field.name, resolveIn(context, field.type)]));
    context.records.set(decl.name, { name: decl.name, fields });
  }
  for (const decl of program.decls) declareFunction(context, decl);
  context.file = undefined;
}

function unreadNames(program: Program): { has(name: string): boolean } {
  const names = new Set<string>();
  for (const decl of program.decls) {
    if (decl.kind !== 'error') continue;
    if (decl.anyName) return { has: () => true };
    if (decl.name !== undefined) names.add(decl.name);
  }
  return names;
}

function declareRecord(
  context: ProgramContext,
  decl: TypeDecl,
  aliases: ReadonlyMap<string, AliasDecl>,
  records: TypeDecl[],
): void {
  context.file = decl.file;
  const { name } = decl;
  const extras = { span: decl.nameSpan, suggestion: 'give one of the two another name' };
  if (aliases.has(name)) {
    report(context, 'ILO-T001', 'conflict', { name }, extras);
  } else if (context.records.has(name)) {
    report(context, 'ILO-T001', 'record', { name }, extras);
  } else {
    context.records.set(name, { name, fields: new Map() });
    records.push(decl);
  }
}

function declareFunction(context: ProgramContext, decl: Decl): void {
  if (decl.kind !== 'function' && decl.kind !== 'tool') return;
  context.file = decl.file;
  const { name } = decl;
  if (context.functions.has(name)) {
    report(
      context,
      'ILO-T002',
      decl.kind,
      { name },
      { span: decl.nameSpan, suggestion: 'give one of the two another name' },
    );
    return;
  }
  for (const param of decl.params) checkTypeNames(context, param.type, param.span, name);
  checkTypeNames(context, decl.result, decl.nameSpan, name);
  const params = decl.params.map(param => ({ name: param.name, type: resolveIn(context, param.type) }));
  context.functions.set(name, { name, params, result: resolveIn(context, decl.result) });
}

function namesOfAliases(context: ProgramContext, program: Program): ReadonlyMap<string, AliasDecl> {
  const declared = new Map<string, AliasDecl>();
  for (const decl of program.decls) {
    if (decl.kind !== 'alias') continue;
    context.file = decl.file;
    const { name, nameSpan: span } = decl;
    if (BUILTIN_TYPE_NAMES.has(name)) {
      report(context, 'ILO-T031', 'alias', { name }, { span, suggestion: 'choose a different name for the alias' });
    } else if (declared.has(name)) {
      report(context, 'ILO-T001', 'alias', { name }, { span, suggestion: 'give one of the two another name' });
    } else {
      declared.set(name, decl);
    }
  }
  return declared;
}

function resolveAliases(context: ProgramContext, declared: ReadonlyMap<string, AliasDecl>): void {
  for (const decl of inDependencyOrder(context, declared)) {
    context.file = decl.file;
    // Those it mentions are resolved by now, so what is not known yet never will be.
    checkTypeNames(context, decl.target, decl.span, decl.name);
    const type = resolveIn(context, decl.target);
    const tooLarge = isTooLarge(type);
    context.aliases.set(decl.name, tooLarge ? ANY : type);
    if (tooLarge) report(context, 'ILO-T030', 'large', { name: decl.name }, { span: decl.nameSpan });
  }
}

interface Visit {
  readonly name: string;
  /** Names still to visit from here. */
  readonly pending: string[];
  /** The shallowest step of the path that can be reached from here. */
  lowest: number;
  circular: boolean;
}

/**
 * The aliases, each after those it mentions. Members of a cycle are reported, resolved to unknown and left out. Depth
 * first with a stack of its own, since a chain of aliases may be as long as the program.
 */
function inDependencyOrder(context: ProgramContext, declared: ReadonlyMap<string, AliasDecl>): readonly AliasDecl[] {
  const ordered: AliasDecl[] = [];
  const done = new Set<string>();
  const path: Visit[] = [];
  const depthOf = new Map<string, number>();
  const enter = (name: string): void => {
    depthOf.set(name, path.length);
    path.push({ name, pending: namesIn(declared, name), lowest: path.length, circular: false });
  };
  for (const start of declared.keys()) {
    if (!done.has(start)) enter(start);
    while (path.length > 0) {
      const visit = path.at(-1)!;
      const next = visit.pending.pop();
      if (next !== undefined) {
        const depth = depthOf.get(next);
        if (depth !== undefined) {
          path[depth]!.circular = true;
          visit.lowest = Math.min(visit.lowest, depth);
        } else if (!done.has(next)) {
          enter(next);
        }
        continue;
      }
      path.pop();
      depthOf.delete(visit.name);
      done.add(visit.name);
      const parent = path.at(-1);
      if (parent) parent.lowest = Math.min(parent.lowest, visit.lowest);
      if (visit.circular || visit.lowest < path.length) reportCircular(context, declared.get(visit.name)!);
      else ordered.push(declared.get(visit.name)!);
    }
  }
  return ordered;
}

function reportCircular(context: ProgramContext, decl: AliasDecl): void {
  context.file = decl.file;
  context.aliases.set(decl.name, ANY);
  report(
    context,
    'ILO-T030',
    'circular',
    { name: decl.name },
    {
      span: decl.nameSpan,
      suggestion: 'type aliases cannot reference each other in a cycle',
    },
  );
}

function namesIn(declared: ReadonlyMap<string, AliasDecl>, name: string): string[] {
  const names: string[] = [];
  forEachName(declared.get(name)!.target, mentioned => {
    if (declared.has(mentioned)) names.push(mentioned);
  });
  return names;
}
