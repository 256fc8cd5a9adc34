// What the verifier's tests share.

import type { Diagnostic } from '../../src/diag/diagnostic.ts';
import type { Program } from '../../src/lang/ilo/ast.ts';
import { BUILTINS } from '../../src/lang/ilo/builtins/table.ts';
import { parse } from '../../src/lang/ilo/parse.ts';
import { verify } from '../../src/lang/ilo/verify.ts';

export interface Checked {
  readonly program: Program;
  readonly diagnostics: readonly Diagnostic[];
}

/** Parses and verifies a program. */
export function check(source: string): Checked {
  const { program, diagnostics } = parse(source);
  return { program, diagnostics: [...diagnostics, ...verify(program, BUILTINS).diagnostics] };
}

export function codes(source: string): readonly string[] {
  return check(source).diagnostics.map(found => found.code);
}

/** Code, message and suggestion of each diagnostic, as one line each. */
export function lines(source: string): readonly string[] {
  return check(source).diagnostics.map(
    ({ code, message, suggestion }) => `${code} ${message}${suggestion === undefined ? '' : ` | ${suggestion}`}`,
  );
}

/** `code message` of each diagnostic. */
export function messages(source: string): readonly string[] {
  return check(source).diagnostics.map(({ code, message }) => `${code} ${message}`);
}

/** The text that each diagnostic points at first. */
export function places(source: string): readonly string[] {
  return check(source).diagnostics.map(({ labels }) => {
    const label = labels.find(({ primary }) => primary);
    return label ? source.slice(label.span.start, label.span.end) : '';
  });
}
