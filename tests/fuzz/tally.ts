// What a campaign covered, as counts by name that can be added up over several processes.
import type { CoreExpr, CoreStmt, CoreUnit } from '../../src/core/core.ts';
import { buildIr } from '../../src/ir/build.ts';
import { optimiseFunction } from '../../src/ir/passes/pipeline.ts';
import { BUILTINS } from '../../src/lang/ilo/builtins/table.ts';
import { CORE_OPS } from '../../src/spec/core-ops.ts';
import { IR_OPS } from '../../src/spec/ir-ops.ts';
import type { ProgramReport } from './campaign.ts';
import { visit } from './generate/tree.ts';

export interface Tally {
  programs: number;
  accepted: number;
  runs: number;
  /** Constructs of the generator in accepted programs. */
  readonly constructs: Record<string, number>;
  /** Kinds of Core nodes, primitives and builtins in what engines were given. */
  readonly core: Record<string, number>;
  readonly primitives: Record<string, number>;
  readonly builtins: Record<string, number>;
  /** Instructions of the optimised IR, in one program of twenty. */
  readonly ir: Record<string, number>;
  /** `value`, or the code of the fault. */
  readonly endings: Record<string, number>;
  /** Functions of numbers and truth values, those with code for columns, their rows and those of them on lanes; how calls on columns ended. */
  readonly columns: Record<'functions' | 'batches' | 'rows' | 'onLanes', number>;
  readonly columnEndings: Record<string, number>;
  /** Where code runs bare (bare/addon.ts): programs that entered some, how often, and what else that was asked for. */
  readonly bare: Record<string, number>;
}

const COLUMNS = ['functions', 'batches', 'rows', 'onLanes'] as const;

export function emptyTally(): Tally {
  return {
    programs: 0,
    accepted: 0,
    runs: 0,
    constructs: {},
    core: {},
    primitives: {},
    builtins: {},
    ir: {},
    endings: {},
    columns: { functions: 0, batches: 0, rows: 0, onLanes: 0 },
    columnEndings: {},
    bare: {},
  };
}

function count(counts: Record<string, number>, name: string, by = 1): void {
  counts[name] = (counts[name] ?? 0) + by;
}

export function addProgram(tally: Tally, { program, unit, runs, endings, columns }: ProgramReport): void {
  tally.programs++;
  if (unit === undefined) return;
  tally.accepted++;
  tally.runs += runs;
  for (const ending of endings) count(tally.endings, ending);
  for (const ending of columns.endings) count(tally.columnEndings, ending);
  for (const what of COLUMNS) tally.columns[what] += columns[what];
  visit(program.tree, node => {
    if (node.label !== '') count(tally.constructs, node.label);
  });
  addCore(tally, unit);
  // Optimising a program once more costs a good part of running it.
  if (tally.accepted % 20 !== 1) return;
  for (const fn of buildIr(unit).functions)
    for (const block of optimiseFunction(fn).blocks) for (const { op } of block.code) count(tally.ir, op);
}

function addCore(tally: Tally, unit: CoreUnit): void {
  // Core is plain data: whatever has a kind is a node.
  const see = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const each of node) see(each);
      return;
    }
    if (typeof node !== 'object' || node === null || !('kind' in node)) return;
    const known = node as CoreExpr | CoreStmt;
    count(tally.core, known.kind);
    if (known.kind === 'prim') count(tally.primitives, known.op);
    if (known.kind === 'builtin') count(tally.builtins, known.name);
    for (const part of Object.values(node)) see(part);
    if (known.kind === 'cond') for (const arm of known.arms) see([arm.test, arm.body]);
  };
  for (const fn of unit.functions) see(fn.body);
}

/** Adds what a program had run bare. */
export function addBare(tally: Tally, asked: Readonly<Record<string, number>>): void {
  for (const [what, times] of Object.entries(asked)) count(tally.bare, what, times);
  if (asked.entries! + asked.columns! > 0) count(tally.bare, 'programs');
}

export function addTally(to: Tally, from: Tally): void {
  to.programs += from.programs;
  to.accepted += from.accepted;
  to.runs += from.runs;
  for (const part of [
    'constructs',
    'core',
    'primitives',
    'builtins',
    'ir',
    'endings',
    'columns',
    'columnEndings',
    'bare',
  ] as const)
    for (const [name, times] of Object.entries(from[part])) count(to[part], name, times);
}

/** The tally as lines for people: how much of what there is was met, and what was not. */
export function describeTally(tally: Tally): readonly string[] {
  const share = tally.programs === 0 ? 0 : (100 * tally.accepted) / tally.programs;
  const line = (what: string, counts: Record<string, number>, all: readonly string[]): string => {
    const missing = all.filter(name => counts[name] === undefined);
    const rest = missing.length === 0 ? '' : `; not ${missing.join(' ')}`;
    return `${what}: ${all.length - missing.length} of ${all.length}${rest}`;
  };
  const ended = (counts: Record<string, number>): string => {
    const endings = Object.entries(counts).sort(([, a], [, b]) => b - a);
    const calls = endings.reduce((sum, [, times]) => sum + times, 0);
    return endings.map(([name, times]) => `${name} ${((100 * times) / calls).toFixed(2)} %`).join(', ');
  };
  const { functions, batches, rows, onLanes } = tally.columns;
  const { programs = 0, publications = 0, entries = 0, columns = 0, looks = 0 } = tally.bare;
  return [
    `${tally.programs} programs, ${share.toFixed(1)} % accepted by the verifier, ${tally.runs} runs`,
    `calls ended with: ${ended(tally.endings)}`,
    `constructs: ${Object.keys(tally.constructs).length}`,
    `kinds of Core nodes: ${Object.keys(tally.core).length}`,
    line('primitives', tally.primitives, Object.keys(CORE_OPS)),
    line('builtins', tally.builtins, [...BUILTINS.names()]),
    line('IR ops', tally.ir, Object.keys(IR_OPS)),
    `columns: code for ${batches} of ${functions} functions of numbers; ${rows} rows, ${onLanes} of them on lanes`,
    ...(batches === 0 ? [] : [`calls on columns ended with: ${ended(tally.columnEndings)}`]),
    ...(publications === 0
      ? []
      : [
          `run bare: ${publications} pieces of code, entered ${entries} times and ${columns} times for columns, by ${programs} programs; JavaScript was called ${looks} times`,
        ]),
  ];
}
