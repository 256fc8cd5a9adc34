// The isolated side: a thread or a process that runs programs for another one. It keeps compiled programs, runs one request after the other as
// they come, and sends back results, errors, printed text and the calls of tools.
import { parentPort } from 'node:worker_threads';
import type { Capabilities, CompileOptions, Data, Program, RunOptions, Tool } from '../api.ts';
import { NamedEnvironment } from '../capabilities.ts';
import { IloError, LimitError, partsOf } from '../errors.ts';
import { compile } from '../main.ts';
import { reportUse } from '../meters.ts';
import {
  type FromIsolated,
  MOST_PROGRAMS,
  type RunRequest,
  type SentCapabilities,
  type ToIsolated,
} from './messages.ts';
import { Printed } from './printed.ts';
import { ask as askCaller, type Question } from './questions.ts';

const programs = new Map<string, Program>();
const calls = new Map<
  number,
  { readonly run: number; readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void }
>();
let lastCall = 0;
/** The run that is under way: there is one at a time. */
let current = 0;

const post: (message: FromIsolated) => void =
  parentPort === null ? message => void process.send?.(message) : message => parentPort!.postMessage(message);
const printed = new Printed(texts => post({ kind: 'print', id: current, texts }));

function send(message: FromIsolated): void {
  printed.flush();
  post(message);
}

/** Asks a function of the caller. */
function ask(question: Question): number {
  printed.flush();
  return askCaller(current, question);
}

function receive(message: ToIsolated): void {
  switch (message.kind) {
    case 'run':
      void run(message);
      break;
    case 'answer': {
      const waiting = calls.get(message.call);
      calls.delete(message.call);
      if ('ok' in message.answer) waiting?.resolve(message.answer.ok);
      else waiting?.reject(new IloError(message.answer.code, message.answer.err));
    }
  }
}

async function run(request: RunRequest): Promise<void> {
  const { id, name, args } = request;
  current = id;
  printed.keeps = Number.isFinite(request.limits.timeout);
  printed.blocks = request.tools.length === 0;
  const base = programOf(request);
  if (base === undefined) return send({ kind: 'unknown', id });
  let program: Program | undefined;
  let result: Data;
  try {
    program = base.with(optionsOf(request));
    send({ kind: 'started', id });
    // Without tools nothing is waited for, and any engine may run.
    result = request.tools.length > 0 ? await program.runAsync(name, ...args) : program.run(name, ...args);
  } catch (error) {
    return sendError(id, error, program);
  } finally {
    // Nobody waits for answers to this run any more.
    for (const [call, { run: of }] of calls) if (of === id) calls.delete(call);
  }
  send({ kind: 'done', id, result, stats: program.stats });
}

function programOf({ program: key, source }: RunRequest): Program | undefined {
  let program = programs.get(key);
  if (program === undefined) {
    if (source === undefined) return undefined;
    const used = new Map(source.used);
    const options: CompileOptions = {
      readSource: path => used.get(path),
      ...(source.file === undefined ? {} : { file: source.file }),
    };
    program = compile(source.text, options);
  }
  programs.delete(key);
  programs.set(key, program);
  for (const oldest of programs.keys()) {
    if (programs.size <= MOST_PROGRAMS) break;
    programs.delete(oldest);
  }
  return program;
}

function optionsOf({ id, limits, engine, capabilities, tools }: RunRequest): RunOptions {
  const { print, env, clock, random, onRequest, ...granted } = capabilities;
  const called: Record<string, Tool> = {};
  for (const { name, signature } of tools) {
    called[name] = {
      signature,
      call: (...args: unknown[]) =>
        new Promise((resolve, reject) => {
          const call = ++lastCall;
          calls.set(call, { run: id, resolve, reject });
          send({ kind: 'call', id, call, tool: name, args: args.slice(0, -1) });
        }),
    };
  }
  return {
    limits,
    engine: engine as NonNullable<RunOptions['engine']>,
    tools: called,
    capabilities: {
      ...granted,
      ...(clock === undefined ? {} : { clock: clock === 'asked' ? () => ask({ kind: 'clock' }) : clock }),
      ...(random === undefined ? {} : { random: random === 'asked' ? () => ask({ kind: 'random' }) : random }),
      ...(onRequest ? { onRequest: request => ask({ kind: 'request', request }) === 1 } : {}),
      ...(env === undefined ? {} : { env: environmentOf(env) }),
      ...(print ? { print: text => printed.add(text) } : {}),
    },
  };
}

/** Granted by name, what is not granted is refused, as it is where the names come from. */
function environmentOf({ names, values }: NonNullable<SentCapabilities['env']>): NonNullable<Capabilities['env']> {
  return names === undefined ? values : (new NamedEnvironment(names, values) as unknown as Record<string, string>);
}

function sendError(id: number, error: unknown, program: Program | undefined): void {
  const none = { fuel: 0, bytes: 0, output: 0, milliseconds: 0, hostCalls: 0 };
  const stats = (error instanceof IloError ? error.stats : undefined) ?? program?.stats ?? none;
  const known =
    error instanceof IloError ? error : new IloError('ILO-R099', String((error as Error)?.message ?? error));
  const { place, calls: chain } = known;
  const { code, message } = partsOf(known);
  send({
    kind: 'failed',
    id,
    stats,
    error: { code, message, limit: known instanceof LimitError, place, calls: chain, stats: known.stats },
  });
}

reportUse(
  used => send({ kind: 'used', id: current, used }),
  () => printed.looked(),
);
if (parentPort === null) process.on('message', receive);
else parentPort.on('message', receive);
