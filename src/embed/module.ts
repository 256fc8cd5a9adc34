// A program as a JavaScript module, and the declarations that TypeScript reads for it: what `import { total } from './pricing.ilo'` stands for.
// The module carries its source (and that of the files it uses) and compiles it where it runs, with the default limits and without any
// capability; its default export is the program, whose `with` gives others.
import { basename, dirname, join } from 'node:path';
import { showType, type Type } from '../core/type.ts';
import type { Program } from '../lang/ilo/ast.ts';
import { loadProgram } from '../runtime/program.ts';
import type { Problem } from './api.ts';
import { makeSources, toProblem } from './errors.ts';
import { type FunctionTypes, type ProgramTypes, programTypes } from './program-types.ts';

export interface ModuleSource {
  /** The path of the program. */
  readonly file: string;
  readonly text: string;
  /** Gives the text of a file, or undefined when it cannot be read. */
  readonly read: (path: string) => string | undefined;
}

export interface GeneratedModule {
  /** Warnings too; the texts are undefined when there are errors. */
  readonly problems: readonly Problem[];
  /** The module, as an ES module. */
  readonly code: string | undefined;
  /** Its declarations, for `NAME.d.ilo.ts`. */
  readonly types: string | undefined;
  /** Files that the program uses: when one changes, the module does. */
  readonly uses: readonly string[];
}

/** What the rest of the package is called in generated code. */
const PACKAGE = 'ilo';

/** Makes the module of a program. Never throws for what is in the source. */
export function generateModule({ file, text, read }: ModuleSource): GeneratedModule {
  // Paths are taken relative to the program, so that nothing of the machine that builds a module stands in it.
  const folder = dirname(file);
  const name = basename(file);
  const used = new Map<string, string>();
  const loaded = loadProgram(text, {
    file: name,
    entry: 'declared',
    readFile: path => {
      const found = read(join(folder, path));
      if (found === undefined) return { err: 'No such file or directory (os error 2)' };
      used.set(path, found);
      return { ok: found };
    },
  });
  const sources = makeSources(text, name, loaded.imported);
  const problems = loaded.diagnostics.map(diagnostic => {
    const { place, ...problem } = toProblem(diagnostic, sources);
    return { ...problem, place: place && { ...place, file: join(folder, place.file ?? name) } };
  });
  const uses = [...used.keys()].map(path => join(folder, path));
  if (loaded.unit === undefined) return { problems, code: undefined, types: undefined, uses };
  const types = programTypes(loaded.program);
  const names = exportNames(types);
  return {
    problems,
    uses,
    code: moduleCode(name, text, used, names),
    types: moduleTypes(name, loaded.program, types, names),
  };
}

/** A name of the program and the one it is exported under: `get-user` is exported as getUser. */
interface Named {
  readonly name: string;
  readonly exported: string;
}

function exportNames({ functions }: ProgramTypes): readonly Named[] {
  const taken = new Set<string>();
  const names: Named[] = [];
  for (const { name } of functions.values()) {
    const camel = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    const exported = RESERVED.has(camel) ? `${camel}_` : camel;
    if (taken.has(exported) || !/^[A-Za-z_$][\w$]*$/.test(exported)) continue;
    taken.add(exported);
    names.push({ name, exported });
  }
  return names;
}

function moduleCode(file: string, text: string, used: ReadonlyMap<string, string>, names: readonly Named[]): string {
  const lines = [`import { compile } from '${PACKAGE}';`];
  const options = [`file: ${quote(file)}`];
  if (used.size > 0) {
    const entries = [...used].map(([path, source]) => `[${quote(path)}, ${quote(source)}]`);
    lines.push(`const used = new Map([${entries.join(', ')}]);`);
    options.push('readSource: path => used.get(path)');
  }
  lines.push(`const program = compile(${quote(text)}, { ${options.join(', ')} });`);
  for (const { name, exported } of names) lines.push(`export const ${exported} = program.fn[${quote(name)}];`);
  lines.push('export default program;', '');
  return lines.join('\n');
}

/** As a literal of JavaScript that may also stand inside a script of a page. */
function quote(text: string): string {
  return JSON.stringify(text)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

function moduleTypes(file: string, program: Program, types: ProgramTypes, names: readonly Named[]): string {
  const lines = [`// What ${file} exports. Written by \`ilo types\`; do not edit.`];
  lines.push(`import type { Data, Program } from '${PACKAGE}';`, '');
  const records = new Map<string, string>();
  for (const decl of program.decls) {
    if (decl.kind !== 'type') continue;
    const words = decl.name.split('-').map(word => word.charAt(0).toUpperCase() + word.slice(1));
    records.set(decl.name, words.join(''));
  }
  const write = (type: Type): string => typeText(type, records);
  for (const [name, written] of records) {
    lines.push(`export interface ${written} {`);
    for (const field of types.record(name)!.fields) {
      const optional = field.type.kind === 'optional' ? '?' : '';
      lines.push(`  readonly ${propertyName(field.name)}${optional}: ${write(field.type)};`);
    }
    lines.push('}', '');
  }
  for (const { name, exported } of names) {
    const fn = types.functions.get(name)!;
    lines.push(`/** \`${signatureText(fn)}\` */`);
    const params = fn.params.map(param => `${parameterName(param.name)}: ${write(param.type)}`);
    lines.push(`export declare function ${exported}(${params.join(', ')}): ${write(fn.result)};`, '');
  }
  lines.push('declare const program: Program;', 'export default program;', '');
  return lines.join('\n');
}

function signatureText({ name, params, result }: FunctionTypes): string {
  return `${[name, ...params.map(param => `${param.name}:${showType(param.type)}`)].join(' ')}>${showType(result)}`;
}

function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name);
}

function parameterName(name: string): string {
  const camel = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return RESERVED.has(camel) ? `${camel}_` : camel;
}

/** A type in TypeScript's notation. Functions do not cross the border, so nothing has their type. */
function typeText(type: Type, records: ReadonlyMap<string, string>): string {
  const write = (inner: Type): string => typeText(inner, records);
  switch (type.kind) {
    case 'num':
      return 'number';
    case 'text':
      return 'string';
    case 'bool':
      return 'boolean';
    case 'nil':
      return 'null';
    case 'any':
      return 'Data';
    case 'optional':
      return `${write(type.of)} | null`;
    case 'list':
      return `readonly ${bracketed(write(type.of))}[]`;
    case 'map':
      return `Readonly<Record<${type.key.kind === 'num' ? 'number' : 'string'}, ${write(type.value)}>>`;
    case 'result':
      return `{ readonly ok: ${write(type.ok)} } | { readonly err: ${write(type.err)} }`;
    case 'sum':
      return type.variants.length === 0 ? 'string' : type.variants.map(quote).join(' | ');
    case 'fn':
      return 'never';
    case 'named':
      return records.get(type.name) ?? 'Data';
  }
}

/** What binds less tightly than `[]` needs brackets before it. */
function bracketed(text: string): string {
  return /[ |]/.test(text) && !text.startsWith('Readonly<') ? `(${text})` : text;
}

/** Words that cannot be the name of a function or parameter in a module. */
const RESERVED: ReadonlySet<string> = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for ' +
    'function if implements import in instanceof interface let new null package private protected public return static super switch ' +
    'this throw true try typeof var void while with yield program compile used Data Program'
  ).split(' '),
);
