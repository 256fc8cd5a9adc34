// What a program can reach outside itself, as an interface. The runtime implements it with Node; tests and embedders may
// hand in their own. Every method is synchronous: a program is a sequence of steps. Failures that the language shows to the
// program (`R _ t`) come back as `{ err }`, never as exceptions; a refused capability throws a Fault.

export type Outcome<T> = { readonly ok: T } | { readonly err: string };

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | undefined;
}

export interface Host {
  /** Writes text to the program's standard output, in order; it may gather until the host is flushed. */
  readonly print: (text: string) => void;
  /** Writes text to the program's standard error. */
  readonly printError: (text: string) => void;
  /** Seconds since the Unix epoch, with fraction. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => void;
  readonly env: (name: string) => string | undefined;
  /** The whole file as text (UTF-8). */
  readonly readFile: (path: string) => Outcome<string>;
  /** Replaces the file atomically: readers see the old or the new contents, never half. */
  readonly writeFile: (path: string, text: string) => Outcome<true>;
  /** Performs all requests, at most `parallel` at a time, and gives the bodies in order. */
  readonly http: (requests: readonly HttpRequest[], parallel: number) => readonly Outcome<string>[];
  /** Calls an external tool that the program declared; undefined when no provider is configured. */
  readonly tool: ToolCaller | undefined;
}

/** Calls a tool with a JSON array of arguments. Never throws. */
export type ToolCaller = (name: string, argsJson: string, limits?: ToolCallLimits) => ToolAnswer;

/** The JSON of an answer. `plain`: `{"ok":v}` and `{"err":e}` in it mean nothing but themselves. */
export type ToolAnswer = Outcome<string> & { readonly plain?: true };

export interface ToolCallLimits {
  /** Milliseconds after which nobody waits for the answer any more. */
  readonly withinMs: number;
  /** How often a call that got no answer is repeated, where the program says so. */
  readonly retries: number | undefined;
}
