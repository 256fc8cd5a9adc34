// Programs that state what they do in comments, and the check that they do it. Besides the cases that `ilo test` knows
// (`-- run:` with `-- out:` or `-- err:`), a program may say before its first case what the verifier has to find:
//
//     -- err: ILO-T004      it does not load, and this is one of the codes; all codes have to be listed
//     -- warn: ILO-T033     it loads with this warning
//     -- check              it loads without errors or warnings; said where there is nothing to run
//
// An `-- err:` of a case is `^payload` (the whole failure that the program ends with), a code, or a part of the message.
import type { Span } from '../../src/base/span.ts';
import { callEntry } from '../../src/cli/call.ts';
import { chooseEntry, functionsOf } from '../../src/cli/entry.ts';
import { readImport } from '../../src/cli/source.ts';
import { findCases, type TestCase } from '../../src/cli/test-cases.ts';
import type { Host } from '../../src/core/host.ts';
import { Err, Ok } from '../../src/core/value/result.ts';
import { showValue } from '../../src/core/value/show.ts';
import type { Diagnostic } from '../../src/diag/diagnostic.ts';
import type { EngineName } from '../../src/runtime/engines.ts';
import { createVirtualHost } from '../../src/runtime/host/virtual-host.ts';
import { type Loaded, loadProgram } from '../../src/runtime/program.ts';

export interface Expectations {
  readonly cases: readonly TestCase[];
  /** Codes that loading reports, each once, sorted. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  readonly mustLoad: boolean;
}

/** What the comments of a program promise. */
export function expectationsOf(text: string): Expectations {
  const lines = text.split('\n');
  const firstCase = lines.findIndex(line => line.startsWith('-- run:'));
  const head = firstCase < 0 ? lines : lines.slice(0, firstCase);
  const codes = (prefix: RegExp): string[] => head.flatMap(line => prefix.exec(line)?.[1] ?? []).sort();
  return {
    cases: findCases(text),
    errors: codes(/^-- err(?:or)?: (ILO-\w+)/),
    warnings: codes(/^-- warn: (ILO-\w+)/),
    mustLoad: head.some(line => line.trimEnd() === '-- check'),
  };
}

/** The files that the programs see. */
export const TEST_FILES: ReadonlyMap<string, string> = new Map([
  ['notes.txt', 'first line\nsecond line\n\nlast line'],
  ['people.csv', 'name,age\nAda,36\n"Hopper, Grace",85\n'],
  ['people.tsv', 'name\tage\nAda\t36\n'],
  ['settings.json', '{"theme":"dark","sizes":[1,2.5],"user":{"name":"Ada","admin":true},"none":null}'],
  ['broken.json', '{"theme":'],
  ['log.jsonl', '{"level":"info","ms":12}\n\nnot json\n{"level":"error","ms":250}\n'],
  ['empty.txt', ''],
]);

/** The world that the programs see: a few files, two variables of the environment, a clock that says one moment in 2023. */
export function testHost(files = TEST_FILES) {
  return createVirtualHost({
    now: 1_700_000_000,
    environment: { USER: 'ada', EMPTY: '' },
    files: new Map(files),
    responses: new Map([
      ['http://test/hello', { ok: 'hello' }],
      ['http://test/json', { ok: '{"id":7}' }],
    ]),
  });
}

/** Everything in which a program differs from its expectations on one engine; nothing when it keeps them. */
export function findProblems(text: string, path: string, engine: EngineName): string[] {
  const expected = expectationsOf(text);
  const { cases, errors, warnings, mustLoad } = expected;
  if (cases.length === 0 && errors.length === 0 && !mustLoad) return ['it expects nothing'];
  const loaded = loadProgram(text, { file: path, readFile: readImport });
  const found = codesOf(loaded.diagnostics, 'error');
  if (found.join() !== errors.join()) return [`loading reports [${describe(loaded)}], expected [${errors.join(', ')}]`];
  const warned = codesOf(loaded.diagnostics, 'warning');
  if (warned.join() !== warnings.join())
    return [`loading warns [${warned.join(', ')}], expected [${warnings.join(', ')}]`];
  return cases.flatMap(test => {
    const problem = runCase(loaded, test, engine);
    return problem === undefined ? [] : [`line ${test.line}: ${problem}`];
  });
}

function codesOf(diagnostics: readonly Diagnostic[], severity: Diagnostic['severity']): string[] {
  return [...new Set(diagnostics.filter(found => found.severity === severity).map(({ code }) => code))].sort();
}

function describe({ diagnostics, program }: Loaded): string {
  const place = (span: Span | undefined): string =>
    span === undefined ? '' : ` at ${JSON.stringify(program.source.slice(span.start, span.end))}`;
  return diagnostics.map(({ code, message, labels }) => `${code} ${message}${place(labels[0]?.span)}`).join('; ');
}

function runCase({ program, unit }: Loaded, test: TestCase, engine: EngineName): string | undefined {
  if (unit === undefined) return 'the program does not load';
  const entry = chooseEntry(functionsOf(program), test.words, Number.POSITIVE_INFINITY, true);
  if (entry.kind !== 'call') return `there is no function to run for '${test.words.join(' ')}'`;
  const host = testHost();
  const outcome = callEntry(program, unit, entry.fn, entry.words, engine, host as Host);
  let output = host.output();
  let failure: string | undefined;
  if ('diagnostic' in outcome) failure = `${outcome.diagnostic.code} ${outcome.diagnostic.message}`;
  else if (outcome.value instanceof Err) failure = showValue(outcome.value);
  else if (!outcome.quiet)
    output += `${showValue(outcome.value instanceof Ok ? outcome.value.value : outcome.value)}\n`;
  return compare(test, output, failure);
}

function compare(test: TestCase, output: string, failure: string | undefined): string | undefined {
  if (test.out.length === 0 && test.err.length === 0) return 'the case expects nothing';
  if (test.err.length === 0 && failure !== undefined) return `it failed with ${failure}`;
  if (test.err.length > 0 && failure === undefined) return `it did not fail, and gave ${JSON.stringify(output)}`;
  const missing = test.err.find(text => (text.startsWith('^') ? failure !== text : !failure?.includes(text)));
  if (missing !== undefined) return `it failed with ${failure}, expected ${missing}`;
  const got = trimLines(output.split('\n'));
  const wanted = trimLines(test.out);
  return got === wanted ? undefined : `it gave ${JSON.stringify(got)}, expected ${JSON.stringify(wanted)}`;
}

/** Blanks at the ends of lines, and empty lines at the end, cannot be seen in comments. */
function trimLines(lines: readonly string[]): string {
  return lines
    .map(line => line.trimEnd())
    .join('\n')
    .trimEnd();
}
