// Starts the test server in a process of its own and gives its address.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface TestServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  readonly stop: () => void;
}

export async function startServer(): Promise<TestServer> {
  const script = fileURLToPath(new URL('./test-server.mjs', import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  const port = Number(line.toString());
  return { url: `http://127.0.0.1:${port}`, port, stop: () => child.kill() };
}
