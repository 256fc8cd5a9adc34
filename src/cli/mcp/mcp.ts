// `ilo mcp`: ilo as a server of the Model Context Protocol over standard input and output, so that an agent can check, run and look things up. A
// program can reach nothing but what flags allow, and every run has limits that no request can raise.
//
// The protocol is ours, three requests over lines of JSON (rpc.ts); the official SDK, which would bring ninety packages into every
// installation, tests it from the other side.
import { drainPools } from '../../embed/isolation/pool.ts';
import { DEFAULT_LIMITS } from '../../embed/options.ts';
import { McpHub } from '../../runtime/tools/hub.ts';
import { PROTOCOL_VERSIONS } from '../../runtime/tools/mcp-client.ts';
import { parseSimple } from '../arguments.ts';
import { type Console, EXIT, refuse, refuseWith } from '../console.ts';
import { compactReference } from '../help-ai.ts';
import { packageFile, packageVersion } from '../package.ts';
import { capabilitiesOf, PERMISSION_SWITCHES, PERMISSION_VALUES } from '../permissions.ts';
import { readToolFiles, serverProblems } from '../tools/configuration.ts';
import { type ArgumentReader, readArguments } from './arguments.ts';
import { searchBuiltins } from './builtins.ts';
import { INSTRUCTIONS, type Limits, toolDefinitions } from './definitions.ts';
import { explainSubject } from './explain.ts';
import { checkProgram, type Powers, runProgramOf } from './program.ts';
import { type Handler, type Params, RPC, RpcError, RpcServer } from './rpc.ts';

const USAGE = 'Usage: ilo mcp [--allow-read DIR,…] [--allow-net HOST,…] … [--tools FILE] [--mcp FILE] [limits]';
/** A run that waits for tools takes longer than one that only computes. */
const TIMEOUT_WITH_TOOLS = 30_000;

/** `ilo mcp`. Ends when standard input does and everything is answered. */
export async function mcpCommand(args: readonly string[], console: Console): Promise<number> {
  const parsed = parseSimple(args, PERMISSION_SWITCHES, PERMISSION_VALUES);
  if ('problem' in parsed) return refuse(console, parsed.problem, parsed.advice ?? USAGE);
  const { operands, options } = parsed.ok;
  if (operands.length > 0) return refuse(console, `unexpected '${operands[0]}'`, USAGE);
  const read = readToolFiles(options);
  if ('diagnostic' in read) return refuseWith([read.diagnostic], options, console);
  const { endpoints, entries, servers } = read.ok;
  const hub = await McpHub.open(servers, [...endpoints.keys()], packageVersion());
  if (hub.problems.length > 0) {
    await hub.close();
    return refuseWith(serverProblems(hub.problems), options, console);
  }
  const { limits: given, maxDepth } = options;
  const limits: Limits = {
    fuel: given.fuel ?? DEFAULT_LIMITS.fuel,
    timeout: given.timeout ?? (endpoints.size + servers.length > 0 ? TIMEOUT_WITH_TOOLS : DEFAULT_LIMITS.timeout),
    alloc: given.alloc ?? DEFAULT_LIMITS.alloc,
    depth: maxDepth ?? DEFAULT_LIMITS.depth,
    output: given.output ?? DEFAULT_LIMITS.output,
  };
  const powers: Powers = {
    limits,
    capabilities: capabilitiesOf(parsed.ok),
    endpoints,
    entries: [...entries, ...hub.entries],
    hub,
  };
  const server = new RpcServer(handlersOf(powers), line => {
    console.out.write(line);
    console.out.flush();
  });
  await server.serve(process.stdin);
  drainPools();
  await hub.close();
  return EXIT.ok;
}

function handlersOf(powers: Powers): Record<string, Handler> {
  const tools = toolDefinitions(powers.limits);
  return {
    initialize: ({ protocolVersion }) => ({
      protocolVersion: PROTOCOL_VERSIONS.find(known => known === protocolVersion) ?? PROTOCOL_VERSIONS[0],
      capabilities: { tools: {}, resources: {} },
      serverInfo: { name: 'ilo', title: 'ilo', version: packageVersion() },
      instructions: INSTRUCTIONS,
    }),
    ping: () => ({}),
    'tools/list': () => ({ tools }),
    'tools/call': (params, signal) => callTool(params, powers, signal),
    'resources/list': () => ({ resources: RESOURCES.map(({ text, ...resource }) => resource) }),
    'resources/templates/list': () => ({ resourceTemplates: [] }),
    'resources/read': ({ uri }) => {
      const resource = RESOURCES.find(known => known.uri === uri);
      const text = resource?.text();
      if (resource === undefined || text === undefined)
        throw new RpcError(RPC.notFound, `there is no resource '${String(uri).slice(0, 200)}'`);
      return { contents: [{ uri, mimeType: resource.mimeType, text }] };
    },
  };
}

const RESOURCES = [
  {
    uri: 'ilo://reference',
    name: 'reference',
    title: 'ilo in short form',
    description: 'The syntax rule by rule and all builtins, in a few thousand tokens: enough to write programs.',
    mimeType: 'text/plain',
    text: compactReference,
  },
  {
    uri: 'ilo://language',
    name: 'language',
    title: 'The language ilo',
    description: 'The whole language with examples.',
    mimeType: 'text/markdown',
    text: () => packageFile('docs/language.md'),
  },
];

type Tool = (read: ArgumentReader, powers: Powers, signal: AbortSignal) => Promise<object> | object;

const TOOLS: Readonly<Record<string, Tool>> = {
  check: (read, powers) => structured(checkProgram(read.program(), powers)),
  run: async (read, powers, signal) => {
    const ran = await runProgramOf(read.run(powers.limits), powers, signal);
    return structured(ran, 'error' in ran);
  },
  explain: async read => {
    const { text, found } = await explainSubject(read.text('subject'));
    return { content: [{ type: 'text', text }], ...(found ? {} : { isError: true }) };
  },
  search_builtins: read => structured({ builtins: searchBuiltins(read.text('query'), read.count('limit', 8, 50)) }),
};

async function callTool(params: Params, powers: Powers, signal: AbortSignal): Promise<object> {
  const { name, arguments: given = {} } = params;
  const tool = typeof name === 'string' && Object.hasOwn(TOOLS, name) ? TOOLS[name] : undefined;
  if (tool === undefined) throw new RpcError(RPC.params, `there is no tool '${String(name).slice(0, 100)}'`);
  const read = readArguments(name as string, given);
  if ('problem' in read) return mistake(read.problem);
  try {
    return await tool(read.ok, powers, signal);
  } catch (error) {
    if (error instanceof RpcError && error.code === RPC.params) return mistake(error.message);
    throw error;
  }
}

/** Mistakes in arguments are results, so that the model that made them sees them. */
function mistake(message: string): object {
  return structured(
    { error: { phase: 'request', problems: [{ severity: 'error', code: 'ILO-E002', message }] } },
    true,
  );
}

/** A result as data and, for clients that know no structured content, as text. */
function structured(data: object, isError = false): object {
  return {
    content: [{ type: 'text', text: JSON.stringify(data) }],
    structuredContent: data,
    ...(isError ? { isError } : {}),
  };
}
