// An MCP server made with the official SDK: over standard input and output, or with `--http` over streamable HTTP (prints its port).
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';

function makeServer() {
  const server = new McpServer({ name: 'official', version: '1.0.0' });
  const text = value => ({ content: [{ type: 'text', text: String(value) }] });
  server.registerTool(
    'get_user',
    { description: 'Reads a "user".\nBy id.', inputSchema: { id: z.number(), lang: z.string().optional() } },
    ({ id, lang }) => text(`user ${id} ${lang ?? 'en'}`),
  );
  server.registerTool('addAll', { inputSchema: { xs: z.array(z.number()) } }, ({ xs }) =>
    text(xs.reduce((sum, x) => sum + x, 0)),
  );
  server.registerTool(
    'forecast',
    {
      description: 'The weather',
      inputSchema: { town: z.string() },
      outputSchema: { sky: z.string(), degrees: z.number(), wind: z.object({ speed: z.number() }).optional() },
    },
    ({ town }) => {
      const structuredContent = { sky: town === 'Bergen' ? 'rain' : 'sun', degrees: 7, wind: { speed: 3 } };
      return { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent };
    },
  );
  server.registerTool('sort', { inputSchema: { text: z.string() } }, ({ text: given }) => text([...given].sort().join('')));
  server.registerTool('fails', { inputSchema: {} }, () => {
    throw new Error('it is broken');
  });
  server.registerTool('environment', { inputSchema: {} }, () => text(JSON.stringify(process.env)));
  server.registerTool('slow', { inputSchema: { ms: z.number() } }, async ({ ms }) => {
    await new Promise(resolve => setTimeout(resolve, ms));
    return text('done');
  });
  return server;
}

if (process.argv.includes('--http')) {
  const sessions = new Map();
  createServer(async (request, response) => {
    const known = sessions.get(request.headers['mcp-session-id']);
    if (known !== undefined) return known.handleRequest(request, response);
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      enableJsonResponse: process.argv.includes('--json'),
      onsessioninitialized: id => void sessions.set(id, transport),
    });
    await makeServer().connect(transport);
    await transport.handleRequest(request, response);
  }).listen(0, '127.0.0.1', function () {
    process.stdout.write(`${this.address().port}\n`);
  });
} else await makeServer().connect(new StdioServerTransport());
