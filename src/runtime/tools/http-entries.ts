// Tools over HTTP as entries of the same list as those of MCP servers. Only those whose configuration has a signature are declared to programs.
import type { Outcome } from '../../core/host.ts';
import type { Type } from '../../core/type.ts';
import { parse } from '../../lang/ilo/parse.ts';
import type { ToolEndpoints } from '../host/tools.ts';
import type { ToolEntry } from './declare.ts';
import { NameGiver } from './names.ts';

/** `err` is a sentence for the user about the entry that cannot be declared. */
export function httpEntries(endpoints: ToolEndpoints): Outcome<readonly ToolEntry[]> {
  const entries: ToolEntry[] = [];
  for (const [name, { description, signature }] of endpoints) {
    const base = { name, source: 'http', server: undefined, original: name, description, records: [] } as const;
    const plain = { ...base, wholeObject: false, structured: false };
    if (signature === undefined) {
      entries.push({ ...plain, params: [], result: undefined });
      continue;
    }
    if (new NameGiver().tool(name, 'http') !== name)
      return { err: `tool '${name}': a tool with a \`signature\` needs a name that programs can use` };
    const { program, diagnostics } = parse(`tool ${name}"" ${signature}`);
    const [decl] = program.decls;
    if (diagnostics.length > 0 || program.decls.length !== 1 || decl?.kind !== 'tool')
      return { err: `tool '${name}': \`signature\` must be one such as \`id:n>R t t\`` };
    if ([decl.result, ...decl.params.map(({ type }) => type)].some(isNamed))
      return { err: `tool '${name}': \`signature\` can name no record types; \`_\` stands for any value` };
    const params = decl.params.map(({ name: param, type }) => ({ name: param, type, property: param }));
    entries.push({ ...plain, params, result: decl.result });
  }
  return { ok: entries };
}

function isNamed(type: Type): boolean {
  switch (type.kind) {
    case 'named':
      return true;
    case 'optional':
    case 'list':
      return isNamed(type.of);
    case 'map':
      return isNamed(type.key) || isNamed(type.value);
    case 'result':
      return isNamed(type.ok) || isNamed(type.err);
    case 'fn':
      return true;
    default:
      return false;
  }
}
