// `use`: puts the declarations of other files where the `use` stands. Everything lands in one flat namespace, what the
// imported files import themselves included. A file is read and parsed once however often it is used, and a declaration
// that arrives on two ways is there once. Spans of imported declarations belong to the file named in `decl.file`.
//
// Paths are joined and normalised here as text; only `readFile` touches the world.
import type { Outcome } from '../../core/host.ts';
import { type Diagnostic, diagnose } from '../../diag/diagnostic.ts';
import type { Decl, Program, UseDecl } from './ast.ts';
import { parse } from './parse.ts';

/** Files may import files to this depth: a directory that links to itself could otherwise go on for ever. */
const IMPORT_DEPTH_LIMIT = 64;
/** Files of one program: whoever gives the texts may make up new ones without end. */
const IMPORT_FILE_LIMIT = 1000;

export interface ImportOptions {
  /** The path of the main file; undefined for code that came from elsewhere and cannot import. */
  readonly file: string | undefined;
  readonly readFile: (path: string) => Outcome<string>;
}

export interface Resolved {
  /** Without UseDecls. */
  readonly program: Program;
  /** The text of each imported file, by the path that `decl.file` and `diagnostic.file` name. */
  readonly imported: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

interface Importer {
  readonly options: ImportOptions;
  readonly sources: Map<string, string>;
  /** What a file gives to those that use it. */
  readonly finished: Map<string, readonly Decl[]>;
  /** Files whose imports are being resolved, outermost first. */
  readonly open: string[];
  readonly diagnostics: Diagnostic[];
  /** Whether a file was left out because there are too many. */
  isFull: boolean;
}

/** Replaces every `use` of a parsed program. Never throws for what is in the files. */
export function resolveImports(program: Program, options: ImportOptions): Resolved {
  const main = options.file === undefined ? undefined : normalisePath(options.file);
  const importer: Importer = {
    options,
    sources: new Map(),
    finished: new Map(),
    open: main === undefined ? [] : [main],
    diagnostics: [],
    isFull: false,
  };
  if (!program.decls.some(decl => decl.kind === 'use'))
    return { program, imported: importer.sources, diagnostics: importer.diagnostics };
  const decls = expand(importer, program.decls, main, undefined);
  return { program: { ...program, decls }, imported: importer.sources, diagnostics: importer.diagnostics };
}

/** The declarations of one file with its imports in place. `from` is its path; `file` the same, unless it is the main file. */
function expand(
  importer: Importer,
  decls: readonly Decl[],
  from: string | undefined,
  file: string | undefined,
): readonly Decl[] {
  const result = new Set<Decl>();
  for (const decl of decls) {
    if (decl.kind !== 'use') result.add(decl);
    else for (const imported of importOne(importer, decl, from, file)) result.add(imported);
  }
  return [...result];
}

function importOne(
  importer: Importer,
  use: UseDecl,
  from: string | undefined,
  file: string | undefined,
): readonly Decl[] {
  const { path } = use;
  // What follows from a failed import is not reported: the names that were meant are taken as declared, whatever they are.
  const report = (diagnostic: Diagnostic): readonly Decl[] => {
    importer.diagnostics.push(file === undefined ? diagnostic : { ...diagnostic, file });
    return unread();
  };
  const unread = (): readonly Decl[] => {
    if (use.only === undefined) return [{ kind: 'error', name: undefined, anyName: true, span: use.span }];
    return use.only.map(unreadDecl);
  };
  const place = { span: use.span, label: 'imported here' };
  if (from === undefined) return report(diagnose('ILO-P017', 'noFile', {}, { span: use.span, label: 'here' }));
  const target = joinPath(directoryOf(from), path);
  if (importer.open.includes(target)) {
    report(diagnose('ILO-P018', 'cycle', { path }, place));
    // Its declarations arrive all the same: it is being read.
    return [];
  }
  if (importer.open.length > IMPORT_DEPTH_LIMIT)
    return report(diagnose('ILO-P022', 'depth', { limit: IMPORT_DEPTH_LIMIT }, place));
  let decls = importer.finished.get(target);
  if (decls === undefined) {
    if (importer.sources.size >= IMPORT_FILE_LIMIT) {
      // Said once, however many there are.
      if (importer.isFull) return unread();
      importer.isFull = true;
      return report(diagnose('ILO-P022', 'files', { limit: IMPORT_FILE_LIMIT }, place));
    }
    const read = importer.options.readFile(target);
    if ('err' in read) {
      const missing = /ENOENT|no such file|not found/i.test(read.err);
      return report(
        missing
          ? diagnose('ILO-P017', 'missing', { path }, place)
          : diagnose('ILO-P017', 'unreadable', { path, reason: read.err }, place),
      );
    }
    decls = importFile(importer, target, read.ok);
  }
  return use.only === undefined ? decls : select(use, use.only, decls, report);
}

function importFile(importer: Importer, file: string, source: string): readonly Decl[] {
  // Names of inline functions are unique in the whole program: each file has a number of its own in them.
  const { program, diagnostics } = parse(source, `__lit_${importer.sources.size + 1}_`);
  importer.sources.set(file, source);
  // A file without declarations is an error only as a program.
  for (const diagnostic of diagnostics)
    if (diagnostic.code !== 'ILO-P002') importer.diagnostics.push({ ...diagnostic, file });
  for (const decl of program.decls) decl.file = file;
  importer.open.push(file);
  const decls = expand(importer, program.decls, file, file);
  importer.open.pop();
  importer.finished.set(file, decls);
  return decls;
}

function select(
  use: UseDecl,
  only: NonNullable<UseDecl['only']>,
  decls: readonly Decl[],
  report: (diagnostic: Diagnostic) => void,
): readonly Decl[] {
  const wanted = new Set(only.map(({ name }) => name));
  const chosen = decls.filter(decl => decl.kind !== 'use' && decl.name !== undefined && wanted.has(decl.name));
  const found = new Set(chosen.map(decl => (decl.kind === 'use' ? undefined : decl.name)));
  const missing: Decl[] = [];
  for (const { name, span } of only)
    if (!found.has(name)) {
      found.add(name);
      report(diagnose('ILO-P019', 'name', { path: use.path, name }, { span, label: 'imported here' }));
      missing.push(unreadDecl({ name, span }));
    }
  return [...chosen, ...missing];
}

function unreadDecl({ name, span }: NonNullable<UseDecl['only']>[number]): Decl {
  return { kind: 'error', name, span };
}

// ---- paths ----

function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  if (slash < 0) return '';
  return slash === 0 ? '/' : path.slice(0, slash);
}

function joinPath(directory: string, path: string): string {
  const absolute = path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path);
  return normalisePath(absolute || directory === '' ? path : `${directory}/${path}`);
}

/** Without `.`, doubled slashes, and `..` where the part before it is known. */
function normalisePath(path: string): string {
  const absolute = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.replaceAll('\\', '/').split('/')) {
    if (part === '' || part === '.') continue;
    const last = parts.at(-1);
    if (part !== '..' || last === undefined || last === '..') {
      if (part !== '..' || !absolute || last === '..') parts.push(part);
    } else parts.pop();
  }
  return (absolute ? '/' : '') + parts.join('/');
}
