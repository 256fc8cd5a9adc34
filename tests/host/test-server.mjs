// An HTTP server with bad manners, for tests. Runs in a process of its own, because the tests block while they wait for an answer.
// Prints its port, and ends when its standard input does.
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';

const MIB = 1024 * 1024;
let active = 0;
let mostActive = 0;
let failuresLeft = 0;

const readAll = request =>
  new Promise(resolve => {
    const chunks = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
  });

/** Sends `count` megabytes of the letter a, as fast as the reader takes them. */
async function flood(response, count) {
  const chunk = Buffer.alloc(MIB, 'a');
  for (let i = 0; i < count && !response.destroyed; i++) {
    if (!response.write(chunk)) {
      await new Promise(resolve => {
        const go = () => {
          response.off('drain', go).off('close', go);
          resolve();
        };
        response.on('drain', go).on('close', go);
      });
    }
  }
  response.end();
}

/** Pieces of HTTP, to be put together in any order. */
const PIECES = [
  'HTTP/1.1 200 OK\r\n',
  'HTTP/1.0 200 OK\r\n',
  'HTTP/1.1 204 No Content\r\n',
  'HTTP/1.1 302 Found\r\n',
  'HTTP/1.1 304 Not Modified\r\n',
  'HTTP/1.1 100 Continue\r\n\r\n',
  'HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
  'HTTP/9.9 999 \r\n',
  'location: /hello\r\n',
  'location: http://[::\r\n',
  'content-length: 5\r\n',
  'content-length: -1\r\n',
  'content-length: 99999999999999999999\r\n',
  'transfer-encoding: chunked\r\n',
  'content-encoding: gzip\r\n',
  'content-encoding: br\r\n',
  'connection: close\r\n',
  '\r\n',
  '5\r\nhello\r\n',
  '0\r\n\r\n',
  'zz\r\n',
  'hello',
  '\xff\xfe',
];

/** Sends a few pieces chosen by a seed, and then ends, breaks or keeps the connection. */
function sendPieces(seed, socket) {
  let state = seed * 2654435761 + 1;
  const below = limit => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) % limit;
  };
  const count = 1 + below(7);
  const text = Array.from({ length: count }, () => PIECES[below(PIECES.length)]).join('');
  socket.write(Buffer.from(text, 'latin1'));
  const ending = below(3);
  if (ending === 0) socket.end();
  else if (ending === 1) setTimeout(() => socket.destroy(), 3);
}

const ROUTES = {
  '/pieces': ({ socket, url }) => {
    // A client that took the pieces for a whole answer may ask again on the same connection; the response object then has no socket.
    if (socket.listenerCount('error') < 5) socket.on('error', () => {});
    sendPieces(Number(url.split('?')[1]), socket);
  },
  '/hello': (_, response) => response.end('hello'),
  '/empty': (_, response) => response.writeHead(204).end(),
  '/missing': (_, response) => response.writeHead(404).end('not here'),
  '/json-error': (_, response) => response.writeHead(500).end('{"b":1, "a":[2]}'),
  '/echo': async (request, response) => {
    const body = await readAll(request);
    response.end(
      JSON.stringify({
        method: request.method,
        url: request.url,
        key: request.headers['x-key'],
        authorization: request.headers.authorization,
        type: request.headers['content-type'],
        body,
      }),
    );
  },
  '/slow-hello': (_, response) => setTimeout(() => response.end('slow'), 50),
  '/hang': () => {},
  '/drip': (_, response) => {
    const timer = setInterval(() => response.write('.'), 20);
    response.on('close', () => clearInterval(timer));
  },
  '/loop': (_, response) => response.writeHead(302, { location: '/loop' }).end(),
  '/ever': (request, response) => {
    const next = Number(new URL(request.url, 'http://x').searchParams.get('n') ?? 0) + 1;
    response.writeHead(302, { location: `/ever?n=${next}` }).end();
  },
  '/twice': (_, response) => response.writeHead(301, { location: 'once' }).end('ignored'),
  '/once': (_, response) => response.writeHead(307, { location: '/hello' }).end(),
  '/see-other': (_, response) => response.writeHead(303, { location: '/echo' }).end(),
  '/again': (_, response) => response.writeHead(307, { location: '/echo' }).end(),
  '/to-localhost': (request, response) =>
    response.writeHead(307, { location: `http://localhost:${request.socket.localPort}/echo` }).end(),
  '/to-file': (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  '/nowhere': (_, response) => response.writeHead(302).end(),
  '/flood': (_, response) => void flood(response, 100),
  '/one-mib': (_, response) => void flood(response, 1),
  '/gzip': (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('unpacked ✓')),
  '/bomb': (_, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(100 * MIB))),
  '/bad-gzip': (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('this is not gzip'),
  '/latin1': (_, response) => response.end(Buffer.from([0x63, 0x61, 0x66, 0xe9])),
  '/bom': (_, response) => response.end('\ufeffx'),
  '/cut': (_, response) => {
    response.writeHead(200, { 'content-length': 1000 });
    response.write('only this');
    setTimeout(() => response.destroy(), 20);
  },
  '/close': (_, response) => response.destroy(),
  '/rubbish': (_, response) => response.socket.end('this is not HTTP\r\n\r\n'),
  '/too-long': (_, response) => response.socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nabcdef'),
  '/fat-headers': (_, response) => response.socket.end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`),
  '/parallel': (request, response) => {
    active++;
    mostActive = Math.max(mostActive, active);
    setTimeout(() => {
      active--;
      response.end(new URL(request.url, 'http://x').search);
    }, 30);
  },
  '/most-parallel': (_, response) => {
    response.end(String(mostActive));
    mostActive = 0;
  },
  '/fail-next': (_, response) => {
    failuresLeft = 2;
    response.end();
  },
  '/flaky': (_, response) => (failuresLeft-- > 0 ? response.destroy() : response.end('[1]')),
};

const server = createServer((request, response) => {
  const route = ROUTES[request.url.split('?')[0]];
  if (route) void route(request, response);
  else response.writeHead(404).end();
});
server.on('clientError', (_, socket) => socket.destroy());
server.listen(0, () => console.log(server.address().port));
process.stdin.resume().on('end', () => process.exit());
