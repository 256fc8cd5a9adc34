// A server that misbehaves in the way that its first argument names. Written by hand, because no library would do this.
import { createInterface } from 'node:readline';

const [, , way = 'fine', detail] = process.argv;
const say = message => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const schema = (properties = {}, required = []) => ({ type: 'object', properties, required });

const circle = { $ref: '#/$defs/node' };
const TOOLS = {
  fine: [{ name: 'echo', inputSchema: schema({ text: { type: 'string' } }, ['text']) }],
  recursive: [
    {
      name: 'tree',
      inputSchema: { ...schema({ root: circle }, ['root']), $defs: { node: { type: 'object', properties: { next: circle } } } },
      outputSchema: { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } },
    },
  ],
  huge: [
    {
      name: 'wide',
      inputSchema: schema(Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`p${i}`, { type: 'string' }]))),
    },
    { name: 'deep', inputSchema: schema({ x: nested(1500) }) },
  ],
  names: [
    'get_user',
    'getUser',
    'get-user',
    'len',
    'filter',
    'if',
    'main',
    '7up',
    '__proto__',
    'Größe',
    '💥',
    'a'.repeat(500),
    'with"quote\n',
    '',
    'constructor',
  ].map(name => ({ name, description: 'x"\\\n\u0000 y', inputSchema: schema({ [name || 'empty']: { type: 'number' } }) })),
  schemas: [null, true, [], 'text', { properties: 7 }, { properties: { x: null }, required: 'x' }, { required: ['a', 7] }].map(
    (inputSchema, at) => ({ name: `t${at}`, inputSchema }),
  ),
  shape: [
    {
      name: 'shape',
      inputSchema: schema(),
      outputSchema: schema({ n: { type: 'number' }, s: { type: 'array', items: { type: 'string' } } }, ['n']),
    },
  ],
};

function nested(depth) {
  let inner = { type: 'string' };
  for (let i = 0; i < depth; i++) inner = { type: 'array', items: inner };
  return inner;
}

const RESULTS = {
  text: { content: [{ type: 'text', text: 'plain' }] },
  wrong: { content: [], structuredContent: { n: 'x' } },
  missing: { content: [], structuredContent: {} },
  none: { content: [{ type: 'text', text: '{"n":1}' }] },
  right: { content: [], structuredContent: { n: 1, s: ['a'], more: true } },
  list: { content: [], structuredContent: { n: 1, s: [1] } },
  error: { isError: true, content: [{ type: 'text', text: 'no such thing' }] },
  silent: { isError: true, content: [] },
  nothing: {},
  number: 7,
};

if (way === 'stubborn') {
  process.on('SIGTERM', () => {});
  setInterval(() => {}, 1000);
}
if (way === 'never') setInterval(() => {}, 1000);
else if (way === 'dies') {
  process.stderr.write('cannot find my configuration\n');
  process.exit(3);
} else if (way === 'garbage') {
  process.stdout.write('\u0000\ufffd{{{{\n[1,2\n"text"\n7\nnull\n[]\n');
  setInterval(() => process.stdout.write('garbage\n'), 20);
} else if (way === 'flood') {
  const part = 'x'.repeat(1024 * 1024);
  const pour = () => {
    while (process.stdout.write(part));
    process.stdout.once('drain', pour);
  };
  process.stdout.on('error', () => process.exit());
  pour();
} else if (way === 'version') {
  answer(() => ({ protocolVersion: '1999-01-01', capabilities: {}, serverInfo: { name: 'old', version: '0' } }));
} else if (way === 'refuses') answer(() => undefined);
else if (way === 'pages') {
  answer(method =>
    method === 'initialize' ? greeting() : { tools: [], nextCursor: String(Math.random()) },
  );
} else if (way === 'nolist') answer(method => (method === 'initialize' ? greeting() : { tools: 7 }));
else {
  answer((method, params) => {
    if (method === 'initialize') return greeting();
    if (method === 'tools/list') return { tools: TOOLS[way] ?? TOOLS[detail === undefined ? 'fine' : 'shape'] };
    if (way === 'mute') return 'silence';
    if (way === 'mid') process.exit(9);
    if (way === 'asks') {
      for (const asked of ['ping', 'sampling/createMessage', 'roots/list']) say({ id: `q-${asked}`, method: asked });
      say({ method: 'notifications/tools/list_changed' });
      say({ id: 99999, result: 'never asked for' });
    }
    if (detail !== undefined) return RESULTS[detail];
    return { content: [{ type: 'text', text: `${way}: ${JSON.stringify(params.arguments)}` }] };
  });
}

function greeting() {
  return { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'hostile', version: '0' } };
}

function answer(resultOf) {
  createInterface({ input: process.stdin }).on('line', line => {
    const { id, method, params } = JSON.parse(line);
    if (id === undefined || method === undefined) return;
    const result = resultOf(method, params ?? {});
    if (result === 'silence') return;
    if (result === undefined) say({ id, error: { code: -1, message: `never ${method}` } });
    else say({ id, result });
  });
}
