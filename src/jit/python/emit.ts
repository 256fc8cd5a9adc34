// Emits a program as a standalone Python program (3.8 or later) with the same answers: the same values, the same text, the same faults
// at the same places.
//
// The source is Core, not the IR: Core still has the program's statements, expressions and names, so the result can be read beside
// the original. What Python does as ilo does is written as Python (`a + b` on numbers, `and`, `if`, `while`, truth: the prelude's classes
// are built so that Python's idea of it is ilo's). The rest is a call of a small prelude, of which a program gets what it uses. Numbers
// are floats, text is `str`, which also counts code points, nil is `None`; a call that can fail is told its place, as text.
//
// What is not the same: limits. Calls may nest at least 10,000 deep and somewhat deeper; fuel, memory, time and the sizes of values are
// Python's own affair. A program that needs something outside itself that is not in the prelude (the network, tools) is not
// emitted: `missing` lists what is lacking.
import type { Span } from '../../base/span.ts';
import type { CoreFunction, CoreUnit } from '../../core/core.ts';
import { showType, type Type } from '../../core/type.ts';
import { isBuiltinName } from '../../spec/builtin-names.ts';
import { PythonNames } from './names.ts';
import { PRELUDE, preludeFor } from './prelude.ts';
import { emitFunction } from './statements.ts';
import { quote, type UnitContext } from './unit.ts';

export interface PythonOptions {
  /** A place as messages write it, such as `3:14`, with the file before it where it is not the main one. */
  readonly place: (span: Span, file: string | undefined) => string;
  /** Functions whose value the command line does not print. */
  readonly isQuiet: (functionName: string) => boolean;
  /** A parameter's type with aliases replaced. */
  readonly expand?: (type: Type) => Type;
}

export type EmittedPython = { readonly text: string } | { readonly missing: readonly string[] };

/** The whole unit as Python, or the builtins and tools for which there is no Python here. */
export function emitPython(unit: CoreUnit, options: PythonOptions): EmittedPython {
  const missing = new Set<string>();
  const values = new Set<string>();
  const context: UnitContext = {
    unit,
    names: new PythonNames(unit, PRELUDE.keys()),
    place: options.place,
    useBuiltin: name => {
      const helper = builtinHelper(name);
      if (!PRELUDE.has(helper)) missing.add(name);
      return helper;
    },
    useBuiltinValue: name => {
      if (PRELUDE.has(builtinHelper(name))) values.add(name);
      else missing.add(name);
    },
    useTool: name => {
      missing.add(name);
    },
    isBuiltin: isBuiltinName,
    shapes: new Map(),
  };
  const functions = unit.functions.map((_, index) => emitFunction(context, index));
  if (missing.size > 0) return { missing: [...missing].sort() };
  const tables = [builtinTable(values), functionTable(unit, context, options)];
  const body = [...context.shapes.values()].map(({ code }) => code).concat(functions);
  const program = [...body, ...tables].join('\n\n\n');
  const prelude = preludeFor(`${program}\nstart`);
  const parts = [
    '#!/usr/bin/env python3\n# Emitted by ilo. The first part is what ilo has and Python has not; then comes the program.',
    ...prelude,
    '# --- the program ---',
    program,
    'if __name__ == "__main__":\n    start(FUNCTIONS)',
  ];
  return { text: `${parts.join('\n\n\n')}\n` };
}

/** What a builtin is called in the prelude. */
function builtinHelper(name: string): string {
  return `ilo_${name.replaceAll('-', '_')}`;
}

/** What a function value that stands for a builtin finds by its name. */
function builtinTable(builtins: ReadonlySet<string>): string {
  const rows = [...builtins].sort().map(name => `    ${quote(name)}: ${builtinHelper(name)},`);
  return rows.length === 0 ? 'BUILTINS = {}' : `BUILTINS = {\n${rows.join('\n')}\n}`;
}

/** What the command line and function values find by name: the function, its place, parameters and whether its value is printed. */
function functionTable(unit: CoreUnit, context: UnitContext, options: PythonOptions): string {
  const rows = unit.functions.map((fn, index) => {
    const parameters = fn.params.slice(0, fn.params.length - fn.captures).map(({ name, type }) => {
      const shown = showType(type);
      const read = words(options.expand?.(type) ?? type);
      return `(${quote(name)}, ${quote(shown)}, ${quote(read)})`;
    });
    const list = parameters.length === 1 ? `(${parameters[0]},)` : `(${parameters.join(', ')})`;
    const facts = [context.names.ofFunction(index), quote(options.place(fn.span, fn.file)), list, String(fn.captures)];
    return `    ${quote(fn.name)}: (${[...facts, python(options.isQuiet(fn.name)), python(isPublic(fn))].join(', ')}),`;
  });
  return `FUNCTIONS = {\n${rows.join('\n')}\n}`;
}

/** Functions without a name of their own cannot be called from the command line. */
function isPublic({ name }: CoreFunction): boolean {
  return !name.startsWith('__');
}

const python = (truth: boolean): string => (truth ? 'True' : 'False');

/** As much of a type as reading a command line needs, one word for each layer. */
function words(type: Type): string {
  switch (type.kind) {
    case 'optional':
    case 'list':
      return `${type.kind} ${words(type.of)}`;
    case 'sum':
      return ['sum', ...type.variants].join(' ');
    default:
      return type.kind;
  }
}
