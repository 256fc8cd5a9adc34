import { describe, expect, test } from 'vitest';
import { BUILTINS } from '../../src/lang/ilo/builtins/table.ts';
import { type ImportOptions, resolveImports } from '../../src/lang/ilo/imports.ts';
import { parse } from '../../src/lang/ilo/parse.ts';
import { verify } from '../../src/lang/ilo/verify.ts';
import { showDeclaration } from './show-tree.ts';

interface Outcome {
  readonly decls: readonly string[];
  /** Code, file if it is not the main one, and message. */
  readonly mistakes: readonly string[];
  readonly reads: readonly string[];
}

/** Resolves the program `main` at `file` among `files`. */
function resolve(main: string, files: Readonly<Record<string, string>>, file: string | null = 'main.ilo'): Outcome {
  const reads: string[] = [];
  const options: ImportOptions = {
    file: file ?? undefined,
    readFile: path => {
      reads.push(path);
      if (files[path] === undefined) return { err: `ENOENT: no such file or directory, open '${path}'` };
      return files[path] === 'denied' ? { err: 'permission denied' } : { ok: files[path] };
    },
  };
  const { program, diagnostics, imported } = resolveImports(parse(main).program, options);
  expect([...imported.keys()]).toEqual([...new Set(reads)].filter(path => files[path] && files[path] !== 'denied'));
  return {
    decls: program.decls.map(decl => showDeclaration(decl) + (decl.file ? ` @${decl.file}` : '')),
    mistakes: diagnostics.map(({ code, message, file: place }) => `${code} ${place ? `${place}: ` : ''}${message}`),
    reads,
  };
}

const UNITS = 'to-feet m:n>n;*m 3.25\nto-miles m:n>n;/m 1600\n';

describe('what is imported', () => {
  test('everything, where the use stands, with its file', () => {
    const { decls, mistakes } = resolve('use "units.ilo"\nmain>n;to-feet 2', { 'units.ilo': UNITS });
    expect(decls).toEqual([
      'to-feet(m:n)>n {(m * 3.25)} @units.ilo',
      'to-miles(m:n)>n {(m / 1600)} @units.ilo',
      'main()>n {to-feet(2)}',
    ]);
    expect(mistakes).toEqual([]);
  });

  test('named declarations only, whatever they are', () => {
    const files = { 'a.ilo': `type p{x:n}\nalias ps L p\ntool t"d">n\n${UNITS}` };
    const { decls } = resolve('use "a.ilo" [p t to-miles]\nmain>n;1', files);
    expect(decls.map(decl => decl.split(/[({"]/)[0]?.trim())).toEqual(['type p', 'tool t', 'to-miles', 'main']);
  });

  test('what the imported file imports, relative to that file', () => {
    const files = { 'lib/a.ilo': 'use "../b.ilo"\na>n;1', 'b.ilo': 'use "lib/c.ilo"\nb>n;2', 'lib/c.ilo': 'c>n;3' };
    const { decls, reads } = resolve('use "./lib//a.ilo"\nmain>n;0', files);
    expect(decls).toEqual(['c()>n {3} @lib/c.ilo', 'b()>n {2} @b.ilo', 'a()>n {1} @lib/a.ilo', 'main()>n {0}']);
    expect(reads).toEqual(['lib/a.ilo', 'b.ilo', 'lib/c.ilo']);
  });

  test('a file that arrives on two ways is read once and there once', () => {
    const files = { 'a.ilo': 'use "d.ilo"\na>n;1', 'b.ilo': 'use "d.ilo"\nb>n;2', 'd.ilo': 'd>n;3' };
    const { decls, reads } = resolve('use "a.ilo"\nuse "b.ilo"\nmain>n;0', files);
    expect(decls.filter(decl => decl.startsWith('d('))).toHaveLength(1);
    expect(reads).toEqual(['a.ilo', 'd.ilo', 'b.ilo']);
  });

  test('inline functions keep different names', () => {
    const { decls } = resolve('use "a.ilo"\nmain>_;map (x:n>n;x) [1]', { 'a.ilo': 'a>_;map (x:n>n;x) [2]' });
    expect(decls[0]).toContain('__lit_1_0');
    expect(decls[1]).toContain('__lit_0(');
  });

  test('absolute paths, and main files elsewhere', () => {
    expect(resolve('use "/x/a.ilo"\nm>n;1', { '/x/a.ilo': 'a>n;1' }, '/y/main.ilo').mistakes).toEqual([]);
    expect(resolve('use "../a.ilo"\nm>n;1', { '/x/a.ilo': 'a>n;1' }, '/x/y/main.ilo').mistakes).toEqual([]);
    expect(resolve('use "../a.ilo"\nm>n;1', { '../a.ilo': 'a>n;1' }).mistakes).toEqual([]);
  });

  test('a program without imports is left as it is', () => {
    const { program } = parse('main>n;1');
    expect(resolveImports(program, { file: undefined, readFile: () => ({ err: 'none' }) }).program).toBe(program);
  });
});

describe('mistakes', () => {
  test('no place, no file, no permission', () => {
    expect(resolve('use "a.ilo"\nm>n;1', {}, null).mistakes).toEqual([
      'ILO-P017 `use` requires a file path context: not supported in inline code',
    ]);
    expect(resolve('use "a.ilo"\nm>n;1', {}).mistakes).toEqual(['ILO-P017 use "a.ilo": file not found']);
    expect(resolve('use "a.ilo"\nm>n;1', { 'a.ilo': 'denied' }).mistakes).toEqual([
      'ILO-P017 use "a.ilo": permission denied',
    ]);
  });

  test('cycles: of one file, of two, of three', () => {
    expect(resolve('use "main.ilo"\nm>n;1', {}).mistakes).toEqual(['ILO-P018 use "main.ilo": circular import']);
    expect(resolve('use "a.ilo"\nm>n;1', { 'a.ilo': 'use "main.ilo"\na>n;1' }).mistakes).toEqual([
      'ILO-P018 a.ilo: use "main.ilo": circular import',
    ]);
    const three = { 'a.ilo': 'use "b.ilo"\na>n;1', 'b.ilo': 'use "c.ilo"\nb>n;1', 'c.ilo': 'use "a.ilo"\nc>n;1' };
    const { decls, mistakes } = resolve('use "a.ilo"\nm>n;1', three);
    expect(mistakes).toEqual(['ILO-P018 c.ilo: use "a.ilo": circular import']);
    expect(decls).toHaveLength(4);
  });

  test('unknown names, each at its place', () => {
    const main = 'use "units.ilo" [to-feet to-inch to-yard to-inch]\nm>n;1';
    const { mistakes, decls } = resolve(main, { 'units.ilo': UNITS });
    expect(mistakes).toEqual([
      'ILO-P019 use "units.ilo": name \'to-inch\' not found in imported file',
      'ILO-P019 use "units.ilo": name \'to-yard\' not found in imported file',
    ]);
    expect(decls.map(decl => decl.split('(')[0])).toEqual(['to-feet', 'error to-inch', 'error to-yard', 'm']);
  });

  test('what would follow from a failed import is not reported, what does not is', () => {
    const mistakesOf = (main: string): string[] => {
      const readFile: ImportOptions['readFile'] = path => (path === 'units.ilo' ? { ok: UNITS } : { err: 'not found' });
      const { program, diagnostics } = resolveImports(parse(main).program, { file: 'main.ilo', readFile });
      return [...diagnostics, ...verify(program, BUILTINS).diagnostics].map(({ code }) => code);
    };
    expect(mistakesOf('use "units.ilo" [to-inch]\nm x:n>n;to-inch x')).toEqual(['ILO-P019']);
    expect(mistakesOf('use "units.ilo" [to-inch]\nm x:n>n;to-inhc x')).toEqual(['ILO-P019', 'ILO-T005']);
    expect(mistakesOf('use "gone.ilo"\nm p:point>n;helper p')).toEqual(['ILO-P017']);
    expect(mistakesOf('use "gone.ilo" [helper]\nm x:n>t;y=helper x;x')).toEqual(['ILO-P017', 'ILO-T008']);
  });

  test('what is wrong inside an imported file is reported for that file, once', () => {
    const files = { 'a.ilo': 'use "b.ilo"\na>n;x=;1', 'b.ilo': 'b>n;#' };
    const { mistakes, decls } = resolve('use "a.ilo"\nuse "b.ilo"\nm>n;1', files);
    expect(mistakes).toEqual(['ILO-P009 a.ilo: expected expression, got `;`', "ILO-L001 b.ilo: unexpected token '#'"]);
    expect(decls).toEqual(['error b @b.ilo', 'error a @a.ilo', 'm()>n {1}']);
  });

  test('an empty file can be imported', () => {
    expect(resolve('use "a.ilo"\nm>n;1', { 'a.ilo': '-- later\n' }).mistakes).toEqual([]);
  });

  test('a directory that contains itself ends', () => {
    const options: ImportOptions = { file: 'main.ilo', readFile: () => ({ ok: 'use "d/a.ilo"\na>n;1' }) };
    const { diagnostics } = resolveImports(parse('use "a.ilo"\nm>n;1').program, options);
    expect(diagnostics.map(({ code }) => code)).toEqual(['ILO-P022']);
  });

  test('a program uses a thousand files and no more', () => {
    const reads: string[] = [];
    const options: ImportOptions = {
      file: 'main.ilo',
      readFile: path => {
        reads.push(path);
        return { ok: `f${reads.length}>n;1` };
      },
    };
    const uses = (count: number) => Array.from({ length: count }, (_, i) => `use "a${i}.ilo"`).join('\n');
    const codes = (count: number) =>
      resolveImports(parse(`${uses(count)}\nm>n;1`).program, options).diagnostics.map(({ code }) => code);
    expect(codes(1000)).toEqual([]);
    reads.length = 0;
    expect(codes(1200)).toEqual(['ILO-P022']);
    expect(reads).toHaveLength(1000);
  });

  test('many files that import each other in layers are read once each', () => {
    const files: Record<string, string> = {};
    for (let layer = 0; layer < 30; layer++)
      for (const side of ['l', 'r'])
        files[`${side}${layer}.ilo`] =
          layer < 29 ? `use "l${layer + 1}.ilo"\nuse "r${layer + 1}.ilo"\n${side}a>n;1` : `${side}a>n;1`;
    expect(resolve('use "l0.ilo"\nm>n;1', files).reads).toHaveLength(59);
  });
});
