// `ilo run --sandbox` and the `--allow` flags: the program runs with the host of an embedded one, which has nothing but what the flags name.
// What it prints goes where it always goes.
import { dirname, resolve } from 'node:path';
import { Fault } from '../core/fault.ts';
import type { Host, Outcome, ToolCaller } from '../core/host.ts';
import type { Capabilities } from '../embed/api.ts';
import { embeddedHost } from '../embed/capabilities.ts';
import { IloError, partsOf } from '../embed/errors.ts';
import { guardedFiles } from '../embed/guarded-files.ts';
import type { Console } from './console.ts';
import { capabilitiesOf, type Permissions } from './permissions.ts';

export interface Sandbox {
  readonly host: Host;
  readonly random: () => number;
  /** Reads files that the program uses: those beside it, and what may be read anyway. */
  readonly readImport: (path: string) => Outcome<string>;
}

/** The sandbox that flags describe, or what is wrong with them. `file` is the program's. */
export function openSandbox(
  permissions: Permissions,
  file: string | undefined,
  console: Console,
  tool: ToolCaller | undefined,
): Sandbox | { readonly problem: string } {
  try {
    const granted: Capabilities = capabilitiesOf(permissions);
    const { host, random } = embeddedHost({ ...granted, print: console.out.write });
    const beside = file === undefined ? [] : [dirname(resolve(file))];
    const imports = guardedFiles({ read: [...beside, ...(granted.read ?? [])] }, undefined);
    const readImport = (path: string): Outcome<string> => {
      try {
        return imports.read(resolve(path));
      } catch (error) {
        if (error instanceof Fault) return { err: 'the sandbox allows no file there' };
        throw error;
      }
    };
    const flushed =
      <Args extends readonly unknown[], Result>(method: (...args: Args) => Result) =>
      (...args: Args): Result => {
        console.out.flush();
        return method(...args);
      };
    const { sleep, http } = host;
    return {
      host: { ...host, printError: console.err.write, sleep: flushed(sleep), http: flushed(http), tool },
      random,
      readImport,
    };
  } catch (error) {
    if (error instanceof IloError) return { problem: partsOf(error).message };
    throw error;
  }
}
