// `--dump=STAGE,…` and `ilo ir`: a program as the stages of its way through the house see it. Stages are loaded when they are asked for.
//
//     ast        the syntax tree as JSON            bc         the bytecode of the engine that was chosen: of the stack
//     core       what every language lowers to                 machine with --engine stack, else of the register machine
//     ir         the IR as it is built              js         the JavaScript that is compiled
//     asm        machine code, with the lines of the source beside it
//     ir:opt     after all passes
//     ir:PASS    after PASS has run for the first time; `versions` stands before all others, `inline` and `own`, which only some
//                engines use, behind them
import { nearest } from '../base/nearest.ts';
import type { CoreUnit } from '../core/core.ts';
import { hasLimits } from '../core/meter.ts';
import type { IrFunction, IrUnit } from '../ir/ir.ts';
import type { Program } from '../lang/ilo/ast.ts';
import { DEFAULT_MAX_DEPTH, loadProgram } from '../runtime/program.ts';
import type { Options, RunRequest } from './arguments.ts';
import { type Console, EXIT, printForeignHints, refuse, report } from './console.ts';
import { chooseEntry, functionsOf } from './entry.ts';
import { readImport, sourcesOf } from './source.ts';

interface Dumped {
  readonly text: string;
  readonly program: Program;
  readonly unit: CoreUnit;
  readonly options: Options;
  /** The function that a run with the same command line begins with. */
  readonly start: number | undefined;
}

const STAGES: Readonly<Record<string, (dumped: Dumped) => Promise<string>>> = {
  ast: async ({ program }) => {
    const { printProgramJson } = await import('../lang/ilo/ast-json.ts');
    const parts: string[] = [];
    printProgramJson(program, text => parts.push(text));
    return parts.join('');
  },
  core: async ({ unit }) => (await import('../core/print.ts')).printUnit(unit),
  ir: async ({ unit }) => printIr(await buildIr(unit)),
  'ir:opt': async ({ unit }) => {
    const { optimise } = await import('../ir/passes/pipeline.ts');
    return printIr(optimise(await buildIr(unit)));
  },
  bc: async ({ unit, options }) => {
    const metered = hasLimits(options.limits);
    if (options.engine === 'stack') {
      const { compileStack } = await import('../vm/stack/compile.ts');
      return (await import('../vm/stack/disassemble.ts')).disassembleStack(compileStack(unit, metered));
    }
    const { compileUnit } = await import('../vm/register/compile.ts');
    return (await import('../vm/register/disassemble.ts')).disassemble(compileUnit(unit, { metered }));
  },
  asm: async ({ text, unit, options }) =>
    (await import('../jit/native/list.ts')).listNative(unit, text, hasLimits(options.limits)),
  js: async ({ unit, options, start }) => {
    const form = { metered: hasLimits(options.limits), maxDepth: options.maxDepth ?? DEFAULT_MAX_DEPTH };
    return (await import('../jit/js/list.ts')).listJs(unit, form, start);
  },
};

async function buildIr(unit: CoreUnit): Promise<IrUnit> {
  return (await import('../ir/build.ts')).buildIr(unit);
}

async function printIr(unit: IrUnit): Promise<string> {
  return (await import('../ir/print.ts')).printIr(unit);
}

/** The IR after a pass, by the names that `ir:PASS` takes. */
async function passStages(): Promise<ReadonlyMap<string, (built: IrUnit) => IrUnit>> {
  const { optimise, PASS_ORDER, PASSES } = await import('../ir/passes/pipeline.ts');
  const { inlineCalls, isInlinable } = await import('../ir/passes/inline.ts');
  const { addVersions } = await import('../ir/versions.ts');
  const stages = new Map<string, (built: IrUnit) => IrUnit>([['versions', addVersions]]);
  PASS_ORDER.forEach((name, i) => {
    const passes = PASS_ORDER.slice(0, i + 1).map(pass => PASSES[pass]);
    const upTo = (fn: IrFunction): IrFunction => passes.reduce((at, pass) => pass(at), fn);
    if (!stages.has(name)) stages.set(name, built => mapFunctions(addVersions(built), upTo));
  });
  stages.set('inline', built => {
    const { functions, ...rest } = optimise(built);
    const bodyOf = (callee: number): IrFunction | undefined =>
      isInlinable(functions[callee]!) ? functions[callee] : undefined;
    return { ...rest, functions: functions.map(fn => inlineCalls(fn, bodyOf)) };
  });
  return stages.set('own', built => mapFunctions(optimise(built), PASSES.own));
}

function mapFunctions(unit: IrUnit, change: (fn: IrFunction) => IrFunction): IrUnit {
  return { ...unit, functions: unit.functions.map(change) };
}

/** What makes the text of a stage, or what is wrong with its name. */
async function stageOf(name: string): Promise<((dumped: Dumped) => Promise<string>) | { readonly problem: string }> {
  if (Object.hasOwn(STAGES, name)) return STAGES[name]!;
  const passes = await passStages();
  const after = name.startsWith('ir:') ? passes.get(name.slice('ir:'.length)) : undefined;
  if (after !== undefined) return async ({ unit }) => printIr(after(await buildIr(unit)));
  const known = [...Object.keys(STAGES), ...[...passes.keys()].map(pass => `ir:${pass}`)];
  const near = nearest(name, known);
  const what = name === '' ? '--dump needs stages after it, as in --dump=core' : `there is no stage '${name}'`;
  return { problem: `${what}${near === undefined ? '' : `; did you mean '${near}'?`} (known: ${known.join(', ')})` };
}

/** Prints a program at each of the stages, under headings when there are several. Gives the exit code. */
export async function dumpText(
  text: string,
  file: string | undefined,
  stages: readonly string[],
  options: Options,
  console: Console,
  { rest, dataFrom }: Pick<RunRequest, 'rest' | 'dataFrom'> = { rest: [], dataFrom: 0 },
): Promise<number> {
  const printers: ((dumped: Dumped) => Promise<string>)[] = [];
  for (const stage of stages) {
    const printer = await stageOf(stage);
    if ('problem' in printer) return refuse(console, printer.problem);
    printers.push(printer);
  }
  const { program, diagnostics, unit, imported } = loadProgram(text, {
    readFile: readImport,
    entry: 'checked',
    ...(file === undefined ? {} : { file }),
  });
  await report(diagnostics, sourcesOf(text, file, imported), options, console);
  if (unit === undefined) {
    await printForeignHints(text, diagnostics, options, console);
    return EXIT.refused;
  }
  const entry = chooseEntry(functionsOf(program), rest, dataFrom, file !== undefined);
  const start = entry.kind === 'call' ? unit.byName.get(entry.fn.name) : undefined;
  for (const [i, printer] of printers.entries()) {
    if (stages.length > 1) console.out.write(`${i > 0 ? '\n' : ''}== ${stages[i]}\n`);
    const dumped = await printer({ text, program, unit, options, start });
    console.out.write(dumped.endsWith('\n') ? dumped : `${dumped}\n`);
  }
  return EXIT.ok;
}
