// Emitted Python programs do what the programs say: every program of tests/programs and of examples/ that needs neither network nor tools runs in
// CPython. All cases of a folder run in one process of it, because starting one for each would take minutes.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { pythonOf } from '../../../src/cli/emit.ts';
import { readImport, sourcesOf } from '../../../src/cli/source.ts';
import { findCases, judge, type Observed, type TestCase } from '../../../src/cli/test-cases.ts';
import { BUILTINS } from '../../../src/lang/ilo/builtins/table.ts';
import { loadProgram } from '../../../src/runtime/program.ts';
import { capture } from '../../cli/capture.ts';
import { TEST_FILES } from '../../programs/expectations.ts';

const ROOT = 'tests/programs/ilo';
const EXAMPLES = 'examples';

/** Builtins for which there is no Python, and why. */
const NOT_EMITTED: Readonly<Record<string, string>> = {
  get: 'network',
  post: 'network',
  'get-many': 'network',
};

/** Programs that Python does not do as ilo does, and why. */
const DIFFERENT: Readonly<Record<string, string>> = {
  'dates/clock.ilo': 'the tests have a clock that stands still',
  'dates/sleep.ilo': 'the tests have a clock that stands still',
  'regex/classes.ilo': 'Python has no intersection of character classes',
  'regex/linear.ilo': 'Python backtracks, and takes time that grows exponentially',
};

const python = spawnSync('python3', ['--version'], { encoding: 'utf8' });
const hasPython = python.status === 0;
const folder = mkdtempSync(join(tmpdir(), 'ilo-python-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface PythonCase {
  readonly path: string;
  readonly words: readonly string[];
}

function runAll(cases: readonly PythonCase[], workingFolder = folder): readonly Observed[] {
  const driver = fileURLToPath(new URL('../../../scripts/run-python.py', import.meta.url));
  const run = spawnSync('python3', [driver], {
    input: JSON.stringify(cases),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    cwd: workingFolder,
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout) as Observed[];
}

function emit(text: string, path?: string) {
  const loaded = loadProgram(text, {
    readFile: readImport,
    entry: 'checked',
    ...(path === undefined ? {} : { file: path }),
  });
  if (loaded.unit === undefined) return undefined;
  return pythonOf(loaded, sourcesOf(text, path, loaded.imported));
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').map(line => line.trimEnd());
}

/** What an emitted program prints and ends with. */
function run(text: string, ...words: string[]): Observed {
  const emitted = emit(text);
  if (emitted === undefined || 'missing' in emitted) throw new Error(`not emitted: ${JSON.stringify(emitted)}`);
  const path = join(folder, 'single.py');
  writeFileSync(path, emitted.text);
  return runAll([{ path, words }])[0]!;
}

describe.skipIf(!hasPython)('in CPython', () => {
  test('the programs of the tests keep their promises', { timeout: 120_000 }, () => {
    const programs = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ilo') && !name.includes('modules'))
      .sort();
    const cases: (PythonCase & { readonly name: string; readonly test: TestCase })[] = [];
    const missing = new Set<string>();
    for (const name of programs) {
      if (Object.hasOwn(DIFFERENT, name)) continue;
      const text = readFileSync(join(ROOT, name), 'utf8');
      const emitted = emit(text, join(ROOT, name));
      if (emitted === undefined) continue;
      if ('missing' in emitted) {
        for (const builtin of emitted.missing) missing.add(builtin);
        continue;
      }
      const path = join(folder, name.replace('.ilo', '.py'));
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, emitted.text);
      for (const each of findCases(text)) cases.push({ name, path, words: each.words, test: each });
    }
    for (const [name, text] of TEST_FILES) writeFileSync(join(folder, name), text);
    const seen = runAll(cases);
    const problems = cases.flatMap(({ name, test }, i) => {
      const problem = judge(test, seen[i]!);
      return problem === undefined ? [] : [`${name}, line ${test.line}: ${problem}`];
    });
    expect(problems).toEqual([]);
    expect(cases.length).toBeGreaterThan(700);
    expect([...missing].filter(name => BUILTINS.get(name) !== undefined && !Object.hasOwn(NOT_EMITTED, name))).toEqual(
      [],
    );
  });

  test('the examples print what is expected, and their cases hold', { timeout: 120_000 }, async () => {
    const cases: (PythonCase & {
      readonly name: string;
      readonly problemOf: (seen: Observed) => string | undefined;
    })[] = [];
    const missing: Record<string, readonly string[]> = {};
    for (const name of readdirSync(EXAMPLES).filter(name => name.endsWith('.ilo'))) {
      const source = join(EXAMPLES, name);
      const text = readFileSync(source, 'utf8');
      const emitted = emit(text, source)!;
      if ('missing' in emitted) {
        missing[name] = emitted.missing;
        continue;
      }
      const path = join(folder, name.replace('.ilo', '.py'));
      writeFileSync(path, emitted.text);
      const expectedPath = join(EXAMPLES, 'expected', name.replace('.ilo', '.txt'));
      const isWritten = existsSync(expectedPath);
      const expected = isWritten ? readFileSync(expectedPath, 'utf8') : (await capture(['run', source, '-nh'])).out;
      cases.push({
        name,
        path,
        words: [],
        problemOf: seen => judge({ line: 0, words: [], out: linesOf(expected), err: [] }, seen),
      });
      for (const each of findCases(text))
        cases.push({ name, path, words: each.words, problemOf: seen => judge(each, seen) });
    }
    const seen = runAll(cases, '.');
    const problems = cases.flatMap(({ name, words, problemOf }, i) => {
      const problem = problemOf(seen[i]!);
      return problem === undefined ? [] : [`${name} ${words.join(' ')}: ${problem}`];
    });
    expect(problems).toEqual([]);
    expect(missing).toEqual({ 'status-checker.ilo': ['get-many'] });
    expect(cases.length).toBeGreaterThan(30);
  });

  test('categories of characters hold exactly what Unicode says', () => {
    const sets = ['L', 'Lu', 'LC', 'M', 'Nd', 'P', 'Pc', 'S', 'Z', 'Zs', 'Cf', 'Assigned', 'Letter_Number', 'gc!=L'];
    // All of them are older than any Python that runs this; one (U+0295) was another kind of letter before Unicode 16.
    const sample = Array.from({ length: 0x5e0 }, (_, i) => String.fromCodePoint(i + 0x20))
      .join('')
      .replace(/[\p{Cn}\p{Cc}\u0295]/gu, '');
    const text = `f s:t>n\n${sets.map(set => `  prnt cat (rgx "\\p{${set}}+" s) "|"`).join('\n')}\n  0`;
    const wanted = sets.map(set => new RegExp(set === 'gc!=L' ? '\\P{L}+' : `\\p{${set}}+`, 'gu'));
    const lines = run(text, 'f', sample).stdout.split('\n');
    expect(sets.map((set, i) => [set, lines[i]])).toEqual(
      sets.map((set, i) => [set, (sample.match(wanted[i]!) ?? []).join('|')]),
    );
  });

  test('white space is what Unicode calls so', () => {
    const sample = Array.from({ length: 0x3100 }, (_, i) => `${String.fromCodePoint(i)}|`).join('');
    for (const text of [sample.slice(0, 2 * 0x80), sample]) {
      const wanted = text.replace(/\p{White_Space}/gu, '');
      expect(run('f s:t>t;rgxsub "\\s" "" s', 'f', text).stdout).toBe(`${wanted}\n`);
      expect(run('f s:t>t;rgxsub "[^\\S]" "" s', 'f', text).stdout).toBe(`${wanted}\n`);
    }
  });

  test('a property that Python does not know is a fault that says so', () => {
    const seen = run('f s:t>L t;rgx "[\\p{Greek}]" s', 'f', 'α');
    expect(seen).toMatchObject({ code: 1, stdout: '' });
    expect(seen.stderr).toBe(
      'error[ILO-R009]: rgx: this Python program cannot use the pattern [\\p{Greek}]: \\p{Greek} is something that only ilo has\n  --> 1:11\n',
    );
  });

  test('faults have their code, their place and exit code 1', () => {
    const seen = run('f a:n b:n>n\n  c=+a 1\n  /c b', 'f', '1', '0');
    expect(seen).toEqual({ stdout: '', stderr: 'error[ILO-R003]: division by zero\n  --> 3:3\n', code: 1 });
  });

  test('a failure is printed on standard error', () => {
    expect(run('f>R n t;prnt 1;^"no"', 'f')).toEqual({ stdout: '1\n', stderr: '^no\n', code: 1 });
  });

  test('names that Python has already', () => {
    const text = 'lambda class:n>n;def=+class 1;count=*def 2;count\nprint2 not:n>n;lambda not\nshow x:n>n;print2 x';
    expect(run(text.replaceAll('def', 'del'), 'show', '4').stdout).toBe('10\n');
  });

  test('an older version of a list or map stays as it was', () => {
    const text =
      'f>L _;xs=[1 2];ys=+=xs 3;zs=lst ys 0 9;a=mset mmap "k" 1;b=mset a "k" 2;c=mdel b "k";[xs ys zs a b c (+xs zs)]';
    expect(run(text).stdout).toBe('[[1, 2], [1, 2, 3], [9, 2, 3], {k: 1}, {k: 2}, {}, [1, 2, 9, 2, 3]]\n');
  });

  test('calls nest 10,000 deep, and endless recursion is a fault', () => {
    const text = 'down n:n>n;<=n 0 0;r=down -n 1;+r 1';
    expect(run(text, '9990').stdout).toBe('9990\n');
    expect(run('down n:n>n;r=down -n 1;+r 1', '1').stderr).toContain('ILO-R040');
  });

  test('elementary functions give the same bits', () => {
    const numbers = [0.1, 0.5, 1.05, 2, 3.7, 10, 1e-9, 123456.789, 1e15, 700.25, 1e300, 5e-324];
    const calls = ['sin', 'cos', 'tan', 'atan', 'exp', 'log', 'log2', 'log10', 'asin', 'acos']
      .flatMap(name => numbers.flatMap(x => [`${name} ${x}`, `${name} -${x}`]))
      .concat(numbers.flatMap(x => numbers.flatMap(y => [`pow ${x} ${y}`, `atan2 -${x} ${y}`])));
    const text = `f>n\n${calls.map(call => `  prnt (${call})`).join('\n')}\n  0`;
    const emitted = run(text).stdout.trimEnd().split('\n').slice(0, -1);
    const expected = calls.map(call => {
      const [name, ...args] = call.split(' ');
      return BUILTINS.get(name!)!.run(args.map(Number), undefined as never) as number;
    });
    expect(emitted.length).toBe(calls.length);
    const read = (text: string) => Number(text.replace('inf', 'Infinity'));
    const different = calls.filter((_, i) => !Object.is(read(emitted[i]!) + 0, expected[i]! + 0));
    expect(different).toEqual([]);
  });
});

test('a program that needs the network is not emitted', () => {
  expect(emit('f>R t t;get "http://test/"')).toEqual({ missing: ['get'] });
});

test('the prelude has only what a program needs', () => {
  const definitions = (text: string): readonly string[] => {
    const emitted = emit(text);
    const code = emitted !== undefined && 'text' in emitted ? emitted.text : '';
    return code.match(/(?<=^(?:def|import) )\w+/gm) ?? [];
  };
  expect(definitions('f s:t>t;rgxsub "a" "b" s')).toContain('unicodedata');
  const plain = definitions('f s:t>t;upr s');
  expect(plain).toContain('ilo_upr');
  expect(plain.filter(name => ['unicodedata', 'itertools', 'category_runs', 'compile_pattern'].includes(name))).toEqual(
    [],
  );
});

test('what is emitted reads like the program', () => {
  const emitted = emit(
    'type pt{x:n;y:n}\nf xs:L n k:n>n\n  s=0\n  @x xs{>x k{s=+s *x 2};=x 0 (-s 1)}\n  p=pt x:s y:1\n  p.x',
  );
  const text = emitted !== undefined && 'text' in emitted ? emitted.text : '';
  expect(text.slice(text.indexOf('def new_pt'), text.indexOf('BUILTINS = '))).toBe(`def new_pt(x=None, y=None):
    return Record("pt", {"x": x, "y": y})


def f(xs, k):
    s = 0.0
    for x in each("4:3", xs):
        if greater("4:9", x, k):
            s = s + multiply("4:19", x, 2.0)
        if equal(x, 0.0):
            return s - 1.0
    p = new_pt(x=s, y=1.0)
    return field_of("6:3", p, "x")


`);
});
