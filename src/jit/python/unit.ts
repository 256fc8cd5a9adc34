// What emitting any part of a unit as Python needs to know of the rest.
import type { Span } from '../../base/span.ts';
import type { CoreUnit } from '../../core/core.ts';
import type { Shape } from '../../core/value/record.ts';
import type { PythonNames } from './names.ts';

export interface UnitContext {
  readonly unit: CoreUnit;
  readonly names: PythonNames;
  readonly place: (span: Span, file: string | undefined) => string;
  /** Notes that a builtin is used, and gives what it is called in the prelude. */
  readonly useBuiltin: (name: string) => string;
  /** Notes that a builtin is used as a value, so that it has to be found by its name. */
  readonly useBuiltinValue: (name: string) => void;
  readonly useTool: (name: string) => void;
  readonly isBuiltin: (name: string) => boolean;
  /** By type name and fields: the function that makes such records. */
  readonly shapes: Map<string, RecordMaker>;
}

export interface RecordMaker {
  readonly name: string;
  /** Its parameter for each field. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly code: string;
}

/** A text as a Python literal. JSON's notation is one, as it escapes nothing that Python does not know. */
export function quote(text: string): string {
  // A lone half of a surrogate pair stays escaped, and what looks like a line break to some editor does too.
  return JSON.stringify(text).replace(/[\u007f-\u00a0\u2028\u2029]/g, char => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** The function that makes records of a shape: it takes the fields by name, so they can be given in the order they are written. */
export function recordMaker(context: UnitContext, shape: Shape): RecordMaker {
  const key = JSON.stringify([shape.typeName, ...shape.names]);
  const known = context.shapes.get(key);
  if (known !== undefined) return known;
  const scope = context.names.scope();
  const parameters = new Map(shape.names.map(field => [field, scope.take(field)]));
  const name = context.names.unique(`new_${shape.typeName}`);
  const list = [...parameters.values()].map(parameter => `${parameter}=None`).join(', ');
  const fields = [...parameters].map(([field, parameter]) => `${quote(field)}: ${parameter}`).join(', ');
  const code = `def ${name}(${list}):\n    return Record(${quote(shape.typeName)}, {${fields}})`;
  const maker = { name, parameters, code };
  context.shapes.set(key, maker);
  return maker;
}
