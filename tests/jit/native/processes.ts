// Scripts with native code in processes of their own, so that a crash is seen and does not end the tests.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How Node is started: as it is, or by an emulator (scripts/native-arm64.mjs). */
export const NODE: readonly string[] = process.env.ILO_TEST_NODE?.split(' ') ?? [process.execPath];

export interface Scripts {
  /** Runs a script that has library.ts as `ilo`; gives what it printed, or what ended it. */
  readonly run: (body: string, flags?: readonly string[]) => string;
  readonly remove: () => void;
}

export async function makeScripts(): Promise<Scripts> {
  const folder = mkdtempSync(join(tmpdir(), 'ilo-native-'));
  const given = process.env.ILO_TEST_LIBRARY;
  const bundler = given === undefined ? await import('../../../scripts/native-bundle.mjs') : undefined;
  const library = given ?? (await bundler!.bundleLibrary());
  let count = 0;
  return {
    run(body, flags = []) {
      const path = join(folder, `script-${count++}.cjs`);
      writeFileSync(path, `const ilo = require(${JSON.stringify(library)});\nconst { unitOf, run } = ilo;\n${body}`);
      const [command, ...words] = NODE;
      const { stdout, stderr, status, signal } = spawnSync(command!, [...words, ...flags, path], { encoding: 'utf8' });
      return status === 0 ? stdout.trim() : `${signal ?? status} ${stdout}${stderr}`;
    },
    remove() {
      rmSync(folder, { recursive: true, force: true });
      bundler?.removeBundles();
    },
  };
}
