// The shape of one diagnostic row. Rows live in lex.ts, parse.ts, type.ts, runtime.ts and warn.ts beside this file.
//
// `texts` holds every wording a code may take, keyed by a short variant name. `{holes}` in a wording type its
// arguments: `diagnose('ILO-T004', 'variable', { name })` does not compile without `name`.
// `wrong` and `right` are whole programs. A test checks that `wrong` produces the code and `right` runs without it.

export type Severity = 'error' | 'warning';

export interface DiagnosticRow {
  readonly severity: Severity;
  /** A few words, as a heading. */
  readonly title: string;
  readonly texts: Readonly<Record<string, string>>;
  /** Why this is reported and what to do: whole sentences in our own words. */
  readonly explanation: string;
  readonly wrong: string;
  readonly right: string;
  /** How `wrong` must be run for the code to show: a command-line argument list after the program. */
  readonly wrongArgs?: readonly string[];
  /** Files that stand beside both programs, by relative path (for imports). */
  readonly files?: Readonly<Record<string, string>>;
  /** Limits under which `wrong` must be run for the code to show. */
  readonly wrongLimits?: {
    readonly fuel?: number;
    readonly timeout?: number;
    readonly alloc?: number;
    readonly output?: number;
  };
  /** Set when this code cannot occur in this implementation: the reason why. Then no test provokes it. */
  readonly neverHere?: string;
  /** Set when `wrong` and `right` are command lines instead of programs. */
  readonly commandLine?: true;
}

type HoleNames<Text extends string> = Text extends `${string}{${infer Hole}}${infer Rest}`
  ? Hole | HoleNames<Rest>
  : never;

/** The arguments that a wording with `{holes}` needs. */
export type Holes<Text extends string> = { readonly [Name in HoleNames<Text>]: string | number };

/** Fills the `{holes}` of a wording. No regular expression: V8 cannot compile one where a program has used up the stack. */
export function fillHoles(text: string, holes: Readonly<Record<string, string | number>>): string {
  const [start, ...pieces] = text.split('{');
  const filled = pieces.map(piece => {
    const end = piece.indexOf('}');
    const name = piece.slice(0, end);
    return end > 0 && Object.hasOwn(holes, name) ? `${holes[name]}${piece.slice(end + 1)}` : `{${piece}`;
  });
  return [start, ...filled].join('');
}
