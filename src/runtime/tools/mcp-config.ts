// The file that says which MCP servers there are, in the form that other clients read too:
//
//     { "mcpServers": { "files": { "command": "npx", "args": ["-y", "server"], "env": { "TOKEN": "${MY_TOKEN}" } },
//                       "search": { "url": "https://example.org/mcp", "headers": { "Authorization": "Bearer ${KEY}" } } } }
//
// Ours are `timeout_secs` (a call, 30), `start_secs` (start, greeting and list of tools, 10) and `cwd`. `${NAME}` and `${NAME:-otherwise}` stand for
// variables of the environment in texts of `command`, `args`, `env`, `url` and `headers`; other fields are left to other clients. A child gets
// what `env` names and PATH, nothing else: whatever lies in the environment of an agent is no business of its servers.
import type { Outcome } from '../../core/host.ts';
import { readTextFile } from '../host/files.ts';

export interface McpServer {
  readonly name: string;
  readonly transport: StdioServer | HttpServer;
  readonly callTimeoutMs: number;
  readonly startTimeoutMs: number;
}

export interface StdioServer {
  readonly kind: 'stdio';
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string | undefined;
}

export interface HttpServer {
  readonly kind: 'http';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

type Environment = Readonly<Record<string, string | undefined>>;
type Texts = Readonly<Record<string, string>>;

const CALL_SECONDS = 30;
const START_SECONDS = 10;
const LONGEST_SECONDS = 3600;
/** Without PATH no command finds its interpreter; the others are what Windows cannot start a process without. */
const PASSED_ON = ['PATH', 'Path', 'PATHEXT', 'SystemRoot', 'SYSTEMROOT', 'ComSpec', 'COMSPEC'];

/** Reads a configuration of MCP servers. `err` is a sentence for the user that names the file. */
export function loadMcpServers(path: string, environment: Environment): Outcome<readonly McpServer[]> {
  const file = readTextFile(path);
  if ('err' in file) return { err: `failed to read MCP config ${path}: ${file.err}` };
  const servers = parseMcpServers(file.ok, environment);
  return 'err' in servers ? { err: `failed to parse MCP config ${path}: ${servers.err}` } : servers;
}

/** Reads the text of a configuration. */
export function parseMcpServers(text: string, environment: Environment): Outcome<readonly McpServer[]> {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch (error) {
    return { err: (error as Error).message };
  }
  if (!isObject(config)) return { err: 'expected an object' };
  const servers = own(config, 'mcpServers');
  if (!isObject(servers)) return { err: 'missing field `mcpServers`, an object with an entry for each server' };
  try {
    return { ok: Object.entries(servers).map(([name, entry]) => readServer(name, entry, environment)) };
  } catch (error) {
    if (error instanceof Refusal) return { err: error.message };
    throw error;
  }
}

class Refusal extends Error {}

function readServer(name: string, entry: unknown, environment: Environment): McpServer {
  const refuse = (problem: string): never => {
    throw new Refusal(`server '${name}': ${problem}`);
  };
  if (!isObject(entry)) return refuse('expected an object');
  const expand = (text: string): string =>
    text.replace(/\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g, (_, variable: string, otherwise: string | undefined) => {
      const value = Object.hasOwn(environment, variable) ? environment[variable] : undefined;
      return value ?? otherwise ?? refuse(`the environment has no variable ${variable}`);
    });
  const texts = (field: string): Texts => {
    const value = own(entry, field) ?? {};
    if (!isObject(value)) return refuse(`\`${field}\` must be an object of texts`);
    const read = Object.create(null) as Record<string, string>;
    for (const [key, part] of Object.entries(value)) {
      if (typeof part !== 'string' || part.includes('\0') || key.includes('\0'))
        return refuse(`\`${field}\` must be an object of texts`);
      read[key] = expand(part);
    }
    return read;
  };
  const seconds = (field: string, usual: number): number => {
    const value = own(entry, field) ?? usual;
    if (typeof value !== 'number' || !(value > 0)) return refuse(`\`${field}\` must be a number above 0`);
    return Math.ceil(Math.min(value, LONGEST_SECONDS) * 1000);
  };
  const timeouts = {
    callTimeoutMs: seconds('timeout_secs', CALL_SECONDS),
    startTimeoutMs: seconds('start_secs', START_SECONDS),
  };
  const command = own(entry, 'command');
  const url = own(entry, 'url');
  if (url !== undefined && command === undefined) {
    if (typeof url !== 'string') return refuse('`url` must be text');
    const address = expand(url);
    if (!/^https?:\/\//.test(address) || !URL.canParse(address))
      return refuse('`url` must be an http or https address');
    return { name, transport: { kind: 'http', url: address, headers: texts('headers') }, ...timeouts };
  }
  const args = own(entry, 'args') ?? [];
  const cwd = own(entry, 'cwd');
  if (typeof command !== 'string' || command === '' || command.includes('\0'))
    return refuse('`command` or `url` must be text');
  if (!Array.isArray(args) || !args.every((arg): arg is string => typeof arg === 'string' && !arg.includes('\0')))
    return refuse('`args` must be a list of texts');
  if (cwd !== undefined && typeof cwd !== 'string') return refuse('`cwd` must be text');
  const env: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const passed of PASSED_ON) {
    const value = Object.hasOwn(environment, passed) ? environment[passed] : undefined;
    if (value !== undefined) env[passed] = value;
  }
  Object.assign(env, texts('env'));
  return {
    name,
    transport: { kind: 'stdio', command: expand(command), args: args.map(expand), env, cwd },
    ...timeouts,
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(object: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
