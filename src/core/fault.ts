// A fault ends a program: a code, a message, the place and the chain of calls. Builtins and engines throw it; the
// runtime turns it into a diagnostic. It carries no JavaScript stack: making one costs more than the whole call.
import type { Span } from '../base/span.ts';
import { fillHoles, type Holes } from '../spec/diagnostics/row.ts';
import { RUNTIME_ROWS } from '../spec/diagnostics/runtime.ts';

export type FaultCode = keyof typeof RUNTIME_ROWS & string;
type Texts<Code extends FaultCode> = (typeof RUNTIME_ROWS)[Code]['texts'];

export class Fault {
  readonly code: FaultCode;
  readonly message: string;
  /** The innermost place known; engines fill it where it is still missing. */
  span: Span | undefined;
  /** Names of the functions that were running, outermost first. */
  calls: readonly string[];
  /** The file the place belongs to, when it is not the main one. */
  file: string | undefined;

  constructor(code: FaultCode, message: string, span?: Span) {
    this.code = code;
    this.message = message;
    this.span = span;
    this.calls = [];
    this.file = undefined;
  }
}

/** Makes (does not throw) a fault from the table of runtime diagnostics. */
export function fault<Code extends FaultCode, V extends keyof Texts<Code> & string>(
  code: Code,
  variant: V,
  holes: Texts<Code>[V] extends infer Text extends string ? Holes<Text> : never,
): Fault {
  const texts: Readonly<Record<string, string>> = RUNTIME_ROWS[code].texts;
  return new Fault(code, fillHoles(texts[variant] ?? variant, holes as Record<string, string | number>));
}

/** The fault of a builtin that was handed something it cannot work on: a colon stands between its name and the problem (`hd: empty list`). */
export function builtinFault(builtin: string, problem: string): Fault {
  return fault('ILO-R009', 'builtin', { builtin, problem });
}

/** The same for a problem that makes a sentence with the name: `len requires string, list, or map, got number 3`. */
export function builtinSentence(builtin: string, problem: string): Fault {
  return fault('ILO-R009', 'sentence', { builtin, problem });
}
