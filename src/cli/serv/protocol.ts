// The lines of `ilo serv`. A request is a JSON object; the fields of the reference come first, the others are ours:
//
//     {"program": "f x:n>n;*x 2", "func": "f", "args": ["21"]}
//     {"id": 7, "program": "…", "limits": {"fuel": 1000000, "timeout": 500}, "engine": "js"}
//
// An answer is one line: `{"ok": value, "ms": n}`, or `{"error": {"phase": …}}` with `diagnostics`, a `value` (phase `program`: it ended with
// ^value) or a `message` (phase `request`). What the program printed is in `output`. A request with an `id` is answered with it, as soon as
// it is done; without one, answers come in the order of the requests.

export interface ServRequest {
  readonly id: string | number | undefined;
  readonly program: string;
  readonly func: string | undefined;
  readonly args: readonly string[];
  readonly limits: ServLimits;
  readonly engine: string | undefined;
}

export interface ServLimits {
  readonly fuel?: number;
  readonly timeout?: number;
  readonly alloc?: number;
  readonly depth?: number;
  readonly output?: number;
}

export type Phase = 'request' | 'lex' | 'parse' | 'verify' | 'runtime' | 'program';

export interface ServError {
  readonly phase: Phase;
  readonly message?: string;
  readonly diagnostics?: readonly unknown[];
  readonly value?: unknown;
}

/** An answer without its id. `result` is the JSON text of the value. */
export type ServAnswer =
  | { readonly result: string; readonly output: string; readonly ms: number }
  | { readonly error: ServError; readonly output: string; readonly ms: number };

/** What a thread says when it can take requests. */
export const READY = 'ready';

/** Limits of a request that gives none. */
export const SERV_LIMITS = {
  fuel: 1e9,
  timeout: 10_000,
  alloc: 512 * 1024 * 1024,
  depth: 10_000,
  output: 1024 * 1024,
} as const;

const FIELDS = ['id', 'program', 'func', 'args', 'limits', 'engine'];

/** Reads a line. Gives the request, or what is wrong with it together with the id it names, if it names one. */
export function readRequest(
  line: string,
): ServRequest | { readonly problem: string; readonly id: string | number | undefined } {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (error) {
    return { problem: `invalid JSON: ${(error as Error).message}`, id: undefined };
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return { problem: 'expected an object', id: undefined };
  const request = json as Record<string, unknown>;
  const { id, program, func, args = [], limits = {}, engine } = request;
  const known = typeof id === 'string' || (typeof id === 'number' && Number.isFinite(id)) ? id : undefined;
  const refuse = (problem: string) => ({ problem, id: known });
  if (id !== undefined && id !== null && known === undefined)
    return refuse('field `id`: expected a string or a number');
  if (typeof program !== 'string') return refuse('missing field `program`: expected a string');
  if (func !== undefined && func !== null && typeof func !== 'string') return refuse('field `func`: expected a string');
  if (engine !== undefined && engine !== null && typeof engine !== 'string')
    return refuse('field `engine`: expected a string');
  if (!Array.isArray(args) || !args.every(arg => typeof arg === 'string'))
    return refuse('field `args`: expected an array of strings');
  for (const name of Object.keys(request)) if (!FIELDS.includes(name)) return refuse(`unknown field \`${name}\``);
  const problem = limitProblem(limits);
  if (problem !== undefined) return refuse(problem);
  return {
    id: known,
    program: program.toWellFormed(),
    func: (func as string | null | undefined) ?? undefined,
    args: (args as string[]).map(arg => arg.toWellFormed()),
    limits: limits as ServLimits,
    engine: (engine as string | null | undefined) ?? undefined,
  };
}

function limitProblem(limits: unknown): string | undefined {
  if (typeof limits !== 'object' || limits === null || Array.isArray(limits))
    return 'field `limits`: expected an object';
  for (const [name, value] of Object.entries(limits)) {
    if (!Object.hasOwn(SERV_LIMITS, name)) {
      return `field \`limits\`: there is no '${name}'; there are ${Object.keys(SERV_LIMITS).join(', ')}`;
    }
    if (!(Number.isSafeInteger(value) && (value as number) > 0))
      return `field \`limits.${name}\`: expected a whole number from 1`;
  }
  return undefined;
}

/** The line of an answer, without its end. */
export function answerLine(id: string | number | undefined, answer: ServAnswer): string {
  const parts: string[] = [];
  if (id !== undefined) parts.push(`"id":${JSON.stringify(id)}`);
  if ('error' in answer) parts.push(`"error":${JSON.stringify(answer.error)}`);
  else parts.push(`"ok":${answer.result}`);
  parts.push(`"ms":${answer.ms}`);
  if (answer.output !== '') parts.push(`"output":${JSON.stringify(answer.output)}`);
  return `{${parts.join(',')}}`;
}

export function requestError(problem: string): ServAnswer {
  return { error: { phase: 'request', message: problem }, output: '', ms: 0 };
}
