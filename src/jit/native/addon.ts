// Finds and loads the addon (native/mmap_exec.cc) and asks whether code can run in this process. Where it cannot, for whatever reason, nothing is
// thrown: the other engines serve, and `ilo doctor` prints what was tried and why each attempt failed.
//
// One literal path per platform, so that whoever packs the program finds the binaries by reading.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

/** What the addon exports. Numbers that are not 0 say what is wrong: see `explain`. */
export interface Addon {
  readonly probe: () => number;
  readonly cpu: () => number;
  /** The n-th call of the system from now on fails: for tests. */
  readonly failIn: (count: number) => void;
  readonly reserve: (bytes: number) => number;
  readonly publish: (arena: number, offset: number, room: number, code: Uint8Array) => number;
  readonly retire: (arena: number, offset: number, room: number) => number;
  /** The heap of this thread, for the first who asks. */
  readonly heap: (bytes: number) => ArrayBuffer | undefined;
  /** Gives back the pages of the heap behind an offset that is a multiple of the page. */
  readonly trim: (from: number) => void;
  readonly context: (
    bytes: number,
    look: () => number,
  ) => readonly [enter: () => void, buffer: ArrayBuffer, enterColumns: EnterColumns] | undefined;
}

/** Enters code that works on the rows from `from` to before `to` of columns that all have more than the last one. */
export type EnterColumns = (columns: readonly Float64Array[], from: number, to: number) => void;

export interface Attempt {
  readonly path: string;
  readonly problem: string;
}

export type Loaded =
  | { readonly addon: Addon; readonly path: string; readonly cpu: readonly string[] }
  | { readonly addon: undefined; readonly why: string; readonly attempts: readonly Attempt[] };

type Load = (path: string) => unknown;

const PREBUILT: Readonly<Record<string, (load: Load, up: string) => unknown>> = {
  'linux-x64': (load, up) => load(`${up}prebuilds/linux-x64/ilo.node`),
  'linux-arm64': (load, up) => load(`${up}prebuilds/linux-arm64/ilo.node`),
  'darwin-x64': (load, up) => load(`${up}prebuilds/darwin-x64/ilo.node`),
  'darwin-arm64': (load, up) => load(`${up}prebuilds/darwin-arm64/ilo.node`),
  'win32-x64': (load, up) => load(`${up}prebuilds/win32-x64/ilo.node`),
};

/** Built on the spot by node-gyp, for platforms without a prebuilt binary. */
const BUILT_HERE = (load: Load, up: string): unknown => load(`${up}build/Release/ilo.node`);

/** From the bundle in dist/, from a bundle for measuring, and from the sources. */
const ROOTS: readonly string[] = ['../', '../../', '../../../'];

const CPU_FEATURES: readonly string[] = ['SSE4.1', 'AVX', 'AVX2', 'FMA'];

let known: Loaded | undefined;

/** The addon, loaded and probed on the first call. */
export function loadAddon(): Loaded {
  known ??= attempt();
  return known;
}

function attempt(): Loaded {
  const attempts: Attempt[] = [];
  if (process.env.ILO_NATIVE === '0') return { addon: undefined, why: 'ILO_NATIVE=0 switches it off', attempts };
  const platform = `${process.platform}-${process.arch}`;
  const prebuilt = PREBUILT[platform];
  if (prebuilt === undefined) attempts.push({ path: `prebuilds/${platform}`, problem: 'no binary for this platform' });
  const require = createRequire(import.meta.url);
  for (const pick of prebuilt === undefined ? [BUILT_HERE] : [prebuilt, BUILT_HERE]) {
    for (const up of ROOTS) {
      let path = '';
      try {
        const addon = pick(wanted => {
          path = require.resolve(wanted);
          return require(path);
        }, up) as Addon;
        const code = addon.probe();
        if (code === 0) return { addon, path, cpu: featuresOf(addon.cpu()) };
        return { addon: undefined, why: `this process may not run machine code: ${explain(code)}`, attempts };
      } catch (error) {
        // A root that this is not started from is no attempt.
        if (path !== '' && existsSync(path)) attempts.push({ path, problem: firstLine(error) });
      }
    }
  }
  if (attempts.length === 0)
    attempts.push({ path: `prebuilds/${platform}/ilo.node`, problem: 'is not in the installation' });
  return { addon: undefined, why: 'the addon could not be loaded', attempts };
}

function featuresOf(bits: number): readonly string[] {
  return CPU_FEATURES.filter((_, i) => (bits >> i) & 1);
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0]!;
}

/** What a number from the addon means. */
export function explain(code: number): string {
  if (code === -1) return 'a request was out of range';
  if (code === -2) return 'code is running';
  if (code === -3) return 'a test made it fail';
  return `the system refused executable memory (error ${code <= -1000 ? -1000 - code : code})`;
}
