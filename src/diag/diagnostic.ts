// A diagnostic is data: a code, a message, labelled places, notes and a suggestion. Nothing here knows about colour,
// terminals or JSON; see ansi.ts, text.ts and json.ts for the renderers.
import type { Span } from '../base/span.ts';
import { DIAGNOSTIC_ROWS, type DiagnosticCode, type DiagnosticTable } from '../spec/diagnostics/all.ts';
import { fillHoles, type Holes, type Severity } from '../spec/diagnostics/row.ts';

export interface Label {
  readonly span: Span;
  readonly message: string;
  readonly primary: boolean;
}

export interface Diagnostic {
  readonly severity: Severity;
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly labels: readonly Label[];
  readonly notes: readonly string[];
  readonly suggestion?: string;
  /** The file the spans belong to, when it is not the main one (imports). */
  readonly file?: string;
}

export type Variant<Code extends DiagnosticCode> = keyof DiagnosticTable[Code]['texts'] & string;
export type HolesOf<
  Code extends DiagnosticCode,
  V extends Variant<Code>,
> = DiagnosticTable[Code]['texts'][V] extends infer Text extends string ? Holes<Text> : never;

export interface DiagnosticExtras {
  readonly span?: Span;
  readonly label?: string;
  readonly notes?: readonly string[];
  readonly suggestion?: string | undefined;
  readonly secondary?: readonly { readonly span: Span; readonly message: string }[];
}

/** Makes a diagnostic from the table: the code and the variant choose the wording, `holes` fills it. */
export function diagnose<Code extends DiagnosticCode, V extends Variant<Code>>(
  code: Code,
  variant: V,
  holes: HolesOf<Code, V>,
  extras: DiagnosticExtras = {},
): Diagnostic {
  const row = DIAGNOSTIC_ROWS[code];
  const text = (row.texts as Record<string, string>)[variant] ?? variant;
  const labels: Label[] = [];
  if (extras.span) labels.push({ span: extras.span, message: extras.label ?? '', primary: true });
  for (const other of extras.secondary ?? []) labels.push({ ...other, primary: false });
  return {
    severity: row.severity,
    code,
    message: fillHoles(text, holes as Record<string, string | number>),
    labels,
    notes: extras.notes ?? [],
    ...(extras.suggestion === undefined ? {} : { suggestion: extras.suggestion }),
  };
}
