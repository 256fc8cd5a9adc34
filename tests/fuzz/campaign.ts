// Programs of a range of seeds, each run in several ways on all engines.
import type { CoreUnit } from '../../src/core/core.ts';
import type { Limits } from '../../src/core/meter.ts';
import { DEFAULT_MAX_DEPTH, loadProgram, type Usage } from '../../src/runtime/program.ts';
import { type Call, ORACLE, type Subject, subjectsOf } from './call.ts';
import { callsOnColumns, whyNotOnColumns } from './columns.ts';
import { compareCall, type Disagreement, observe, type Watch } from './compare.ts';
import { type GeneratedProgram, generateProgram } from './generate/program.ts';
import { print } from './generate/tree.ts';
import { type Chooser, makeChooser } from './random.ts';
import { someArgument } from './values.ts';

/** Every run is counted once within these, so that none goes on for long. */
const AMPLE: Limits = { fuel: 20_000, alloc: 4_000_000, output: 20_000 };
/** What a run may have used to be run again without limits. */
const SHORT = 15_000;
const DEPTH = 100;
/** Of so many programs one makes the calls on columns on all engines as well, as prepared calls for row after row: they take long. */
const PREPARED_EVERY = 3;
/** The limit that users meet, deeper than the JavaScript stack goes, and calls that end before it, at it and beyond it. */
const DEEP = DEFAULT_MAX_DEPTH;
const COUNTDOWNS = [1000, 9998, 9999, 10_000, 12_000];

export interface ProgramReport {
  readonly text: string;
  readonly program: GeneratedProgram;
  /** undefined when the verifier refuses the program. */
  readonly unit: CoreUnit | undefined;
  readonly disagreement: Disagreement | undefined;
  readonly runs: number;
  /** Codes of the faults that calls ended with, and `value` for those that ended well. */
  readonly endings: readonly string[];
  readonly columns: ColumnReport;
}

/** Calls on columns. */
interface ColumnReport {
  /** Functions of numbers and truth values, and those that have code for columns. */
  functions: number;
  batches: number;
  /** Rows that were computed, and those of them that were computed on lanes. */
  rows: number;
  onLanes: number;
  readonly endings: string[];
}

/** The unit of a text, when it is a valid program. */
export function unitOf(text: string): CoreUnit | undefined {
  return loadProgram(text, { readFile: () => ({ err: 'no files' }) }).unit;
}

/**
 * Makes the program of a seed, and runs it on the engines until one disagrees with the oracle. Engines compile a program anew for runs with
 * limits, for runs without, and for another depth; so that most of the time goes into running, a program has one depth, and
 * runs either with limits or without. `made` is the program's unit, where there is one already; `before` is called before each run.
 */
export function tryProgram(
  seed: number,
  engines: readonly Subject[],
  made?: CoreUnit,
  before: () => void = () => {},
): ProgramReport {
  const program = generateProgram(seed);
  const text = print(program.tree);
  const unit = made ?? unitOf(text);
  const columns: ColumnReport = { functions: 0, batches: 0, rows: 0, onLanes: 0, endings: [] };
  const endings: string[] = [];
  const report = { text, program, unit, columns, endings };
  if (unit === undefined) return { ...report, disagreement: undefined, runs: 0 };
  const choose = makeChooser(seed + 0x5bd1e995);
  let runs = 0;
  const watch: Watch = {
    before,
    seen: (engine, { rows = 0, single = 0 }) => {
      if (engine !== 'batch') return;
      columns.rows += rows;
      columns.onLanes += Math.max(0, rows - single);
    },
  };
  const limited = choose.chance(55);
  const calls = someCalls(program, choose);
  const onColumns = callsOnColumns(unit, program, calls[0]!.maxDepth, choose);
  columns.functions = engines.includes('batch') ? onColumns.length : 0;
  for (const call of [...calls, ...onColumns]) {
    const counted = { ...call, limits: AMPLE };
    let subjects = engines;
    if (call.rows !== undefined) {
      const hasCode = engines.includes('batch') && whyNotOnColumns(unit, limited ? counted : call) === undefined;
      if (hasCode) columns.batches++;
      const isPrepared = seed % PREPARED_EVERY === 0;
      subjects = engines.filter(engine => (engine === 'batch' ? hasCode : isPrepared));
    }
    if (subjectsOf(call, subjects).length === 0) continue;
    before();
    const expected = observe(unit, counted, ORACLE);
    const { ending, usage } = expected;
    (call.rows !== undefined && subjects.includes('batch') ? columns.endings : endings).push(ending);
    const variants = limited || !isShort(usage) ? [counted, ...stricter(call, usage, choose)] : [call];
    for (const variant of variants) {
      const disagreement = compareCall(unit, variant, subjects, variant === counted ? expected : undefined, watch);
      runs += subjectsOf(variant, subjects).length + 1;
      if (disagreement !== undefined) return { ...report, disagreement, runs };
    }
  }
  return { ...report, disagreement: undefined, runs };
}

/** Arguments for each function; some are not of the declared types, which only the command line would refuse. */
function someCalls(program: GeneratedProgram, choose: Chooser): Call[] {
  const { heads, records, favourite } = program;
  const deep = heads.some(head => head.recursive) && choose.chance(6);
  const shallow = choose.chance(heads[0]!.wraps ? 60 : 20);
  const maxDepth = deep ? DEEP : shallow ? 1 + choose.below(4) : DEPTH;
  return heads.flatMap(({ name, params, recursive }, index) => {
    const times = index === heads.length - 1 && choose.chance(60) ? 2 : 1;
    return Array.from({ length: times }, () => ({
      name,
      args: params.map(({ type }, i) =>
        deep && recursive && i === 0
          ? choose.pick(COUNTDOWNS)
          : someArgument({ choose, records, heads, favourite }, choose.chance(6) ? { kind: 'any' } : type),
      ),
      maxDepth,
    }));
  });
}

function isShort(usage: Usage | undefined): boolean {
  return usage !== undefined && usage.fuel < SHORT && usage.bytes < AMPLE.alloc! && usage.output < AMPLE.output!;
}

/** The call with a limit that strikes on its way. */
function stricter(call: Call, usage: Usage | undefined, choose: Chooser): Call[] {
  if (usage === undefined || choose.chance(30)) return [];
  const below = (most: number): number => choose.below(Math.min(most, 2 ** 30) + 1);
  switch (choose.below(usage.output > 0 ? 3 : 2)) {
    case 0:
      return [{ ...call, limits: { fuel: below(usage.fuel) } }];
    case 1:
      return [{ ...call, limits: { fuel: 20_000, alloc: below(usage.bytes) } }];
    default:
      return [{ ...call, limits: { fuel: 20_000, output: below(usage.output) } }];
  }
}
