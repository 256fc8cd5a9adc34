// The long text of a diagnostic code, for `ilo explain CODE`. A code may be written in full or short, in any case
// (`ILO-T004`, `t4`); a word that is no code is looked up in the titles.
import { DIAGNOSTIC_ROWS, findDiagnosticRow } from '../spec/diagnostics/all.ts';
import type { DiagnosticRow } from '../spec/diagnostics/row.ts';
import { paintAnsi } from './ansi.ts';
import type { OutputMode } from './mode.ts';
import type { Painter } from './terminal.ts';

export type Explanation =
  | { readonly found: true; readonly code: string; readonly row: DiagnosticRow }
  /** `near` holds the codes that may have been meant, best first. */
  | { readonly found: false; readonly asked: string; readonly near: readonly string[] };

const NEAR_LIMIT = 6;
const LINE_WIDTH = 88;

/** Looks a code up. Never throws; an unknown code gives its nearest neighbours. */
export function findExplanation(asked: string): Explanation {
  const code = fullCode(asked);
  const row = findDiagnosticRow(code);
  if (row) return { found: true, code, row };
  return { found: false, asked, near: nearCodes(asked, code) };
}

/** Renders the explanation, or the sentence that there is none; ends in a line break. */
export function renderExplanation(explanation: Explanation, mode: OutputMode): string {
  if (mode === 'json') return `${JSON.stringify(explanationFacts(explanation))}\n`;
  const paint: Painter = mode === 'ansi' ? paintAnsi : text => text;
  return explanation.found ? page(explanation.code, explanation.row, paint) : unknownCode(explanation, paint);
}

function explanationFacts(explanation: Explanation): object {
  if (!explanation.found) return { error: `unknown error code: ${explanation.asked}`, near: explanation.near };
  const { severity, title, explanation: text, wrong, wrongArgs, right, neverHere } = explanation.row;
  const messages = messagesOf(explanation.row);
  return { code: explanation.code, severity, title, messages, explanation: text, wrong, wrongArgs, right, neverHere };
}

function page(code: string, row: DiagnosticRow, paint: Painter): string {
  const parts = [`${paint(row.severity, row.severity)}${paint(`[${code}]`, 'strong')}: ${paint(row.title, 'strong')}`];
  const messages = messagesOf(row);
  if (messages.length > 0) parts.push(indented(messages.join('\n')));
  parts.push(wrapped(row.explanation.trim()));
  if (row.neverHere !== undefined) parts.push(wrapped(`This code never shows up here: ${row.neverHere.trim()}`));
  const run = row.wrongArgs === undefined ? '' : ` (run with: ${row.wrongArgs.join(' ')})`;
  if (row.wrong !== '') parts.push(`${paint('Wrong', 'error')}${run}:\n\n${indented(row.wrong)}`);
  if (row.right !== '') parts.push(`${paint('Right', 'strong')}:\n\n${indented(row.right)}`);
  return `${parts.join('\n\n')}\n`;
}

/** What the diagnostic says, with `…` for what differs; nothing of wordings that the place of the mistake makes up. */
function messagesOf(row: DiagnosticRow): string[] {
  const texts = Object.values(row.texts).map(text => text.replace(/\{\w+\}/g, '…'));
  return [...new Set(texts)].filter(text => /[a-z]{3}/.test(text));
}

function indented(program: string): string {
  const lines = program.replace(/\n+$/, '').split('\n');
  return lines.map(line => (line === '' ? '' : `    ${line}`)).join('\n');
}

/** Breaks long lines between words. Indented lines are code and stay. */
function wrapped(text: string): string {
  return text
    .split('\n')
    .map(line => (line.startsWith(' ') ? line : wrappedLine(line)))
    .join('\n');
}

function wrappedLine(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1]!;
    if (last !== '' && last.length + 1 + word.length > LINE_WIDTH) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.join('\n');
}

function unknownCode(explanation: Explanation & { found: false }, paint: Painter): string {
  const lines = [`${paint('error', 'error')}: unknown error code: ${explanation.asked}`];
  for (const code of explanation.near)
    lines.push(`  ${paint(code, 'strong')}  ${findDiagnosticRow(code)?.title ?? ''}`);
  lines.push('A code is a letter (L, P, T, R, W or C) and a number: ILO-T004, or short t4.');
  return `${lines.join('\n')}\n`;
}

/** `t4`, `T004` and `ilo-t004` all mean `ILO-T004`. */
function fullCode(asked: string): string {
  const parts = /^(?:ILO-?)?([A-Z])-?(\d{1,3})$/.exec(asked.trim().toUpperCase());
  return parts ? `ILO-${parts[1]}${parts[2]!.padStart(3, '0')}` : asked.trim();
}

function nearCodes(asked: string, code: string): string[] {
  const codes = Object.keys(DIAGNOSTIC_ROWS);
  const shape = /^ILO-([A-Z])(\d{3})$/.exec(code);
  if (shape) {
    const wanted = Number(shape[2]);
    const distance = (other: string) => Math.abs(Number(other.slice(-3)) - wanted);
    const sameLetter = codes.filter(other => other.startsWith(`ILO-${shape[1]}`));
    const sameNumber = codes.filter(other => other.endsWith(shape[2]!));
    return [...sameLetter.sort((a, b) => distance(a) - distance(b)), ...sameNumber].slice(0, NEAR_LIMIT);
  }
  const words = asked.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return codes
    .filter(other => {
      const title = findDiagnosticRow(other)?.title.toLowerCase() ?? '';
      return words.every(word => title.includes(word));
    })
    .slice(0, NEAR_LIMIT);
}
