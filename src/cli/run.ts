// `ilo run` and the bare form: from the command line to the exit code of the program.
//
//     source -> diagnostics -> entry and arguments -> engine -> result on stdout, error on stderr -> hints
import { Fault } from '../core/fault.ts';
import { Err, Ok } from '../core/value/result.ts';
import { showValue } from '../core/value/show.ts';
import type { Value } from '../core/value/value.ts';
import type { SourceLookup } from '../diag/source.ts';
import type { Program } from '../lang/ilo/ast.ts';
import { loadProgram } from '../runtime/program.ts';
import { type Options, parseRun, type RunRequest } from './arguments.ts';
import { callEntry, openHost } from './call.ts';
import { type Console, EXIT, printForeignHints, printHints, refuse, report } from './console.ts';
import { chooseEntry, type Entry, functionsOf, looksLikeName, readArguments } from './entry.ts';
import { readImport, readSource, sourcesOf } from './source.ts';
import type { OpenTools } from './tools/open.ts';

/** `ilo run SOURCE …`. */
export function runVerb(args: readonly string[], console: Console): Promise<number> {
  return runArguments(args, true, console);
}

/** `ilo SOURCE …`. */
export function runBare(args: readonly string[], console: Console): Promise<number> {
  return runArguments(args, false, console);
}

async function runArguments(args: readonly string[], verb: boolean, console: Console): Promise<number> {
  const parsed = parseRun(args, verb);
  if ('problem' in parsed) return refuse(console, parsed.problem, parsed.advice);
  const request = parsed.ok;
  const options = request.options;
  if (request.action === 'bench') return (await import('./bench.ts')).benchRequest(request, console);
  const source = readSource(request.source, request.codeOnly);
  if ('diagnostic' in source) {
    await report([source.diagnostic], () => undefined, options, console);
    return EXIT.refused;
  }
  const { text, file } = source;
  switch (request.action) {
    case 'run':
    case 'ast':
      return execute(request, text, file, options, console);
    case 'dump':
      return (await import('./dump.ts')).dumpText(text, file, request.stages, options, console, request);
    case 'emit':
      return (await import('./emit.ts')).emitText(text, file, request.target, options, console);
    case 'check':
      return (await import('./check.ts')).checkText(text, file, { modes: options, strict: false }, console);
    case 'dense':
    case 'expanded':
      return (await import('./fmt.ts')).formatText(text, file, request.action, options, console);
    case 'explain':
      return (await import('./explain.ts')).explainText(text, file, options, console);
  }
}

async function execute(
  request: RunRequest,
  text: string,
  file: string | undefined,
  options: Options,
  console: Console,
): Promise<number> {
  if (options.tools === undefined && options.mcp === undefined)
    return executeWith(request, text, file, options, undefined, console);
  const { withTools } = await import('./tools/open.ts');
  return withTools(options, console, tools => executeWith(request, text, file, options, tools, console));
}

async function executeWith(
  request: RunRequest,
  text: string,
  file: string | undefined,
  options: Options,
  tools: OpenTools | undefined,
  console: Console,
): Promise<number> {
  const sandbox =
    request.permissions && (await import('./sandbox.ts')).openSandbox(request.permissions, file, console, tools?.call);
  if (sandbox !== undefined && 'problem' in sandbox) return refuse(console, sandbox.problem);
  const loaded = loadProgram(text, {
    readFile: sandbox?.readImport ?? readImport,
    entry: 'checked',
    tools: tools?.declared,
    ...(file === undefined ? {} : { file }),
  });
  const { program, diagnostics, unit } = loaded;
  const sources = sourcesOf(text, file, loaded.imported);
  const functions = functionsOf(program);
  const entry = chooseEntry(functions, request.rest, request.dataFrom, file !== undefined);
  // Looking at the tree of unfinished code is what --ast is for, so only what hinders parsing stops it.
  const dump = request.action === 'ast' || (request.rest.length === 0 && wantsTree(entry.kind, file));
  const shown = dump ? diagnostics.filter(({ code }) => /^ILO-[LP]/.test(code)) : diagnostics;
  await report(shown, sources, options, console);
  if (shown.some(({ severity }) => severity === 'error')) {
    if (request.options.hints) await printForeignHints(text, shown, options, console);
    return EXIT.refused;
  }
  if (dump) return printTree(program, console);
  switch (entry.kind) {
    case 'nothing': {
      const { fault } = await import('../core/fault.ts');
      const { faultDiagnostic } = await import('../diag/fault.ts');
      await report([faultDiagnostic(fault('ILO-R012', 'none', {}))], sources, options, console);
      return EXIT.failed;
    }
    case 'unknown':
      if (options.engineGiven) return refuseFunction(entry.name, functions, sources, options, console);
      return listFunctions(`no such function '${entry.name}' in ${file}`, functions, file, console);
    case 'choose':
      return listFunctions(`${file} defines multiple functions, please specify one.`, functions, file, console);
    case 'call': {
      if (isUnknownFunction(request, program, entry)) {
        return refuseFunction(request.rest[0]!, functions, sources, options, console);
      }
      const host = sandbox?.host ?? openHost(console, tools?.call);
      const random = sandbox === undefined ? {} : { random: sandbox.random };
      const watch = options.explainEngine
        ? (await import('./explain-engine.ts')).watchEngine(unit!, entry.fn.name, options)
        : undefined;
      const outcome = callEntry(program, unit!, entry.fn, entry.words, options.engine, host, {
        ...options,
        ...random,
        wentDeep: watch?.wentDeep,
      });
      const explain = (): void => {
        if (watch === undefined) return;
        console.out.flush();
        console.err.write(watch.explain());
      };
      if ('diagnostic' in outcome) {
        console.out.flush();
        explain();
        await report([outcome.diagnostic], sources, options, console);
        return EXIT.failed;
      }
      explain();
      const code = await printResult(outcome.value, outcome.quiet, request.options.json, console).catch(async error => {
        if (!(error instanceof Fault)) throw error;
        // The result is longer as text than a text may be.
        const { faultDiagnostic } = await import('../diag/fault.ts');
        await report(
          [faultDiagnostic({ ...error, span: entry.fn.nameSpan }, entry.fn.file)],
          sources,
          options,
          console,
        );
        return EXIT.failed;
      });
      if (code === EXIT.ok && request.options.hints) {
        const { collectHints } = await import('../lang/ilo/hints.ts');
        await printHints(collectHints(program), options, console);
      }
      return code;
    }
  }
}

/**
 * Behind an engine's flag the first word is the name of a function wherever it can be one: when it is none, and does not
 * fit as data either, that is what has to be said.
 */
function isUnknownFunction(request: RunRequest, program: Program, entry: Entry & { readonly kind: 'call' }): boolean {
  const [first] = request.rest;
  if (!request.options.engineGiven || first === undefined || request.dataFrom === 0) return false;
  if (entry.words !== request.rest || !looksLikeName(first)) return false;
  return 'diagnostic' in readArguments(program, entry.fn, entry.words);
}

/** Says that a name, given as that of a function, is none. */
async function refuseFunction(
  name: string,
  functions: readonly { readonly name: string }[],
  sources: SourceLookup,
  options: Options,
  console: Console,
): Promise<number> {
  const { fault } = await import('../core/fault.ts');
  const { faultDiagnostic } = await import('../diag/fault.ts');
  const problem = faultDiagnostic(fault('ILO-R002', 'function', { name }));
  const notes = [`the program has ${functions.map(fn => fn.name).join(', ')}`];
  await report([{ ...problem, notes }], sources, options, console);
  return EXIT.failed;
}

/** Without arguments, a program in which no function is the obvious one is shown instead of run. */
function wantsTree(kind: 'call' | 'unknown' | 'choose' | 'nothing', file: string | undefined): boolean {
  return kind === 'nothing' || (kind === 'choose' && file === undefined);
}

async function printTree(program: Program, console: Console): Promise<number> {
  const { printProgramJson } = await import('../lang/ilo/ast-json.ts');
  printProgramJson(program, text => console.out.write(text));
  console.out.write('\n');
  return EXIT.ok;
}

function listFunctions(
  problem: string,
  functions: readonly { readonly name: string }[],
  file: string | undefined,
  console: Console,
): number {
  const names = functions.map(({ name }) => `  ${name}\n`).join('');
  console.err.write(`error: ${problem}\navailable functions:\n${names}\n`);
  console.err.write(`  ilo ${file} <func> [args...]   run a function\n`);
  console.err.write(`  ilo --ast ${file}              dump the parsed AST as JSON\n`);
  return EXIT.refused;
}

/**
 * Prints what the program gave: `~v` as `v` on stdout, `^e` as it is on stderr with exit code 1, and anything else on stdout
 * unless `quiet`. With --json the value stands in an envelope on stdout, whatever it is.
 */
async function printResult(value: Value, quiet: boolean, json: boolean, console: Console): Promise<number> {
  const code = value instanceof Err ? EXIT.failed : EXIT.ok;
  if (json) {
    const { writeJson } = await import('../core/value/json.ts');
    const inner = writeJson(value instanceof Ok || value instanceof Err ? value.value : value, { results: 'wrap' });
    console.out.write(value instanceof Err ? `{"error":{"phase":"program","value":${inner}}}\n` : `{"ok":${inner}}\n`);
    return code;
  }
  if (value instanceof Err) {
    console.out.flush();
    console.err.write(`${showValue(value)}\n`);
  } else if (!quiet) {
    console.out.write(`${showValue(value instanceof Ok ? value.value : value)}\n`);
  }
  return code;
}
