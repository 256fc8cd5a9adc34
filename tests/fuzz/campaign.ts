// Programs of a range of seeds, each run in several ways on all engines.
import type { CoreUnit } from '../../src/core/core.ts';
import type { Limits } from '../../src/core/meter.ts';
import type { EngineName } from '../../src/runtime/engines.ts';
import { DEFAULT_MAX_DEPTH, loadProgram, type Usage } from '../../src/runtime/program.ts';
import { type Call, compareCall, type Disagreement, ORACLE, observe } from './compare.ts';
import { type GeneratedProgram, generateProgram } from './generate/program.ts';
import { print } from './generate/tree.ts';
import { type Chooser, makeChooser } from './random.ts';
import { someArgument } from './values.ts';

/** Every run is counted once within these, so that none goes on for long. */
const AMPLE: Limits = { fuel: 20_000, alloc: 4_000_000, output: 20_000 };
/** What a run may have used to be run again without limits. */
const SHORT = 15_000;
const DEPTH = 100;
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
  engines: readonly EngineName[],
  made?: CoreUnit,
  before: () => void = () => {},
): ProgramReport {
  const program = generateProgram(seed);
  const text = print(program.tree);
  const unit = made ?? unitOf(text);
  const report = { text, program, unit };
  if (unit === undefined) return { ...report, disagreement: undefined, runs: 0, endings: [] };
  const choose = makeChooser(seed + 0x5bd1e995);
  const endings: string[] = [];
  let runs = 0;
  const limited = choose.chance(55);
  for (const call of someCalls(program, choose)) {
    const counted = { ...call, limits: AMPLE };
    before();
    const expected = observe(unit, counted, ORACLE);
    const { result } = expected;
    endings.push(result === undefined ? 'crash' : 'value' in result ? 'value' : result.fault.code);
    const variants = limited || !isShort(result?.usage) ? [counted, ...stricter(call, result?.usage, choose)] : [call];
    for (const variant of variants) {
      const disagreement = compareCall(unit, variant, engines, variant === counted ? expected : undefined, before);
      runs += engines.length;
      if (disagreement !== undefined) return { ...report, disagreement, runs, endings };
    }
  }
  return { ...report, disagreement: undefined, runs, endings };
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
