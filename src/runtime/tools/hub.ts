// All MCP servers of a configuration together: their tools under names of the language, and calls that find their way. Calls run side by side, also
// on one server. Needs an event loop; programs, which have none, reach it through a port (hub-port.ts).
import type { ToolAnswer, ToolCallLimits } from '../../core/host.ts';
import { answerOf } from './answer.ts';
import { entriesOf, type ToolEntry } from './declare.ts';
import { McpClient } from './mcp-client.ts';
import type { McpServer } from './mcp-config.ts';
import { NameGiver } from './names.ts';

interface Known {
  readonly entry: ToolEntry;
  readonly client: McpClient;
}

export class McpHub {
  readonly entries: readonly ToolEntry[];
  /** Why servers are not there: sentences with their names. */
  readonly problems: readonly string[];
  private readonly clients: readonly McpClient[];
  private readonly known: ReadonlyMap<string, Known>;

  private constructor(clients: readonly McpClient[], known: readonly Known[], problems: readonly string[]) {
    this.clients = clients;
    this.entries = known.map(({ entry }) => entry);
    this.known = new Map(known.map(one => [one.entry.name, one]));
    this.problems = problems;
  }

  /** Starts all servers side by side. `taken` are names of tools from elsewhere. Never rejects. */
  static async open(servers: readonly McpServer[], taken: readonly string[], version: string): Promise<McpHub> {
    const names = new NameGiver();
    for (const name of taken) names.take(name, () => true);
    const clients = servers.map(server => new McpClient(server, version));
    const listed = await Promise.all(clients.map(client => client.open()));
    const known: Known[] = [];
    const problems: string[] = [];
    // In the order of the configuration, whoever was there first: names must not depend on who is faster.
    for (const [at, client] of clients.entries()) {
      const tools = listed[at]!;
      if ('err' in tools) problems.push(tools.err);
      else for (const entry of entriesOf(client.name, tools.ok, names)) known.push({ entry, client });
    }
    return new McpHub(clients, known, problems);
  }

  /** Calls a tool by its name in programs, with a JSON array of arguments. Never rejects. */
  async call(name: string, argsJson: string, limits?: ToolCallLimits): Promise<ToolAnswer> {
    const known = this.known.get(name);
    if (known === undefined) return { err: `tool not configured: ${name}` };
    const { entry, client } = known;
    let args: Record<string, unknown>;
    try {
      args = argumentsOf(entry, JSON.parse(argsJson) as unknown[]);
    } catch (error) {
      return { err: `tool '${name}': ${(error as Error).message}` };
    }
    const result = await client.call(entry.original, args, limits?.withinMs ?? Number.POSITIVE_INFINITY);
    return 'err' in result ? result : answerOf(entry, result.ok);
  }

  /** Ends all servers. Never rejects. */
  async close(): Promise<void> {
    await Promise.all(this.clients.map(client => client.close()));
  }
}

/** Arguments by the names of the server's schema. Nil for one that may be left out leaves it out. */
function argumentsOf({ params, wholeObject }: ToolEntry, values: readonly unknown[]): Record<string, unknown> {
  if (wholeObject) {
    const [whole] = values;
    if (typeof whole !== 'object' || whole === null || Array.isArray(whole))
      throw new Error('its argument is a record or a map');
    return whole as Record<string, unknown>;
  }
  const args = Object.create(null) as Record<string, unknown>;
  for (const [at, { property, type }] of params.entries()) {
    const value = values[at] ?? null;
    if (value === null && (type.kind === 'optional' || type.kind === 'any')) continue;
    args[property] = value;
  }
  return args;
}
