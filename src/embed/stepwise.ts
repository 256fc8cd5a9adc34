// A run that its caller drives from one call of a tool to the next, and that can be saved in between: Program.begin and Program.restore.
import type { CoreTool } from '../core/core.ts';
import type { Value } from '../core/value/value.ts';
import type { Data, Input, Run, Stats, ToolCall } from './api.ts';
import { WITHOUT_PAUSE } from './async.ts';
import { toData } from './data.ts';
import { type IloError, usageError } from './errors.ts';
import type { PausingRun, Standing } from './pausing.ts';
import { saveRun } from './saved.ts';

export interface StepwiseOptions {
  readonly run: PausingRun;
  readonly name: string;
  readonly callee: number;
  readonly args: readonly Value[];
  /** Identifies the source. */
  readonly program: string;
  /** The answer of a tool as a value of its declared type; `failed` makes the one of a failure. */
  readonly answered: (tool: CoreTool, data: unknown) => Value;
  readonly failed: (tool: CoreTool, message: string) => Value;
  readonly toThrow: (error: unknown, stats: Stats) => unknown;
}

export class StepwiseRun implements Run {
  private readonly options: StepwiseOptions;
  private standing: Standing | undefined;

  /** Runs to the first stop. Throws IloError. */
  constructor(options: StepwiseOptions) {
    this.options = options;
    const { run, callee, args } = options;
    this.move(() => run.start(callee, args, WITHOUT_PAUSE));
  }

  get pending(): ToolCall | undefined {
    const { standing } = this;
    return standing?.kind === 'called' ? { tool: standing.tool.name, args: standing.args.map(toData) } : undefined;
  }

  get result(): Data | undefined {
    return this.standing?.kind === 'done' ? toData(this.standing.value) : undefined;
  }

  get stats(): Stats {
    return this.options.run.stats();
  }

  answer(data: Input): void {
    const { standing } = this;
    const tool = this.called();
    const value = this.options.answered(tool, data);
    // A getter of the data is code of the caller, and may have answered already.
    if (this.standing !== standing) throw wrongState('the call was answered while its answer was read');
    this.move(() => this.options.run.answer(tool, value, WITHOUT_PAUSE));
  }

  fail(message: string): void {
    const tool = this.called();
    if (typeof message !== 'string') throw usageError('ILO-E001', 'the message of a failure must be a string');
    const value = this.options.failed(tool, message);
    this.move(() => this.options.run.answer(tool, value, WITHOUT_PAUSE));
  }

  save(): Uint8Array {
    if (this.standing === undefined) throw wrongState('the run has ended with an error');
    const { run, name, args, program } = this.options;
    const { fuel, bytes } = run.stats();
    return saveRun({ name, args, log: run.log, fuel, bytes }, program);
  }

  private called(): CoreTool {
    if (this.standing?.kind !== 'called') throw wrongState('the run waits for no answer');
    return this.standing.tool;
  }

  private move(step: () => Standing): void {
    this.standing = undefined;
    try {
      this.standing = step();
    } catch (error) {
      throw this.options.toThrow(error, this.options.run.stats());
    }
  }
}

function wrongState(problem: string): IloError {
  return usageError('ILO-E009', problem);
}
