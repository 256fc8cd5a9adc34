// One request of `ilo serv`, from its source to its answer. Runs in a thread of its own, so that nothing it does holds up the others.
import { parentPort, workerData } from 'node:worker_threads';
import { Fault, fault } from '../../core/fault.ts';
import type { ToolCaller } from '../../core/host.ts';
import { writeJson } from '../../core/value/json.ts';
import { Err, Ok } from '../../core/value/result.ts';
import type { Diagnostic } from '../../diag/diagnostic.ts';
import { faultDiagnostic } from '../../diag/fault.ts';
import { renderJson } from '../../diag/json.ts';
import { onlySource, SourceText } from '../../diag/source.ts';
import { DEFAULT_ENGINE, findEngine } from '../../runtime/engines.ts';
import { SyncPort } from '../../runtime/host/sync-port.ts';
import { makeToolCaller } from '../../runtime/host/tools.ts';
import { loadProgram } from '../../runtime/program.ts';
import { callerThrough } from '../../runtime/tools/hub-port.ts';
import { type DeclaredTools, declareTools } from '../../runtime/tools/inject.ts';
import { callEntry, openHost } from '../call.ts';
import { type Console, EXIT } from '../console.ts';
import { functionsOf } from '../entry.ts';
import { readImport } from '../source.ts';
import { READY, requestError, SERV_LIMITS, type ServAnswer, type ServError, type ServRequest } from './protocol.ts';
import type { ThreadSetup } from './threads.ts';

interface Tools {
  readonly declared: DeclaredTools;
  readonly call: ToolCaller | undefined;
}

/** The hidden command behind each thread of `ilo serv`: takes requests from the other thread and answers each. */
export function workCommand(console: Console): Promise<number> | number {
  const port = parentPort;
  if (port === null) return EXIT.refused;
  const tools = toolsOf(workerData as ThreadSetup);
  port.on('message', (request: ServRequest) => port.postMessage(work(request, console, tools)));
  port.postMessage(READY);
  return new Promise(() => {});
}

function toolsOf({ endpoints, entries, hub }: ThreadSetup): Tools {
  if (endpoints === undefined) return { declared: declareTools(entries), call: undefined };
  const overHttp = makeToolCaller(endpoints);
  const overMcp = hub === undefined ? overHttp : callerThrough(new SyncPort(hub));
  const call: ToolCaller = (name, argsJson, limits) =>
    (endpoints.has(name) ? overHttp : overMcp)(name, argsJson, limits);
  return { declared: declareTools(entries), call };
}

function work(request: ServRequest, console: Console, tools: Tools): ServAnswer {
  const started = performance.now();
  const printed: string[] = [];
  const finish = (answer: { readonly result: string } | { readonly error: ServError }): ServAnswer => ({
    ...answer,
    output: printed.join(''),
    ms: Math.round(performance.now() - started),
  });
  const engine = request.engine === undefined ? DEFAULT_ENGINE : findEngine(request.engine);
  if (engine === undefined) return requestError(`field \`engine\`: there is no engine '${request.engine}'`);
  const sources = onlySource(new SourceText(request.program));
  const shown = (diagnostics: readonly Diagnostic[]): unknown[] =>
    diagnostics.map(diagnostic => JSON.parse(renderJson(diagnostic, sources)) as unknown);
  try {
    const { program, unit, diagnostics } = loadProgram(request.program, {
      readFile: readImport,
      entry: 'checked',
      tools: tools.declared,
    });
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    if (unit === undefined) return finish({ error: { phase: phaseOf(errors), diagnostics: shown(errors) } });
    const functions = functionsOf(program);
    const fn =
      request.func === undefined
        ? (functions.find(({ name }) => name === 'main') ?? functions[0])
        : functions.find(({ name }) => name === request.func);
    if (fn === undefined) {
      const { func } = request;
      throw func === undefined ? fault('ILO-R012', 'none', {}) : fault('ILO-R002', 'function', { name: func });
    }
    const { depth, ...limits } = { ...SERV_LIMITS, ...request.limits };
    const host = { ...openHost(console, tools.call), print: (text: string) => void printed.push(text) };
    const outcome = callEntry(program, unit, fn, request.args, engine, host, { limits, maxDepth: depth });
    if ('diagnostic' in outcome)
      return finish({ error: { phase: 'runtime', diagnostics: shown([outcome.diagnostic]) } });
    const { value } = outcome;
    const json = (part: typeof value): string => writeJson(part, { results: 'wrap' });
    if (value instanceof Err) {
      return finish({ error: { phase: 'program', value: JSON.parse(json(value.value)) as unknown } });
    }
    return finish({ result: json(value instanceof Ok ? value.value : value) });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return finish({ error: { phase: 'runtime', diagnostics: shown([faultDiagnostic(error, error.file)]) } });
  }
}

function phaseOf(errors: readonly Diagnostic[]): ServError['phase'] {
  if (errors.some(({ code }) => code.startsWith('ILO-L'))) return 'lex';
  return errors.some(({ code }) => code.startsWith('ILO-P')) ? 'parse' : 'verify';
}
