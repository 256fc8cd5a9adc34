// A program's fault as a diagnostic: the place is labelled, and the chain of calls becomes notes, outermost first.
import type { Span } from '../base/span.ts';
import type { DiagnosticCode } from '../spec/diagnostics/all.ts';
import type { Diagnostic } from './diagnostic.ts';

/** What is needed of a fault; the Fault of the core has it. */
export interface FaultFacts {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly span: Span | undefined;
  readonly calls: readonly string[];
}

/** Longer chains are shown by their two ends. */
const CHAIN_ENDS = 10;

/** Turns a fault into a diagnostic. `file` names the imported file that the span belongs to, if it is not the main one. */
export function faultDiagnostic(fault: FaultFacts, file?: string): Diagnostic {
  return {
    severity: 'error',
    code: fault.code,
    message: fault.message,
    labels: fault.span ? [{ span: fault.span, message: 'here', primary: true }] : [],
    notes: chainNotes(fault.calls),
    ...(file === undefined ? {} : { file }),
  };
}

function chainNotes(calls: readonly string[]): string[] {
  const note = (name: string) => `called from '${name}'`;
  if (calls.length <= 2 * CHAIN_ENDS) return calls.map(note);
  return [
    ...calls.slice(0, CHAIN_ENDS).map(note),
    `… ${calls.length - 2 * CHAIN_ENDS} more calls …`,
    ...calls.slice(-CHAIN_ENDS).map(note),
  ];
}
