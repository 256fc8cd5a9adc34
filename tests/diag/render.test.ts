import { expect, test } from 'vitest';
import { renderAnsi } from '../../src/diag/ansi.ts';
import type { Diagnostic } from '../../src/diag/diagnostic.ts';
import { faultDiagnostic } from '../../src/diag/fault.ts';
import { renderJson } from '../../src/diag/json.ts';
import { onlySource, SourceText } from '../../src/diag/source.ts';
import { renderText } from '../../src/diag/text.ts';

/** A diagnostic that marks the first `marked` in `text`. */
function marking(text: string, marked: string, more: Partial<Diagnostic> = {}): [Diagnostic, SourceText] {
  const start = text.indexOf(marked);
  const diagnostic: Diagnostic = {
    severity: 'error',
    code: 'ILO-R009',
    message: 'it is wrong',
    labels: [{ span: { start, end: start + marked.length }, message: 'here', primary: true }],
    notes: [],
    ...more,
  };
  return [diagnostic, new SourceText(text)];
}

function lines(text: string, marked: string, more: Partial<Diagnostic> = {}): string[] {
  const [diagnostic, source] = marking(text, marked, more);
  return renderText(diagnostic, onlySource(source)).split('\n');
}

test('the plain shape', () => {
  const [diagnostic, source] = marking('f x:n>n\n  +x yy\n', 'yy', {
    notes: ["in function 'f'"],
    suggestion: "did you mean 'x'?",
  });
  expect(renderText(diagnostic, onlySource(source))).toBe(
    [
      'error[ILO-R009]: it is wrong',
      '  --> 2:6',
      '  |',
      '2 |   +x yy',
      '  |      ^^ here',
      '  |',
      "  = note: in function 'f'",
      "  = suggestion: did you mean 'x'?",
      '',
    ].join('\n'),
  );
});

test('no source, no excerpt', () => {
  const [diagnostic] = marking('f', 'f');
  expect(renderText(diagnostic, onlySource(undefined))).toBe('error[ILO-R009]: it is wrong\n');
});

test('the gutter is as wide as the line number', () => {
  const shown = lines(`${'\n'.repeat(99)}boom`, 'boom');
  expect(shown.slice(1, 5)).toEqual(['  --> 100:1', '    |', '100 | boom', '    | ^^^^ here']);
});

test('an imported file is named', () => {
  const [diagnostic, source] = marking('a>n;b', 'b', { file: 'lib/a.ilo' });
  expect(renderText(diagnostic, file => (file === 'lib/a.ilo' ? source : undefined))).toContain('--> lib/a.ilo:1:5');
});

test('an empty span and a span at the end of the line get one caret', () => {
  const source = new SourceText('abc\ndef');
  const at = (start: number, end: number) =>
    renderText(
      { ...marking('abc', 'a')[0], labels: [{ span: { start, end }, message: '', primary: true }] },
      onlySource(source),
    ).split('\n')[4];
  expect(at(1, 1)).toBe('  |  ^');
  expect(at(3, 3)).toBe('  |    ^');
  expect(at(7, 7)).toBe('  |    ^');
  // Over the line's end: marked on the first line only.
  expect(at(1, 6)).toBe('  |  ^^');
});

test('carets stand under the characters after tabs', () => {
  expect(lines('\tx=\ty', 'y').slice(3, 5)).toEqual(['1 |     x=    y', '  |           ^ here']);
});

test('wide characters take two cells, combining marks none', () => {
  expect(lines('"日本" y', 'y')[4]).toBe('  |        ^ here');
  expect(lines('"e\u0301" y', 'y')[4]).toBe('  |     ^ here');
  expect(lines('"日本" y', '本')[4]).toBe('  |    ^^ here');
  expect(lines('👩‍👩‍👧 y', 'y')[4]).toBe('  |    ^ here');
});

test('carriage returns are not shown', () => {
  expect(lines('a b\r\nc\r\n', 'b').slice(3, 5)).toEqual(['1 | a b', '  |   ^ here']);
});

test('the source cannot drive the terminal', () => {
  const text = 'a\x1b[2J\u202e b';
  const [diagnostic, source] = marking(text, 'b', { message: `unexpected '\x1b[31m'` });
  const plain = renderText(diagnostic, onlySource(source));
  expect(plain).not.toMatch(/[\x1b\u202e]/);
  expect(plain).toContain('␛[2J');
  expect(plain.split('\n')[4]).toBe('  |        ^ here');
});

test('a long line is shown as a window around the span', () => {
  const long = `${'x '.repeat(250_000)}WRONG${' y'.repeat(250_000)}`;
  const shown = lines(long, 'WRONG');
  expect(shown[1]).toBe('  --> 1:500001');
  expect(shown[3]!.length).toBeLessThan(140);
  expect(shown[3]).toMatch(/^1 \| ….*WRONG.*…$/);
  expect(shown[4]!.indexOf('^')).toBe(shown[3]!.indexOf('WRONG'));
  expect(shown[4]).toContain('^^^^^ here');
});

test('windows at both ends of a long line', () => {
  const line = `A${'-'.repeat(1000)}Z`;
  const first = lines(line, 'A');
  expect(first[3]).toMatch(/^1 \| A-+…$/);
  expect(first[4]).toBe('  | ^ here');
  const last = lines(line, 'Z');
  expect(last[3]).toMatch(/^1 \| …-+Z$/);
  expect(last[4]!.indexOf('^')).toBe(last[3]!.indexOf('Z'));
});

test('a span longer than the window is cut with it', () => {
  const shown = lines('z'.repeat(10_000), 'z'.repeat(10_000));
  expect(shown[4]!.length).toBeLessThan(140);
});

test('secondary labels say where', () => {
  const [diagnostic, source] = marking('a=1\nb=2', 'b');
  const both = {
    ...diagnostic,
    labels: [...diagnostic.labels, { span: { start: 0, end: 1 }, message: 'first here', primary: false }],
  };
  expect(renderText(both, onlySource(source))).toContain('  = first here (1:1)\n');
});

test('colour adds escape sequences and nothing else', () => {
  const [diagnostic, source] = marking('f x:n>n;y', 'y', { notes: ['n'], suggestion: 's', severity: 'warning' });
  const coloured = renderAnsi(diagnostic, onlySource(source));
  expect(coloured).toContain('\x1b[1;36mwarning\x1b[0m');
  expect(coloured.replace(/\x1b\[[\d;]*m/g, '')).toBe(renderText(diagnostic, onlySource(source)));
});

test('JSON: key order, byte offsets and columns', () => {
  const [diagnostic, source] = marking('"é" y', 'y', { notes: ['a note'], suggestion: 'do' });
  expect(renderJson(diagnostic, onlySource(source))).toBe(
    '{"code":"ILO-R009","labels":[{"col":6,"end":6,"line":1,"message":"here","primary":true,"start":5}],' +
      '"message":"it is wrong","notes":["a note"],"severity":"error","suggestion":"do"}',
  );
});

test('JSON without a source has no line, without a suggestion no key', () => {
  const [diagnostic] = marking('y', 'y');
  expect(JSON.parse(renderJson(diagnostic, onlySource(undefined)))).toEqual({
    code: 'ILO-R009',
    labels: [{ end: 1, message: 'here', primary: true, start: 0 }],
    message: 'it is wrong',
    notes: [],
    severity: 'error',
  });
});

test('a fault becomes a diagnostic with its chain of calls', () => {
  const span = { start: 1, end: 3 };
  const diagnostic = faultDiagnostic({ code: 'ILO-R009', message: 'm', span, calls: ['main', 'helper'] });
  expect(diagnostic).toEqual({
    severity: 'error',
    code: 'ILO-R009',
    message: 'm',
    labels: [{ span, message: 'here', primary: true }],
    notes: ["called from 'main'", "called from 'helper'"],
  });
  expect(faultDiagnostic({ code: 'ILO-R009', message: 'm', span: undefined, calls: [] }).labels).toEqual([]);
});

test('a deep chain of calls is shown by its ends', () => {
  const calls = ['main', ...Array.from({ length: 5000 }, () => 'again')];
  const { notes } = faultDiagnostic({ code: 'ILO-R009', message: 'm', span: undefined, calls });
  expect(notes).toHaveLength(21);
  expect(notes[0]).toBe("called from 'main'");
  expect(notes[10]).toBe('… 4981 more calls …');
});
