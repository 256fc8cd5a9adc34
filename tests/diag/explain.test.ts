// `ilo explain CODE`: codes are found however they are written, and every code has a page.
import { expect, test } from 'vitest';
import { findExplanation, renderExplanation } from '../../src/diag/explain.ts';
import { DIAGNOSTIC_ROWS } from '../../src/spec/diagnostics/all.ts';

test('a code is found however it is written', () => {
  for (const asked of ['ILO-R009', 'ilo-r009', 'R009', 'r9', ' R9 ', 'ILO-R9']) {
    expect(findExplanation(asked)).toMatchObject({ found: true, code: 'ILO-R009' });
  }
});

test('an unknown code names its neighbours', () => {
  const near = findExplanation('ILO-R999');
  expect(near).toMatchObject({ found: false });
  expect(near.found ? [] : near.near.every(code => code.startsWith('ILO-R'))).toBe(true);
  const text = renderExplanation(near, 'text');
  expect(text).toContain('unknown error code: ILO-R999');
  expect(text).toMatch(/ILO-R\d{3} {2}\w/);
  const byWord = findExplanation('builtin cannot work');
  expect(byWord.found ? [] : byWord.near).toContain('ILO-R009');
  for (const odd of ['', '__proto__', 'constructor', '∅']) expect(findExplanation(odd)).toMatchObject({ found: false });
});

test('a page shows what the diagnostic says, so that a message finds its page', () => {
  const text = renderExplanation(findExplanation('T005'), 'text');
  expect(text).toContain("\n    undefined function '…' (called with … args)\n");
  const facts = JSON.parse(renderExplanation(findExplanation('R002'), 'json')) as object;
  expect(facts).toMatchObject({ messages: ['undefined function: …'] });
  // Builtins word their own faults.
  expect(renderExplanation(findExplanation('R009'), 'text')).not.toContain('…: …');
});

test('every code has a page with its wrong and right program', () => {
  for (const code of Object.keys(DIAGNOSTIC_ROWS)) {
    const explanation = findExplanation(code);
    if (!explanation.found) throw new Error(code);
    const { row } = explanation;
    const text = renderExplanation(explanation, 'text');
    expect(text.startsWith(`${row.severity}[${code}]: ${row.title}\n`)).toBe(true);
    expect(text.replace(/\s+/g, ' ')).toContain(row.explanation.trim().replace(/\s+/g, ' '));
    const prose = text.split('\n').filter(line => !line.startsWith(' ') && !line.startsWith(row.severity));
    expect(Math.max(...prose.map(line => line.length))).toBeLessThanOrEqual(88);
    for (const line of [...row.wrong.split('\n'), ...row.right.split('\n')]) expect(text).toContain(line);
    expect(renderExplanation(explanation, 'ansi').replace(/\x1b\[[\d;]*m/g, '')).toBe(text);
    expect(JSON.parse(renderExplanation(explanation, 'json'))).toMatchObject({
      code,
      title: row.title,
      right: row.right,
    });
  }
});
