// Configurations for tests, in a folder of their own, and the servers that they name.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const SERVERS = join(import.meta.dirname, 'servers');
const folder = mkdtempSync(join(tmpdir(), 'ilo-agents-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a file and gives its path. */
export function file(name: string, contents: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof contents === 'string' ? contents : JSON.stringify(contents));
  return path;
}

/** An entry of a configuration: a server in this folder, with arguments. */
export function server(name: 'official' | 'hostile', args: readonly string[] = [], more: object = {}): object {
  return { command: process.execPath, args: [join(SERVERS, `${name}.mjs`), ...args], start_secs: 20, ...more };
}

let written = 0;

/** A configuration of MCP servers; gives its path. */
export function mcpFile(servers: Readonly<Record<string, object>>): string {
  return file(`mcp-${++written}.json`, { mcpServers: servers });
}

/** A configuration with one server that misbehaves. */
export function hostile(way: string, more: object = {}, detail?: string): string {
  return mcpFile({ h: server('hostile', detail === undefined ? [way] : [way, detail], more) });
}

/** Starts the official server over HTTP. */
export function startHttp(...flags: string[]): Promise<{ readonly url: string; readonly stop: () => void }> {
  const child = spawn(process.execPath, [join(SERVERS, 'official.mjs'), '--http', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise(resolve => {
    child.stdout.once('data', port => {
      resolve({ url: `http://127.0.0.1:${String(port).trim()}/mcp`, stop: () => void child.kill() });
    });
  });
}
