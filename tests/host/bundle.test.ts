// The HTTP bridge as it is installed: from a bundle, in a process that must end by itself, in a thread, and under Ctrl-C.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type HostProgram, hostProgram } from './program.ts';
import { startServer, type TestServer } from './server.ts';

const SCRIPT = `
  import { isMainThread, Worker, workerData } from 'node:worker_threads';
  const get = url => createNodeHost().http([{ method: 'GET', url, headers: [], body: undefined }], 1)[0];
  if (!isMainThread) {
    const host = createNodeHost();
    host.print('in a thread: ' + JSON.stringify(get(workerData)) + '\\n');
    host.flush();
  } else if (args[1] === 'thread') {
    new Worker(__filename, { workerData: args[0] });
  } else {
    const host = createNodeHost();
    host.print(JSON.stringify(get(args[0])) + '\\n');
    host.flush();
    if (args[1] === 'exit') process.exit(5);
  }
`;

let program: HostProgram;
let server: TestServer;
beforeAll(async () => {
  program = hostProgram(SCRIPT);
  server = await startServer();
});
afterAll(() => {
  program.remove();
  server.stop();
});

test('the process ends by itself, or when it is told to', () => {
  const plain = program.run([`${server.url}/hello`]);
  expect([plain.status, plain.stdout, plain.stderr]).toEqual([0, '{"ok":"hello"}\n', '']);
  const exited = program.run([`${server.url}/hello`, 'exit']);
  expect([exited.status, exited.stdout, exited.stderr]).toEqual([5, '{"ok":"hello"}\n', '']);
});

test('flags of the process do not reach the worker', () => {
  const ran = program.shell(`NODE_OPTIONS=--trace-uncaught $P ${server.url}/hello`);
  expect([ran.stdout, ran.stderr]).toEqual(['{"ok":"hello"}\n', '']);
});

test('in a worker thread', () => {
  const ran = program.run([`${server.url}/hello`, 'thread']);
  expect([ran.status, ran.stdout, ran.stderr]).toEqual([0, 'in a thread: {"ok":"hello"}\n', '']);
});

test('Ctrl-C ends a process that waits for a server', async () => {
  const child = spawn(process.execPath, [program.path, `${server.url}/hang`], { stdio: 'ignore' });
  const seen = new Promise(resolve => child.once('exit', (_, signal) => resolve(signal)));
  await new Promise(resolve => setTimeout(resolve, 300));
  child.kill('SIGINT');
  expect(await seen).toBe('SIGINT');
});

test('an installation without the worker says so', () => {
  rmSync(join(dirname(program.path), 'http-worker.cjs'));
  const ran = program.run([`${server.url}/hello`]);
  expect(ran.stdout).toBe(
    '{"err":"cannot start the network thread: http-worker.cjs is missing from the installation"}\n',
  );
});
