// Spellings of paths and addresses that were not granted, and what they are tried against: a real directory and a real server on loopback.
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

export interface Box {
  readonly box: string;
  /** The directory in it that is granted. */
  readonly inside: string;
}

/** A directory with files that may be read, others that may not, and links between the two. */
export function makeBox(): Box {
  const box = mkdtempSync(join(tmpdir(), 'ilo-sandbox-'));
  const inside = join(box, 'data');
  mkdirSync(join(inside, 'deep'), { recursive: true });
  mkdirSync(join(box, 'data-secret'));
  writeFileSync(join(inside, 'a.txt'), 'alpha');
  writeFileSync(join(inside, 'deep', 'b.txt'), 'beta');
  writeFileSync(join(box, 'secret.txt'), 'secret');
  writeFileSync(join(box, 'data-secret', 'c.txt'), 'secret');
  symlinkSync(join(box, 'secret.txt'), join(inside, 'link.txt'));
  symlinkSync(box, join(inside, 'up'));
  symlinkSync(join(box, 'not-yet.txt'), join(inside, 'dangling.txt'));
  symlinkSync(join(inside, 'a.txt'), join(inside, 'good-link.txt'));
  return { box, inside };
}

/** Paths that lead out of what was granted. */
export function waysOut({ box, inside }: Box): readonly string[] {
  return [
    '..',
    '../secret.txt',
    'deep/../../secret.txt',
    './././../secret.txt',
    '..//secret.txt',
    'link.txt',
    'up/secret.txt',
    'dangling.txt',
    join(box, 'secret.txt'),
    join(box, 'data-secret/c.txt'),
    `${inside}-secret/c.txt`,
    `${inside}/../secret.txt`,
    `${inside}/deep/../../secret.txt`,
    'a.txt\0',
    'a.txt\0.png',
    '',
    '/',
    '/etc/passwd',
    '//etc/passwd',
    '/proc/self/environ',
    '/proc/self/root/etc/passwd',
    '/proc/self/cwd/package.json',
    '/dev/zero',
    '/dev/stdin',
    '/dev/fd/0',
    '/dev/null',
    '/./etc/../etc/passwd',
    '../../../../../../../../../../etc/passwd',
    'up/up/../secret.txt',
    'up/data/../secret.txt',
    'up/data/up/secret.txt',
    'up//secret.txt',
    'up/./secret.txt',
    'up/',
    './..',
    './../',
    'deep/..//../secret.txt',
    'deep/./../../secret.txt',
    'deep/../../data-secret/c.txt',
    'deep/../up/secret.txt',
    'none/../../secret.txt',
    'none/none/../../../secret.txt',
    '././../data-secret/c.txt',
    '../data-secret/c.txt',
    '../data/../secret.txt',
    '../data/link.txt',
    './link.txt',
    'deep/../link.txt',
    'dangling.txt/x',
    `${inside}/./../secret.txt`,
    `${inside}//../secret.txt`,
    `${inside}/up/secret.txt`,
    `${inside}/link.txt`,
    `//${inside}/../secret.txt`,
    `${inside}/../data-secret/c.txt`,
    `${inside}/../`,
    `/..${join(box, 'secret.txt')}`,
    `/proc/self/root${join(box, 'secret.txt')}`,
    `/proc/self/root/../..${join(box, 'secret.txt')}`,
    '\0',
    '\0a.txt',
    '../secret.txt\0a.txt',
    '/etc/passwd\0.txt',
    '/etc/./passwd',
    '/etc//passwd',
    '/ETC/../etc/passwd',
    '/proc/1/environ',
    '/proc/thread-self/environ',
    '/proc/self/fd/0',
    '/proc/self/maps',
    '/dev/stdout',
    '/dev/random',
    '/dev/tty',
    '/sys/kernel/notes',
  ];
}

// The server runs in a thread of its own: the program blocks this one while it waits.
const SERVER = `
const { createServer } = require('node:http');
const { gzipSync, deflateSync, brotliCompressSync, constants } = require('node:zlib');
const { parentPort } = require('node:worker_threads');
const zeros = Buffer.alloc(16 * 1024 * 1024);
const bombs = {
  gzip: gzipSync(zeros),
  deflate: deflateSync(zeros),
  br: brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
};
bombs['gzip, gzip'] = gzipSync(bombs.gzip);
const server = createServer((request, response) => {
  const { port } = server.address();
  if (request.url === '/hello') return response.end('hello');
  if (request.url === '/zipped') return response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('unzipped'));
  const [, way, coding] = request.url.split('/').map(decodeURIComponent);
  if (way === 'bomb') return response.writeHead(200, { 'content-encoding': coding }).end(bombs[coding]);
  if (way === 'cut') return response.writeHead(200, { 'content-encoding': 'gzip' }).end(bombs.gzip.subarray(0, 30));
  if (way === 'plain') return response.writeHead(200, { 'content-encoding': 'gzip' }).end('this is no gzip');
  if (way === 'endless') {
    const more = () => { while (response.write('x'.repeat(65536)) && !response.destroyed); };
    response.on('drain', more).on('error', () => {});
    return more();
  }
  if (way === 'short') return response.writeHead(200, { 'content-length': '1000' }).write('abc', () => response.destroy());
  if (way === 'garbage') return request.socket.end('\\0\\x01 this is no HTTP\\r\\n\\r\\n');
  if (way === 'nothing') return request.socket.destroy();
  if (way === 'heads') return response.writeHead(200, Array.from({ length: 4000 }, (_, i) => ['x-' + i, 'y'.repeat(60)]).flat()).end('x');
  if (way === 'circle') return response.writeHead(302, { location: '/circle' }).end();
  if (way === 'spiral') return response.writeHead(302, { location: '/spiral/' + (Number(coding ?? 0) + 1) }).end();
  if (way === 'half') return response.end(Buffer.from([0xff, 0xfe, 0xc3]));
  if (request.url === '/slow') return void setTimeout(() => response.end('late'), 10000);
  if (request.url.startsWith('/to/')) return response.writeHead(302, { location: decodeURIComponent(request.url.slice(4)) }).end();
  response.writeHead(404).end('none');
});
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

/** Answers of the server that are failures which the program sees. */
export const BAD_ANSWERS: readonly string[] = [
  'bomb/gzip',
  'bomb/deflate',
  'bomb/br',
  `bomb/${encodeURIComponent('gzip, gzip')}`,
  'cut',
  'plain',
  'endless',
  'short',
  'garbage',
  'nothing',
  'heads',
  'circle',
  'spiral',
  'half',
];

/** A server on loopback, and its port. */
export async function startServer(): Promise<{ readonly worker: Worker; readonly port: number }> {
  const worker = new Worker(SERVER, { eval: true });
  const port = await new Promise<number>(resolve => worker.once('message', resolve));
  return { worker, port };
}

/** Addresses of elsewhere, where `api.example.com` and what is under `trusted.example` were granted. */
export const URLS: readonly string[] = [
  'http://127.0.0.1/',
  'http://2130706433/',
  'http://0x7f000001/',
  'http://0177.0.0.1/',
  'http://127.1/',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://0/',
  'http://localhost/',
  'http://localhost./',
  'http://LOCALHOST/',
  'http://169.254.169.254/',
  'http://api.example.com.evil.example/',
  'http://api.example.com@evil.example/',
  'http://evil.example/api.example.com',
  'http://evil.example#api.example.com',
  'http://evil.example?api.example.com',
  'http://evil.example\\@api.example.com/',
  'http://xapi.example.com/',
  'http://trusted.example/',
  'http://trusted.example.evil/',
  'http://eviltrusted.example/',
  'http://api.example.com:22/',
  'https://api.example.com:8443/',
  'ftp://api.example.com/',
  'file:///etc/passwd',
  'data:text/plain,x',
  'javascript:1',
  '//api.example.com/',
  'api.example.com',
  '',
  'http://',
  'http:///',
  'http://[',
  'http://%31%32%37.0.0.1/',
  'http://①②⑦.0.0.1/',
  'http://example.com/',
  'http://127.0.0.1:80/',
  'http://127.000.000.001/',
  'http://0x7f.0.0.1/',
  'http://0x7f.1/',
  'http://017700000001/',
  'http://127.0.0.1.nip.example/',
  'http://[::]/',
  'http://[0:0:0:0:0:0:0:1]/',
  'http://[::ffff:7f00:1]/',
  'http://[::127.0.0.1]/',
  'http://[64:ff9b::7f00:1]/',
  'http://[fe80::1]/',
  'http://[fc00::1]/',
  'http://[fe80::1%25eth0]/',
  'http://10.0.0.1/',
  'http://172.16.0.1/',
  'http://192.168.0.1/',
  'http://100.64.0.1/',
  'http://metadata.google.internal/',
  'http://api.example.com%2eevil.example/',
  'http://api.example.com%00.evil.example/',
  'http://api.example.com:80@evil.example/',
  'http://api.example.com\t.evil.example/',
  'http://evil.example/?u=http://api.example.com/',
  'http://evil.example;api.example.com/',
  'http://api.example.com:0/',
  'http://api.example.com:65536/',
  'http://-api.example.com/',
  'http://.api.example.com/',
  'http://api..example.com/',
  'http://trusted.example./',
  'http://.trusted.example/',
  'ws://api.example.com/',
  'gopher://api.example.com/',
  'jar:http://api.example.com/!/',
  'blob:http://api.example.com/x',
  'about:blank',
  ' ',
  'http:',
];
