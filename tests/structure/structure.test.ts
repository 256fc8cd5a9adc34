// Holds the shape of the source tree: layers, no cycles, file sizes, house rules. See docs/architecture.md.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT, readSources } from './source-files.ts';

const sources = readSources('src');

/** What each folder may import, besides itself. The first match counts. */
const LAYERS: readonly (readonly [folder: string, may: readonly string[]])[] = [
  ['src/base/', []],
  ['src/spec/', []],
  ['src/diag/', ['src/base/', 'src/spec/', 'src/core/fault.ts']],
  ['src/core/', ['src/base/', 'src/spec/', 'src/diag/']],
  ['src/lang/kit/', ['src/base/', 'src/spec/', 'src/diag/', 'src/core/']],
  ['src/lang/', ['src/base/', 'src/spec/', 'src/diag/', 'src/core/', 'src/lang/kit/']],
  ['src/ir/', ['src/base/', 'src/spec/', 'src/diag/', 'src/core/']],
  ['src/vm/', ['src/base/', 'src/spec/', 'src/diag/', 'src/core/', 'src/ir/']],
  ['src/jit/', ['src/base/', 'src/spec/', 'src/diag/', 'src/core/', 'src/ir/', 'src/vm/']],
  ['src/runtime/', ['src/base/', 'src/spec/', 'src/diag/', 'src/core/', 'src/lang/', 'src/ir/', 'src/vm/', 'src/jit/']],
  [
    'src/embed/',
    ['src/base/', 'src/spec/', 'src/diag/', 'src/core/', 'src/lang/', 'src/ir/', 'src/vm/', 'src/jit/', 'src/runtime/'],
  ],
  ['src/bundler/', ['src/embed/']],
  ['src/cli/', ['src/']],
];

/** Tables may be long; logic may not. */
const TABLES: readonly RegExp[] = [/^src\/spec\//, /^src\/lang\/ilo\/builtins\//];
const MAX_LINES = 500;

describe('structure', () => {
  test('there are sources to look at', () => {
    expect(sources.length).toBeGreaterThan(40);
  });

  test('every import ends in .ts and exists', () => {
    const missing = sources.flatMap(file =>
      file.mentions
        .filter(target => !target.endsWith('.ts') || !existsSync(join(ROOT, target)))
        .map(target => `${file.path} -> ${target}`),
    );
    expect(missing).toEqual([]);
  });

  test('imports point one way through the layers', () => {
    const upward = sources.flatMap(file => {
      const layer = LAYERS.find(([folder]) => file.path.startsWith(folder));
      if (!layer) return [`${file.path} is in no layer`];
      const [folder, may] = layer;
      return file.mentions
        .filter(target => !target.startsWith(folder) && !may.some(allowed => target.startsWith(allowed)))
        .map(target => `${file.path} -> ${target}`);
    });
    expect(upward).toEqual([]);
  });

  test('no import cycles', () => {
    const byPath = new Map(sources.map(file => [file.path, file]));
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (path: string, trail: readonly string[]): void => {
      const at = trail.indexOf(path);
      if (at >= 0) {
        cycles.push([...trail.slice(at), path].join(' -> '));
        return;
      }
      if (done.has(path)) return;
      for (const target of byPath.get(path)?.imports ?? []) visit(target, [...trail, path]);
      done.add(path);
    };
    for (const file of sources) visit(file.path, []);
    expect(cycles).toEqual([]);
  });

  test(`no file of logic has more than ${MAX_LINES} lines`, () => {
    const long = [...sources, ...readSources('native')]
      .filter(file => file.lines > MAX_LINES && !TABLES.some(table => table.test(file.path)))
      .map(file => `${file.path}: ${file.lines}`);
    expect(long).toEqual([]);
  });

  test('every file opens with what it is for', () => {
    const silent = [...sources, ...readSources('native')]
      .filter(file => !file.text.startsWith('//'))
      .map(file => file.path);
    expect(silent).toEqual([]);
  });

  test('house rules', () => {
    const rules: readonly (readonly [string, RegExp])[] = [
      ['default export', /^export default/m],
      ['enum', /^(export )?(const )?enum /m],
      ['namespace', /^(export )?namespace /m],
      ['ts-ignore', /@ts-(ignore|expect-error)/],
      ['barrel', /^export \* from/m],
    ];
    const broken = sources.flatMap(file => {
      const code = file.text.replace(/\/\/.*$/gm, '').replace(/'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g, "''");
      return rules.filter(([, pattern]) => pattern.test(code)).map(([name]) => `${file.path}: ${name}`);
    });
    expect(broken).toEqual([]);
  });

  test('the lock file names no registry and the package installs without scripts', () => {
    expect(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).not.toContain('"resolved"');
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(Object.keys(scripts).filter(name => /^(pre|post)?install$/.test(name))).toEqual([]);
  });
});
