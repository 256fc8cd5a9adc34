// The files behind `--tools` and `--mcp`, read and checked, for every command that takes them.
import { type Diagnostic, diagnose } from '../../diag/diagnostic.ts';
import { loadTools, type ToolEndpoints } from '../../runtime/host/tools.ts';
import type { ToolEntry } from '../../runtime/tools/declare.ts';
import { httpEntries } from '../../runtime/tools/http-entries.ts';
import { loadMcpServers, type McpServer } from '../../runtime/tools/mcp-config.ts';

export interface ToolFiles {
  readonly tools: string | undefined;
  readonly mcp: string | undefined;
}

export interface ToolConfiguration {
  readonly endpoints: ToolEndpoints;
  /** Those over HTTP. */
  readonly entries: readonly ToolEntry[];
  readonly servers: readonly McpServer[];
}

/** Reads the files that were given. Gives ILO-C004 for what is wrong with them. */
export function readToolFiles({
  tools,
  mcp,
}: ToolFiles): { readonly ok: ToolConfiguration } | { readonly diagnostic: Diagnostic } {
  const refuse = (problem: string) => ({ diagnostic: diagnose('ILO-C004', 'file', { problem }) });
  const endpoints = tools === undefined ? { ok: new Map() as ToolEndpoints } : loadTools(tools);
  if ('err' in endpoints) return refuse(endpoints.err);
  const entries = httpEntries(endpoints.ok);
  if ('err' in entries) return refuse(`failed to parse tools config ${tools}: ${entries.err}`);
  const servers = mcp === undefined ? { ok: [] } : loadMcpServers(mcp, process.env);
  if ('err' in servers) return refuse(servers.err);
  return { ok: { endpoints: endpoints.ok, entries: entries.ok, servers: servers.ok } };
}

/** What is said about servers that are not there. */
export function serverProblems(problems: readonly string[]): Diagnostic[] {
  return problems.map(problem => diagnose('ILO-C005', 'server', { problem }));
}
