// JSON Schema to ilo's types: what a schema says about the shape of a value as far as ilo has a type for it, and `_` for everything else.
//
//     string            t            array of X                          L X
//     number, integer   n            object with named properties        a record type (results) or _ (arguments, where any record or map will do)
//     boolean           b            object of X (additionalProperties)  M t X (arguments)
//     X or null         O X          anything else                       _
//
// Schemas come from strangers: `$ref` may go in circles and documents may be huge, so there is a limit on depth and one on the
// number of schemas that are looked at; beyond either everything is `_`.
import { ANY, BOOL, listOf, mapOf, NUM, named, optionalOf, TEXT, type Type } from '../../core/type.ts';
import { isName } from './names.ts';

const DEEPEST = 16;
const MOST_SCHEMAS = 5000;

export interface RecordType {
  readonly name: string;
  readonly fields: readonly { readonly name: string; readonly type: Type }[];
}

type Schema = Readonly<Record<string, unknown>>;

export class SchemaReader {
  private readonly root: unknown;
  /** The name of the record type that an object with named properties becomes; without it, `_`. */
  private readonly recordName: string | undefined;
  readonly records: RecordType[] = [];
  private left = MOST_SCHEMAS;

  constructor(root: unknown, recordName?: string) {
    this.root = root;
    this.recordName = recordName;
  }

  /** The properties of the root, those that must be there first. */
  properties(): { readonly name: string; readonly type: Type; readonly required: boolean }[] {
    const { properties, required } = isSchema(this.root) ? this.root : {};
    const known: Schema = isSchema(properties) ? properties : {};
    const must = new Set(
      Array.isArray(required) ? (required as unknown[]).filter(name => typeof name === 'string') : [],
    );
    // A name that must be there but is not described can still be given.
    const names = new Set([...(must as Set<string>), ...Object.keys(known)]);
    return [...names].map(name => ({
      name,
      type: Object.hasOwn(known, name) ? this.type(known[name]) : ANY,
      required: must.has(name),
    }));
  }

  type(schema: unknown, depth = 0, name = this.recordName, references: readonly string[] = []): Type {
    if (!isSchema(schema) || depth > DEEPEST || this.left-- <= 0) return ANY;
    const inner = (part: unknown, suffix?: string): Type =>
      this.type(part, depth + 1, suffix === undefined || name === undefined ? name : `${name}-${suffix}`, references);
    const { $ref: reference, anyOf, oneOf, allOf, type } = schema;
    if (typeof reference === 'string') {
      if (references.includes(reference)) return ANY;
      return this.type(this.find(reference), depth + 1, name, [...references, reference]);
    }
    const choices = anyOf ?? oneOf;
    if (Array.isArray(choices)) return oneTypeOf(choices as unknown[], part => inner(part));
    if (Array.isArray(allOf) && allOf.length === 1 && type === undefined) return inner(allOf[0]);
    if (Array.isArray(type))
      return oneTypeOf(
        (type as unknown[]).map(one => ({ ...schema, type: one })),
        part => inner(part),
      );
    const plain = this.plainType(schema, name, inner);
    return schema.nullable === true ? optional(plain) : plain;
  }

  private plainType(schema: Schema, name: string | undefined, inner: (part: unknown, suffix?: string) => Type): Type {
    switch (schema.type ?? typeOfConstants(schema)) {
      case 'string':
        return TEXT;
      case 'number':
      case 'integer':
        return NUM;
      case 'boolean':
        return BOOL;
      case 'array':
        return listOf(inner(schema.items));
      case 'object':
        return this.objectType(schema, name, inner);
      default:
        return ANY;
    }
  }

  private objectType(
    { properties, required, additionalProperties }: Schema,
    name: string | undefined,
    inner: (part: unknown, suffix?: string) => Type,
  ): Type {
    const fields = isSchema(properties) ? Object.entries(properties) : [];
    if (name === undefined)
      return fields.length === 0 && isSchema(additionalProperties) ? mapOf(TEXT, inner(additionalProperties)) : ANY;
    // Fields of a record have names of the language. Their values may be anything, so an object with other keys is simply unknown.
    if (fields.length === 0 || !fields.every(([field]) => isName(field))) return ANY;
    const must = new Set(Array.isArray(required) ? (required as unknown[]) : []);
    const at = this.records.length;
    this.records.push({ name, fields: [] });
    const typed = fields.map(([field, part]) => {
      const type = inner(part, field);
      return { name: field, type: must.has(field) ? type : optional(type) };
    });
    this.records[at] = { name, fields: typed };
    return named(name);
  }

  /** What a reference within the document points at. */
  private find(reference: string): unknown {
    if (!reference.startsWith('#')) return undefined;
    let found = this.root;
    for (const part of reference.split('/').slice(1)) {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
      found = (found as Record<string, unknown>)[key];
    }
    return found;
  }
}

/** The type that all choices have; null among them makes it optional. */
function oneTypeOf(choices: readonly unknown[], typeOf: (choice: unknown) => Type): Type {
  const others = choices.filter(choice => !(isSchema(choice) && choice.type === 'null'));
  // Records are made as they are read, so only a single choice may become one.
  if (others.length !== 1 && others.some(choice => isSchema(choice) && choice.type === 'object')) return ANY;
  const types = others.map(typeOf);
  const [first] = types;
  if (first === undefined || types.some(type => JSON.stringify(type) !== JSON.stringify(first))) return ANY;
  return others.length < choices.length ? optional(first) : first;
}

function typeOfConstants(schema: Schema): string | undefined {
  const values = 'const' in schema ? [schema.const] : Array.isArray(schema.enum) ? (schema.enum as unknown[]) : [];
  const kinds = new Set(values.map(value => typeof value));
  const [kind] = kinds;
  if (kinds.size === 1 && (kind === 'string' || kind === 'number' || kind === 'boolean')) return kind;
  return isSchema(schema.properties) ? 'object' : undefined;
}

function optional(type: Type): Type {
  return type.kind === 'optional' || type.kind === 'any' ? type : optionalOf(type);
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
