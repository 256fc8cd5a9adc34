// Expectations written into programs as comments, one case per `-- run:` line:
//
//     -- run: dbl 21          the function and its arguments; nothing at all runs the program's own entry
//     -- out: 42              a line of standard output; several lines, several comments
//     -- err: division by     text that standard error contains; the run must also fail
//
// Expectations follow their `-- run:` directly. Words are separated by blanks. Double quotes keep blanks inside a word and
// stay part of it (the command line drops them itself); single quotes keep everything and are dropped.

export interface TestCase {
  /** From 1. */
  readonly line: number;
  readonly words: readonly string[];
  readonly out: readonly string[];
  readonly err: readonly string[];
}

export interface Observed {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

const RUN = '-- run:';
const OUT = '-- out:';
const ERR = '-- err:';

/** The cases of a program, in order. */
export function findCases(text: string): TestCase[] {
  const lines = text.split('\n').map(withoutCarriageReturn);
  const cases: TestCase[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    if (!line.startsWith(RUN)) continue;
    const out: string[] = [];
    const err: string[] = [];
    const words = splitWords(line.slice(RUN.length));
    const start = at + 1;
    for (let next = lines[at + 1]; next !== undefined; next = lines[at + 1]) {
      if (next.startsWith(OUT)) out.push(payload(next.slice(OUT.length)));
      else if (next.startsWith(ERR)) err.push(payload(next.slice(ERR.length)));
      else break;
      at++;
    }
    cases.push({ line: start, words, out, err });
  }
  return cases;
}

function withoutCarriageReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/** What follows the colon: one blank belongs to the notation, blanks at the end do not count. */
function payload(text: string): string {
  return (text.startsWith(' ') ? text.slice(1) : text).trimEnd();
}

/** The words of a `-- run:` line. A quote that is never closed is an ordinary character. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    const opens = char === '"' || (char === "'" && word === undefined);
    const close = opens ? text.indexOf(char, at + 1) : -1;
    if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (close > at) {
      word = (word ?? '') + (char === '"' ? text.slice(at, close + 1) : text.slice(at + 1, close));
      at = close;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** Why what happened is not what the case expects; undefined when it is. */
export function judge(test: TestCase, seen: Observed): string | undefined {
  const stdout = outputLines(seen.stdout);
  if (test.err.length > 0) {
    if (seen.code === 0)
      return `expected a failure with ${quote(test.err.join('\n'))}, got ${quote(stdout.join('\n'))}`;
    const missing = test.err.find(text => !seen.stderr.includes(text));
    if (missing !== undefined) return `got: ${firstLine(seen.stderr)}, want: ${quote(missing)} in it`;
    if (test.out.length === 0) return undefined;
  } else if (seen.code !== 0) {
    return `exit ${seen.code}: ${firstLine(seen.stderr)}`;
  } else if (test.out.length === 0) {
    return 'there is no -- out: or -- err: line (ilo test --update writes them)';
  }
  // No output at all and one empty line look the same in comments.
  const wanted = trimTrailing(test.out);
  const got = trimTrailing(stdout);
  return wanted.join('\n') === got.join('\n')
    ? undefined
    : `got: ${quote(got.join('\n'))}, want: ${quote(wanted.join('\n'))}`;
}

function outputLines(stdout: string): string[] {
  return stdout.split('\n').map(line => line.trimEnd());
}

function trimTrailing(lines: readonly string[]): readonly string[] {
  let length = lines.length;
  while (length > 0 && lines[length - 1] === '') length--;
  return lines.slice(0, length);
}

function quote(text: string): string {
  return text.includes('\n') ? JSON.stringify(text) : text;
}

/** The program with the expectations of some cases (by line) replaced by what was seen. Everything else stays byte for byte. */
export function rewriteExpectations(text: string, seen: ReadonlyMap<number, Observed>): string {
  const lines = text.split('\n');
  const result: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    result.push(line);
    const observed = seen.get(at + 1);
    if (observed === undefined) continue;
    const end = line.endsWith('\r') ? '\r' : '';
    while (lines[at + 1]?.startsWith(OUT) || lines[at + 1]?.startsWith(ERR)) at++;
    for (const expectation of expectationsOf(observed)) result.push(expectation + end);
  }
  return result.join('\n');
}

function expectationsOf({ stdout, stderr, code }: Observed): string[] {
  const out = trimTrailing(outputLines(stdout)).map(line => `${OUT} ${line}`.trimEnd());
  if (code === 0) return out.length === 0 ? [OUT] : out;
  const first = stderr.split('\n').find(line => line.trim() !== '') ?? '';
  return [...out, `${ERR} ${first}`.trimEnd()];
}

function firstLine(text: string): string {
  const lines = text.trimEnd().split('\n');
  return lines.length > 1 ? `${lines[0]} …` : lines[0]!;
}
