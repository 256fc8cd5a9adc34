// From what servers say about their tools to declarations of the language: a name, typed parameters, a result, and what a call needs to find its
// way back. The declarations are text that the parser reads like any program's, so that what `ilo tools` prints is what is verified.
import { ANY, optionalOf, resultOf, showType, TEXT, type Type } from '../../core/type.ts';
import type { ListedTool } from './mcp-client.ts';
import { isName, NameGiver } from './names.ts';
import { type RecordType, SchemaReader } from './schema.ts';

/** More parameters than a call can sensibly have: such a tool takes one record or map. */
const MOST_PARAMETERS = 32;
const LONGEST_DESCRIPTION = 1000;

/** A tool as programs see it. Plain data: it travels between threads. */
export interface ToolEntry {
  /** In programs. */
  readonly name: string;
  readonly source: 'http' | 'mcp';
  /** The server and the name there; undefined for a tool over HTTP. */
  readonly server: string | undefined;
  readonly original: string;
  readonly description: string;
  readonly params: readonly Parameter[];
  /** Undefined where only programs know it. */
  readonly result: Type | undefined;
  /** The record types that the result mentions. */
  readonly records: readonly RecordType[];
  /** The one argument is the object of all arguments. */
  readonly wholeObject: boolean;
  /** The result is what the server sends as structured content, and not text. */
  readonly structured: boolean;
}

export interface Parameter {
  readonly name: string;
  readonly type: Type;
  /** The name of the property that it becomes. */
  readonly property: string;
}

/** The tools of servers, in the order of the configuration. `names` has given those of tools that come before. */
export function entriesOf(server: string, tools: readonly ListedTool[], names: NameGiver): ToolEntry[] {
  return tools.map(tool => entryOf(server, tool, names));
}

function entryOf(server: string, tool: ListedTool, names: NameGiver): ToolEntry {
  const name = names.tool(tool.name, server);
  const { params, wholeObject } = parametersOf(tool.inputSchema);
  const { ok, records, structured } = resultOfTool(`${name}-result`, tool.outputSchema, names);
  return {
    name,
    source: 'mcp',
    server,
    original: tool.name,
    description: tool.description.slice(0, LONGEST_DESCRIPTION),
    params,
    result: resultOf(ok, TEXT),
    records,
    wholeObject,
    structured,
  };
}

function parametersOf(schema: unknown): { params: Parameter[]; wholeObject: boolean } {
  const properties = new SchemaReader(schema).properties();
  if (properties.length > MOST_PARAMETERS) {
    return { params: [{ name: 'arguments', type: ANY, property: '' }], wholeObject: true };
  }
  const names = new NameGiver();
  const params = properties.map(({ name: property, type, required }) => ({
    name: names.parameter(property),
    type: required || type.kind === 'any' || type.kind === 'optional' ? type : optionalOf(type),
    property,
  }));
  return { params, wholeObject: false };
}

function resultOfTool(
  name: string,
  schema: unknown,
  names: NameGiver,
): { ok: Type; records: readonly RecordType[]; structured: boolean } {
  if (schema === undefined || schema === null) return { ok: TEXT, records: [], structured: false };
  const reader = new SchemaReader(schema, name);
  const ok = reader.type(schema);
  // Two properties may want the same name for their types, or one that cannot be a name: then the shape stays unknown.
  const fine = reader.records.every(record => isName(record.name) && names.take(record.name));
  return fine ? { ok, records: reader.records, structured: true } : { ok: ANY, records: [], structured: true };
}

/** The declarations of a tool as source text: the record types of its result and the tool itself. Undefined where there is no type. */
export function declarationOf(entry: ToolEntry): string | undefined {
  const { result } = entry;
  if (result === undefined) return undefined;
  const types = entry.records.map(
    ({ name, fields }) => `type ${name}{${fields.map(field => `${field.name}:${showType(field.type)}`).join(';')}}\n`,
  );
  return `${types.join('')}tool ${entry.name}"${quoted(entry.description)}"${signatureOf(entry)}`;
}

/** The signature of a tool: `id:n lang:O t>R t t`. */
export function signatureOf({ params, result }: ToolEntry): string {
  const list = params.map(({ name, type }) => `${name}:${showType(type)}`).join(' ');
  return result === undefined ? '' : `${list === '' ? '' : ` ${list}`}>${showType(result)}`;
}

function quoted(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\0-\x1f\x7f]/g, '')
    .trim()
    .replace(/["\\]/g, char => `\\${char}`);
}
