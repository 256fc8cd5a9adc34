// The addon: what it refuses, that no page is ever writable and executable, and that binaries are those of the sources.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { explain, loadAddon } from '../../../src/jit/native/addon.ts';
import { gapPages, PAGE, publish, retire } from '../../../src/jit/native/arena.ts';
import { AT, memoryFor, STATUS } from '../../../src/jit/native/memory.ts';
import { ROOT } from '../../structure/source-files.ts';
import { NODE } from './processes.ts';

const loaded = loadAddon();
const { addon } = loaded;

/** `status = 7`, then back. */
const SETS_STATUS: Readonly<Record<string, readonly number[]>> = {
  x64: [0xc7, 0x47, 0x14, 7, 0, 0, 0, 0xc3],
  arm64: [0xe1, 0x00, 0x80, 0x52, 0x01, 0x14, 0x00, 0xb9, 0xc0, 0x03, 0x5f, 0xd6],
};
const code = new Uint8Array(SETS_STATUS[process.arch] ?? []);

test('binaries in the repository were built from these sources', async () => {
  const { hashOfSources } = await import(join(ROOT, 'scripts/prebuild.mjs'));
  const recorded = JSON.parse(readFileSync(join(ROOT, 'prebuilds/sources.json'), 'utf8')) as Record<string, string>;
  expect(Object.keys(recorded).length).toBeGreaterThan(0);
  for (const [platform, hash] of Object.entries(recorded)) {
    expect(existsSync(join(ROOT, 'prebuilds', platform, 'ilo.node'))).toBe(true);
    expect(hash, `${platform} is stale: npm run prebuild`).toBe(hashOfSources());
  }
});

/** What the binaries want from outside: of Node, and of a C library; musl and glibc have all of these. A weak one may be missing. */
const MAY_WANT = new Set([
  ...['calloc', 'free', 'memcpy', '__errno_location', '__cxa_finalize'],
  ...['mmap', 'mprotect', 'munmap', 'madvise'],
  ...['pthread_attr_destroy', 'pthread_attr_getstack', 'pthread_getattr_np', 'pthread_self'],
]);

// One that a sanitizer watches (scripts/native-sanitizer.mjs) is no binary of the package.
describe.skipIf(process.env.ASAN_OPTIONS !== undefined)('what binaries want from outside', () => {
  test.each(['linux-x64', 'linux-arm64'])('the one for %s names no library and wants little', platform => {
    const elf = readElf(join(ROOT, 'prebuilds', platform, 'ilo.node'));
    expect(elf.needed).toEqual([]);
    const wanted = elf.undefinedNames.filter(name => !name.startsWith('napi_'));
    expect(wanted.filter(name => !MAY_WANT.has(name))).toEqual([]);
    expect(wanted).toContain('mprotect');
  });
});

/** Reads the dynamic section and the symbols of a binary for 64 bits, little-endian. */
function readElf(path: string): { readonly needed: readonly string[]; readonly undefinedNames: readonly string[] } {
  const bytes = readFileSync(path);
  const long = (at: number): number => Number(bytes.readBigUInt64LE(at));
  const text = (at: number): string => bytes.toString('latin1', at, bytes.indexOf(0, at));
  const sections = Array.from({ length: bytes.readUInt16LE(60) }, (_, i) => {
    const at = long(40) + i * bytes.readUInt16LE(58);
    const [type, link] = [bytes.readUInt32LE(at + 4), bytes.readUInt32LE(at + 40)];
    return { type, link, offset: long(at + 24), size: long(at + 32) };
  });
  const [symbols, dynamic] = [11, 6].map(type => sections.find(section => section.type === type)!);
  const entries = ({ offset, size }: { offset: number; size: number }, each: number): number[] =>
    Array.from({ length: size / each }, (_, i) => offset + i * each);
  const [DT_NEEDED, STB_WEAK] = [1, 2];
  const namesOf = (section: { link: number }): number => sections[section.link]!.offset;
  return {
    needed: entries(dynamic!, 16)
      .filter(at => long(at) === DT_NEEDED)
      .map(at => text(namesOf(dynamic!) + long(at + 8))),
    undefinedNames: entries(symbols!, 24)
      .filter(at => bytes.readUInt16LE(at + 6) === 0 && bytes[at + 4]! >> 4 !== STB_WEAK)
      .map(at => text(namesOf(symbols!) + bytes.readUInt32LE(at)))
      .filter(name => name !== ''),
  };
}

/** What runs tests outside of vitest names its files in a list. */
test('all tests of machine code run on ARM64, and those of the addon under a sanitizer', () => {
  const folder = join(ROOT, 'tests/jit/native');
  const native = readdirSync(folder)
    .filter(name => name.endsWith('.test.ts'))
    .filter(name => /from '\.\/(harness|batch-kit)\.ts'|\bloadAddon\b/.test(readFileSync(join(folder, name), 'utf8')))
    .map(name => name.slice(0, -'.test.ts'.length));
  const listed = (script: string): readonly string[] => {
    const [, names] = /^const TESTS = \[([^;]*)\];$/m.exec(readFileSync(join(ROOT, 'scripts', script), 'utf8'))!;
    return [...names!.matchAll(/'([\w-]+)'/g)].map(([, name]) => name!);
  };
  expect([...listed('native-arm64.mjs')].sort()).toEqual(native.sort());
  expect([...listed('native-sanitizer.mjs')].sort()).toEqual(native.sort());
});

test('the environment switches native code off, and the reason is kept', () => {
  expect(doctor({ ILO_NATIVE: '0' })).toContain('ILO_NATIVE=0 switches it off');
});

function mappings(): { readonly from: number; readonly to: number; readonly access: string }[] {
  return readFileSync('/proc/self/maps', 'latin1')
    .trim()
    .split('\n')
    .map(line => {
      const [, from, to, access] = /^([0-9a-f]+)-([0-9a-f]+) (\S+)/.exec(line)!;
      return { from: Number.parseInt(from!, 16), to: Number.parseInt(to!, 16), access: access! };
    });
}

function doctor(env: Record<string, string>): string {
  const [command, ...words] = NODE;
  return spawnSync(command!, [...words, join(ROOT, 'dist/cli.cjs'), 'doctor'], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  }).stdout;
}

describe.runIf(addon !== undefined)('executable memory', () => {
  const refuse = (why: string): never => {
    throw new Error(why);
  };

  test('published code runs and is told what it asks for', () => {
    const place = publish(code, refuse)!;
    const memory = memoryFor(100)!;
    memory.words[AT.arena / 4] = place.arena;
    memory.words[AT.offset / 4] = place.offset;
    memory.words[AT.maxDepth / 4] = 100;
    memory.words[AT.frameBytes / 4] = 64;
    memory.enter();
    expect(memory.words[AT.status / 4]).toBe(7);
    expect(memory.words[AT.depth / 4]).toBe(100);
    memory.words[AT.frameBytes / 4] = 2 ** 20;
    memory.enter();
    expect(memory.words[AT.depth / 4]).toBeLessThan(64);
    retire(place);
  });

  test('what could damage the process is refused', () => {
    const memory = memoryFor(100)!;
    memory.words[AT.frameBytes / 4] = 64;
    for (const [arena, offset] of [
      [63, 0],
      [-1, 0],
      [0, -4],
      [0, 2 ** 30],
    ] as const) {
      memory.words[AT.arena / 4] = arena;
      memory.words[AT.offset / 4] = offset;
      memory.enter();
      expect(memory.words[AT.status / 4]).toBe(STATUS.outOfRange);
    }
    const wrong: readonly unknown[][] = [
      [],
      [0, 1, PAGE, code],
      [0, 0, 100, code],
      [0, 2 ** 30, PAGE, code],
      [0, 0, 2 ** 31, code],
      [0, 0, 0, code],
      [99, 0, PAGE, code],
      [0, 0, PAGE, 'code'],
      [0, 0, PAGE, new Float64Array(2)],
      [0, Number.NaN, PAGE, code],
      ['0', 0, PAGE, code],
    ];
    for (const args of wrong) expect(Reflect.apply(addon!.publish, undefined, args)).toBe(-1);
    expect(addon!.reserve(1)).toBe(-1);
    expect(addon!.reserve(2 ** 31)).toBe(-1);
    expect(Reflect.apply(addon!.context, undefined, [10, () => 0])).toBeUndefined();
    expect(Reflect.apply(addon!.context, undefined, [4096, 1])).toBeUndefined();
  });

  test('each call of the system may fail', () => {
    const before = gapPages();
    for (let n = 1; n <= 2; n++) {
      const said: string[] = [];
      addon!.failIn(n);
      expect(publish(code, why => said.push(why))).toBeUndefined();
      expect(said).toEqual([explain(-3)]);
      expect(gapPages()).toBe(before);
      addon!.failIn(n);
      expect(addon!.probe()).toBe(-3);
    }
    addon!.failIn(0);
    expect(addon!.probe()).toBe(0);
  });

  test.runIf(process.platform === 'linux')('no page is ever writable and executable, and mappings stay few', () => {
    const kept = [];
    const memory = memoryFor(100)!;
    let most = 0;
    for (let round = 0; round < 300; round++) {
      const place = publish(code, refuse)!;
      kept.push(place);
      memory.words[AT.arena / 4] = place.arena;
      memory.words[AT.offset / 4] = place.offset;
      memory.words[AT.frameBytes / 4] = 64;
      memory.enter();
      const base = Number(new BigUint64Array(memory.words.buffer)[AT.code / 8]) - place.offset;
      if (round % 3 === 0) retire(kept.splice(round % kept.length, 1)[0]!);
      const ours = mappings().filter(({ from, to }) => from < base + 16 * 2 ** 20 && to > base);
      expect(ours.length).toBeGreaterThan(0);
      expect(ours.filter(({ access }) => access.includes('w'))).toEqual([]);
      most = Math.max(most, ours.length);
    }
    for (const place of kept) retire(place);
    // An arena is one mapping up to where it is used, and one behind.
    expect(most).toBeLessThanOrEqual(3);
  });
});
