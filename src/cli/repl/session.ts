// What an interactive session knows and does, without a terminal: definitions pile up, everything else is an expression that runs with them.
import { Fault } from '../../core/fault.ts';
import { showType } from '../../core/type.ts';
import { writeJson } from '../../core/value/json.ts';
import { Err, Ok } from '../../core/value/result.ts';
import { showValue } from '../../core/value/show.ts';
import type { Value } from '../../core/value/value.ts';
import type { Diagnostic } from '../../diag/diagnostic.ts';
import { faultDiagnostic } from '../../diag/fault.ts';
import { SourceText } from '../../diag/source.ts';
import type { Decl } from '../../lang/ilo/ast.ts';
import { parse } from '../../lang/ilo/parse.ts';
import { loadProgram, type RunOptions, runProgram } from '../../runtime/program.ts';
import type { DeclaredTools } from '../../runtime/tools/inject.ts';
import { readImport } from '../source.ts';

/** The function that an expression becomes. */
const EVALUATED = 'repl-value';
const BEGINNING = `${EVALUATED}>_;`;

/** The input is shown without the words before it. */
const SHIFT = BEGINNING.length;

/** What came of an input. */
export type Reply =
  | { readonly kind: 'defined'; readonly lines: readonly string[]; readonly names: readonly string[] }
  | { readonly kind: 'value'; readonly text: string; readonly json: string }
  /** An expression that ended with ^e. */
  | { readonly kind: 'failed'; readonly text: string; readonly json: string }
  | { readonly kind: 'problems'; readonly diagnostics: readonly Diagnostic[]; readonly source: SourceText }
  | { readonly kind: 'type'; readonly text: string };

interface Definition {
  readonly names: readonly string[];
  readonly text: string;
}

export class Session {
  private definitions: Definition[] = [];
  private readonly run: RunOptions;
  private readonly tools: DeclaredTools | undefined;

  /** `run` says how expressions run; `tools` may be called without being declared. */
  constructor(run: RunOptions, tools?: DeclaredTools) {
    this.run = run;
    this.tools = tools;
  }

  /** The definitions as they were typed. */
  texts(): readonly string[] {
    return this.definitions.map(({ text }) => text);
  }

  /** Names that an input may use. */
  names(): readonly string[] {
    return this.definitions.flatMap(({ names }) => names);
  }

  clear(): void {
    this.definitions = [];
  }

  /** Defines or evaluates an input. */
  take(input: string): Reply {
    const { program, diagnostics } = parse(input);
    const isProgram = program.decls.length > 0 && !diagnostics.some(({ severity }) => severity === 'error');
    return isProgram ? this.define(input, program.decls) : this.evaluate(input);
  }

  /** The type that an expression has. */
  typeOf(input: string): Reply {
    const loaded = this.load(input);
    if ('kind' in loaded) return loaded;
    const declared = loaded.unit.functions[loaded.callee]!;
    const result = runProgram(loaded.unit, declared.name, [], this.run);
    if ('fault' in result) return this.faulted(result.fault, input);
    return { kind: 'type', text: typeOfValue(result.value) };
  }

  /** A new definition takes the place of an old one of the same name; it must be right together with all others. */
  private define(text: string, decls: readonly Decl[]): Reply {
    const names = decls.flatMap(decl => ('name' in decl && decl.name !== undefined ? [decl.name] : []));
    const others = this.definitions.filter(known => !known.names.some(name => names.includes(name)));
    const source = new SourceText(text);
    const before = others.map(known => known.text).join('\n');
    const { diagnostics } = loadProgram(`${text}\n${before}`, { readFile: readImport, tools: this.tools });
    // Places in the new text come first; mistakes elsewhere are those that it makes in older definitions.
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) return problems(errors, source);
    this.definitions = [...others, { names, text }];
    return { kind: 'defined', lines: decls.map(describeDecl), names };
  }

  private evaluate(input: string): Reply {
    const loaded = this.load(input);
    if ('kind' in loaded) return loaded;
    const result = runProgram(loaded.unit, EVALUATED, [], this.run);
    if ('fault' in result) return this.faulted(result.fault, input);
    try {
      return shown(result.value);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return problems([faultDiagnostic(error)], loaded.source);
    }
  }

  /** Shows a fault in what was typed: now, or in the definitions. */
  private faulted(fault: Fault, input: string): Reply {
    const diagnostic = faultDiagnostic(fault);
    const place = diagnostic.labels[0]?.span.start ?? 0;
    if (place <= SHIFT + input.length) return problems([moved(diagnostic, SHIFT, input.length)], new SourceText(input));
    const definitions = this.texts().join('\n');
    const behind = SHIFT + input.length + 1;
    return problems([moved(diagnostic, behind, definitions.length)], new SourceText(definitions));
  }

  private load(input: string) {
    const text = `${BEGINNING}${input}\n${this.texts().join('\n')}`;
    const { unit, diagnostics } = loadProgram(text, { readFile: readImport, entry: 'checked', tools: this.tools });
    const source = new SourceText(input);
    if (unit === undefined) {
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      return problems(
        errors.map(diagnostic => moved(diagnostic, SHIFT, input.length)),
        source,
      );
    }
    return { unit, source, callee: unit.byName.get(EVALUATED)! };
  }
}

function problems(diagnostics: readonly Diagnostic[], source: SourceText): Reply {
  return { kind: 'problems', diagnostics, source };
}

function moved(diagnostic: Diagnostic, shift: number, length: number): Diagnostic {
  const place = (at: number): number => Math.max(0, Math.min(at - shift, length));
  const labels = diagnostic.labels.map(label => ({
    ...label,
    span: { start: place(label.span.start), end: place(label.span.end) },
  }));
  return { ...diagnostic, labels, notes: diagnostic.notes.filter(note => !note.includes(EVALUATED)) };
}

function shown(value: Value): Reply {
  const failed = value instanceof Err;
  const inner = value instanceof Ok || value instanceof Err ? value.value : value;
  return {
    kind: failed ? 'failed' : 'value',
    text: failed ? `^${showValue(inner)}` : showValue(inner),
    json: writeJson(inner, { results: 'wrap' }),
  };
}

function describeDecl(decl: Decl): string {
  switch (decl.kind) {
    case 'function':
    case 'tool': {
      const params = decl.params.map(({ name, type }) => `${name}:${showType(type)}`);
      return `defined: ${decl.name}(${params.join(', ')}) -> ${showType(decl.result)}`;
    }
    case 'type':
      return `defined type: ${decl.name}{${decl.fields.map(({ name, type }) => `${name}:${showType(type)}`).join(';')}}`;
    case 'alias':
      return `defined alias: ${decl.name} = ${showType(decl.target)}`;
    default:
      return 'defined';
  }
}

/** The type of a value as far as it shows: of a list, what its items have in common. */
function typeOfValue(value: Value): string {
  if (value === null) return '_';
  if (typeof value === 'number') return 'n';
  if (typeof value === 'string') return 't';
  if (typeof value === 'boolean') return 'b';
  if ('shape' in value) return value.shape.typeName;
  if ('view' in value && 'length' in value) {
    const types = new Set([...value.view()].map(typeOfValue));
    return `L ${types.size === 1 ? [...types][0]! : '_'}`;
  }
  if ('size' in value) {
    const entries = [...value.view()];
    const keys = new Set(entries.map(([key]) => typeOfValue(key)));
    const values = new Set(entries.map(([, part]) => typeOfValue(part)));
    return `M ${keys.size === 1 ? [...keys][0]! : '_'} ${values.size === 1 ? [...values][0]! : '_'}`;
  }
  if (value instanceof Ok) return `R ${typeOfValue(value.value)} _`;
  if (value instanceof Err) return `R _ ${typeOfValue(value.value)}`;
  return 'F';
}

/** Whether an input goes on in the next line: a brace, bracket or parenthesis is open, or it ends in `;`. */
export function goesOn(input: string): boolean {
  let open = 0;
  let quoted = false;
  for (let at = 0; at < input.length; at++) {
    const char = input[at]!;
    if (quoted) {
      if (char === '\\') at++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '-' && input[at + 1] === '-') {
      const end = input.indexOf('\n', at);
      if (end < 0) break;
      at = end;
    } else if ('{[('.includes(char)) open++;
    else if ('}])'.includes(char)) open--;
  }
  return quoted || open > 0 || input.trimEnd().endsWith(';');
}
