// What an MCP server has answered, as the result that the program was promised: text, or JSON of the shape of the tool's result type. An answer of
// another shape is a failure of the tool, said with the place where it differs.
import type { Outcome, ToolAnswer } from '../../core/host.ts';
import { showType, type Type } from '../../core/type.ts';
import type { ToolEntry } from './declare.ts';
import type { CallResult } from './mcp-client.ts';
import type { RecordType } from './schema.ts';

/** The answer for the program. JSON text, as a tool's host gives it. */
export function answerOf(entry: ToolEntry, result: CallResult): ToolAnswer {
  if (result.failed) return { err: result.text === '' ? `tool '${entry.name}' failed` : result.text };
  if (!entry.structured) return toJson(result.text, entry);
  if (result.structured === undefined) return mismatch(entry, 'it has no structured content');
  const { result: type } = entry;
  const whole = shaped(result.structured, type?.kind === 'result' ? type.ok : { kind: 'any' }, entry.records, 'it');
  return 'err' in whole ? mismatch(entry, whole.err) : toJson(whole.ok, entry);
}

function toJson(value: unknown, entry: ToolEntry): ToolAnswer {
  try {
    return { ok: JSON.stringify(value), plain: true };
  } catch {
    return mismatch(entry, 'it is nested too deeply');
  }
}

function mismatch(entry: ToolEntry, problem: string): { readonly err: string } {
  return { err: `the answer of tool '${entry.name}' is not what its schema says: ${problem}` };
}

/** The value with what may be left out set to null, or where it is of another shape. Types are at most as deep as schemas are read. */
function shaped(value: unknown, type: Type, records: readonly RecordType[], path: string): Outcome<unknown> {
  const differs = { err: `${path} is not ${showType(type)}` };
  switch (type.kind) {
    case 'num':
      return typeof value === 'number' ? { ok: value } : differs;
    case 'text':
      return typeof value === 'string' ? { ok: value } : differs;
    case 'bool':
      return typeof value === 'boolean' ? { ok: value } : differs;
    case 'optional':
      return value === null || value === undefined ? { ok: null } : shaped(value, type.of, records, path);
    case 'list': {
      if (!Array.isArray(value)) return differs;
      const items: unknown[] = [];
      for (const [at, item] of (value as unknown[]).entries()) {
        const whole = shaped(item, type.of, records, `${path}[${at}]`);
        if ('err' in whole) return whole;
        items.push(whole.ok);
      }
      return { ok: items };
    }
    case 'named': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return differs;
      const given = value as Record<string, unknown>;
      const whole: Record<string, unknown> = {};
      for (const field of records.find(({ name }) => name === type.name)?.fields ?? []) {
        const part = shaped(
          Object.hasOwn(given, field.name) ? given[field.name] : undefined,
          field.type,
          records,
          `${path}.${field.name}`,
        );
        if ('err' in part) return part;
        // A field that is not described further may still be missing.
        whole[field.name] = part.ok ?? null;
      }
      return { ok: whole };
    }
    default:
      return { ok: value };
  }
}
