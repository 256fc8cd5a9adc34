// Tools that are there without the program's declaring them: their declarations are put in front of its own, so that calls are verified
// before the run. What the program declares itself counts; a `tool` of its own must be what the server offers.
import { showType, type Type } from '../../core/type.ts';
import { type Diagnostic, diagnose } from '../../diag/diagnostic.ts';
import type { Decl, Program, ToolDecl } from '../../lang/ilo/ast.ts';
import { parse } from '../../lang/ilo/parse.ts';
import { sameType } from '../../lang/ilo/verify-types.ts';
import { declarationOf, type ToolEntry } from './declare.ts';

/** What diagnostics call the text of the declarations. */
export const TOOLS_FILE = '<tools>';

export interface DeclaredTools {
  /** The declarations by the name of their tool. */
  readonly byName: ReadonlyMap<string, readonly Decl[]>;
}

/** The declarations of tools, parsed. A tool that the language cannot declare is left out. */
export function declareTools(entries: readonly ToolEntry[]): DeclaredTools {
  const byName = new Map<string, readonly Decl[]>();
  for (const entry of entries) {
    const text = declarationOf(entry);
    if (text === undefined) continue;
    const { program, diagnostics } = parse(text);
    if (diagnostics.some(({ severity }) => severity === 'error')) continue;
    for (const decl of program.decls) if (decl.kind !== 'use' && decl.kind !== 'error') decl.file = TOOLS_FILE;
    byName.set(entry.name, program.decls);
  }
  return { byName };
}

/** The program with the tools that it does not declare. */
export function injectTools(program: Program, tools: DeclaredTools): { program: Program; diagnostics: Diagnostic[] } {
  const own = new Map<string, Decl>();
  for (const decl of program.decls) if (decl.kind === 'function' || decl.kind === 'tool') own.set(decl.name, decl);
  const added: Decl[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const [name, decls] of tools.byName) {
    const declared = own.get(name);
    const offered = decls.find(decl => decl.kind === 'tool');
    if (declared === undefined) added.push(...decls);
    else if (declared.kind === 'tool' && offered !== undefined && !agree(declared, offered)) {
      const holes = { name, declared: signature(declared), offered: signature(offered) };
      const label = { span: declared.nameSpan, label: 'here' };
      const diagnostic = diagnose('ILO-C006', 'signature', holes, label);
      diagnostics.push(declared.file === undefined ? diagnostic : { ...diagnostic, file: declared.file });
    }
  }
  return { program: { ...program, decls: [...added, ...program.decls] }, diagnostics };
}

function agree(declared: ToolDecl, offered: ToolDecl): boolean {
  const fits = (a: Type, b: Type): boolean => a.kind === 'any' || b.kind === 'any' || sameType(a, b);
  const fitsResult = (a: Type, b: Type): boolean =>
    a.kind === 'result' && b.kind === 'result' ? fits(a.ok, b.ok) && fits(a.err, b.err) : fits(a, b);
  return (
    declared.params.length === offered.params.length &&
    declared.params.every(({ type }, at) => fits(type, offered.params[at]!.type)) &&
    fitsResult(declared.result, offered.result)
  );
}

function signature({ params, result }: ToolDecl): string {
  return `${params.map(({ name, type }) => `${name}:${showType(type)}`).join(' ')}>${showType(result)}`;
}
