// Runs a command line inside this process, with its outputs caught.
import type { Console } from '../../src/cli/console.ts';
import { dispatch } from '../../src/cli/dispatch.ts';

export interface Captured {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function capture(
  args: readonly string[],
  { terminal = false, env = {} }: { terminal?: boolean; env?: Record<string, string> } = {},
): Promise<Captured> {
  const out: string[] = [];
  const err: string[] = [];
  const console: Console = {
    out: { write: text => void out.push(text), flush: () => {} },
    err: { write: text => void err.push(text), flush: () => {} },
    env,
    errIsTerminal: () => terminal,
  };
  const code = await dispatch(args, console);
  return { code, out: out.join(''), err: err.join('') };
}
