// `check` and `run` of `ilo mcp`: a program from a model, with the embedding interface, apart in a thread of a pool, and the tools that this server
// was started with.
import { showType } from '../../core/type.ts';
import type { Capabilities, Data, Problem, Program, Signature, Tool } from '../../embed/api.ts';
import { CompileError, IloError } from '../../embed/errors.ts';
import { compile } from '../../embed/main.ts';
import { parse } from '../../lang/ilo/parse.ts';
import { callEndpoint, type ToolEndpoints } from '../../runtime/host/tools.ts';
import { declarationOf, signatureOf, type ToolEntry } from '../../runtime/tools/declare.ts';
import type { McpHub } from '../../runtime/tools/hub.ts';
import type { Limits } from './definitions.ts';

/** Longer answers are refused: nobody's context holds them. */
const LONGEST_ANSWER = 4 * 1024 * 1024;

/** How long after the time limit of a run a call of a tool is given up. */
const GRACE_MS = 500;

/** What programs may do and reach. */
export interface Powers {
  readonly limits: Limits;
  readonly capabilities: Capabilities;
  readonly endpoints: ToolEndpoints;
  readonly entries: readonly ToolEntry[];
  readonly hub: McpHub;
}

export interface RunArguments {
  readonly program: string;
  readonly function: string | undefined;
  readonly args: readonly Data[];
  readonly limits: Partial<Limits>;
  readonly engine: string | undefined;
}

interface Shown {
  readonly severity: string;
  readonly code: string;
  readonly message: string;
}

export type Ran = {
  readonly ok?: Data;
  readonly error?: { readonly phase: string; readonly problems?: readonly Shown[]; readonly value?: Data };
  readonly output?: string;
  readonly stats?: object;
};

export function checkProgram(source: string, powers: Powers): object {
  try {
    const program = compile(withTools(source, powers.entries));
    return {
      ok: true,
      problems: program.problems.map(shown),
      signatures: Object.values(program.signatures).map(signatureText),
    };
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    return { ok: false, problems: error.problems.map(shown), signatures: [] };
  }
}

export async function runProgramOf(request: RunArguments, powers: Powers, signal: AbortSignal): Promise<Ran> {
  const source = withTools(request.program, powers.entries);
  const limits = { ...powers.limits, ...request.limits };
  let output = '';
  let program: Program | undefined;
  try {
    program = compile(source, {
      isolation: 'worker',
      limits,
      signal,
      tools: toolsFor(source, powers, limits.timeout),
      capabilities: {
        ...powers.capabilities,
        print: text => {
          output += text;
        },
      },
      ...(request.engine === undefined
        ? {}
        : { engine: request.engine as NonNullable<Parameters<typeof compile>[1]>['engine'] & string }),
    });
    const names = Object.keys(program.signatures);
    const name = request.function ?? (names.includes('main') ? 'main' : names[0]);
    const signature = name === undefined ? undefined : program.signatures[name];
    if (name === undefined || signature === undefined)
      return { error: { phase: 'request', problems: [noFunction(request.function, names)] } };
    const value = await program.runAsync(name, ...request.args);
    return sized({ ...outcomeOf(value, signature), output, stats: program.stats });
  } catch (error) {
    if (error instanceof CompileError) return { error: { phase: 'verify', problems: error.problems.map(shown) } };
    if (!(error instanceof IloError)) throw error;
    const phase = error.code.startsWith('ILO-E') ? 'request' : 'runtime';
    return {
      error: { phase, problems: [shownError(error)] },
      output,
      ...(error.stats === undefined ? {} : { stats: error.stats }),
    };
  } finally {
    program?.dispose();
  }
}

/** `~v` is v, `^e` an error with the value e, where the function says that it gives a result. */
function outcomeOf(value: Data, { result }: Signature): Ran {
  if (result.startsWith('R ') && typeof value === 'object' && value !== null) {
    if ('err' in value) return { error: { phase: 'program', value: value.err as Data } };
    if ('ok' in value) return { ok: value.ok as Data };
  }
  return { ok: value };
}

function sized(ran: Ran): Ran {
  const { length } = JSON.stringify(ran);
  if (length <= LONGEST_ANSWER) return ran;
  const problem = {
    severity: 'error',
    code: 'ILO-R041',
    message: `the answer has ${length} characters, more than ${LONGEST_ANSWER}`,
  };
  return { error: { phase: 'runtime', problems: [problem] }, ...(ran.stats === undefined ? {} : { stats: ran.stats }) };
}

function noFunction(asked: string | undefined, names: readonly string[]): Shown {
  const message =
    names.length === 0
      ? 'the program has no function'
      : `there is no function '${asked}'; there are ${names.join(', ')}`;
  return { severity: 'error', code: 'ILO-R012', message };
}

function shown({ severity, code, message, place, suggestion, notes }: Problem): Shown {
  return {
    severity,
    code,
    message,
    ...(place === undefined ? {} : { line: place.line, column: place.column }),
    ...(suggestion === undefined ? {} : { suggestion }),
    ...(notes.length === 0 ? {} : { notes }),
  };
}

function shownError(error: IloError): Shown {
  const { code, place } = error;
  const message = error.message.startsWith(`${code}: `) ? error.message.slice(code.length + 2) : error.message;
  return {
    severity: 'error',
    code,
    message,
    ...(place === undefined ? {} : { line: place.line, column: place.column }),
  };
}

function signatureText({ name, params, result }: Signature): string {
  return `${[name, ...params.map(param => `${param.name}:${param.type}`)].join(' ')}>${result}`;
}

/** The source with declarations of the tools that it mentions and does not declare itself, behind it, so that places stay. */
function withTools(source: string, entries: readonly ToolEntry[]): string {
  const mentioned = entries.filter(({ name }) => new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(source));
  if (mentioned.length === 0) return source;
  const { program, diagnostics } = parse(source);
  if (diagnostics.some(({ severity }) => severity === 'error')) return source;
  const own = new Set(program.decls.map(decl => ('name' in decl ? decl.name : undefined)));
  const added = mentioned.filter(({ name }) => !own.has(name)).flatMap(entry => declarationOf(entry) ?? []);
  return [source, ...added].join('\n');
}

/** The tools as functions of the host. One without a signature has the one that the program declares. */
function toolsFor(source: string, powers: Powers, withinMs: number): Record<string, Tool> {
  const { entries, endpoints, hub } = powers;
  if (entries.length === 0) return {};
  const declared = new Map<string, string>();
  for (const decl of parse(source).program.decls) {
    if (decl.kind !== 'tool') continue;
    declared.set(
      decl.name,
      `${decl.params.map(({ name, type }) => `${name}:${showType(type)}`).join(' ')}>${showType(decl.result)}`,
    );
  }
  const tools: Record<string, Tool> = {};
  for (const entry of entries) {
    const own = declared.get(entry.name);
    if (own === undefined) continue;
    const call = async (...given: unknown[]): Promise<unknown> => {
      const argsJson = JSON.stringify(given.slice(0, -1));
      // Longer than the run: which of the two times ends first must not be left to chance.
      const limits = { withinMs: withinMs + GRACE_MS, retries: undefined };
      const endpoint = endpoints.get(entry.name);
      const answer = await (endpoint === undefined
        ? hub.call(entry.name, argsJson, limits)
        : callEndpoint(entry.name, endpoint, argsJson, limits));
      if ('err' in answer) return { err: answer.err };
      try {
        return { ok: JSON.parse(answer.ok) as unknown };
      } catch (error) {
        return { err: `tool '${entry.name}': ${(error as Error).message}` };
      }
    };
    tools[entry.name] = { signature: entry.result === undefined ? own : signatureOf(entry).trim(), call };
  }
  return tools;
}
