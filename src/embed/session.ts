// One way of running a program: an engine with its services under fixed options, used again and again. What a run has used is counted
// from zero each time; the machine, its code and the bound builtins stay.
//
// The clock is read only after the first few thousand units of fuel, or before the first call of the host: a short call costs
// less than looking at the clock would.
import type { CoreTool, CoreUnit } from '../core/core.ts';
import type { Host } from '../core/host.ts';
import { setRunning } from '../core/long-work.ts';
import type { Meter } from '../core/meter.ts';
import type { Value } from '../core/value/value.ts';
import { BUILTINS } from '../lang/ilo/builtins/table.ts';
import { mapColumns } from '../runtime/columns.ts';
import type { EngineName } from '../runtime/engines.ts';
import { MACHINES } from '../runtime/program.ts';
import { makeServices } from '../runtime/services.ts';
import { type Entry, entryOf, type Machine } from '../vm/engine.ts';
import type { Stats } from './api.ts';
import type { EmbeddedHost } from './capabilities.ts';
import { createFirstRunMachine } from './first-runs.ts';
import { meterOf } from './meters.ts';
import type { Limited } from './options.ts';

export interface SessionOptions {
  readonly unit: CoreUnit;
  readonly engine: EngineName;
  readonly limits: Limited;
  readonly host: EmbeddedHost;
  readonly tool: (tool: CoreTool, args: readonly Value[]) => Value;
}

export class Session {
  private readonly options: SessionOptions;
  private readonly machine: Machine;
  /** Undefined when nothing is limited: then nothing is counted. */
  private readonly meter: Meter | undefined;
  private hostCalls = 0;
  private started = 0;
  private milliseconds = 0;
  /** Whether a run is under way: a host function that runs the program again needs a session of its own. */
  busy = false;
  /** Whether the program's last run was one of this session. */
  isLast = false;

  constructor(options: SessionOptions) {
    this.options = options;
    const { unit, engine, limits, host, tool } = options;
    const { depth } = limits;
    this.meter = meterOf(limits);
    const services = makeServices({
      builtins: BUILTINS,
      host: this.counted(host.host),
      maxDepth: depth,
      meter: this.meter,
      random: host.random,
      callValue: (callee, args) => this.machine.callValue(callee, args, ''),
    });
    const all = {
      ...services,
      tool: (declared: CoreTool, args: readonly Value[]) => {
        this.beforeHost();
        return tool(declared, args);
      },
    };
    const trying = engine === 'auto' && this.meter !== undefined;
    this.machine = trying ? createFirstRunMachine(unit, all, this.meter) : MACHINES[engine](unit, all);
  }

  /** Calls a function, by index. Throws what the engine throws. */
  run(callee: number, args: readonly Value[]): Value {
    return this.timed(() => this.machine.run(callee, args));
  }

  /** Calls a function once a row, as one run. The columns fit (`fitsColumns`), and `out` overlaps none of them. */
  map(callee: number, columns: readonly Float64Array[], out: Float64Array): void {
    const { unit, engine, limits } = this.options;
    const entry = this.entry(callee);
    const maxDepth = limits.depth;
    this.timed(() => mapColumns({ unit, callee, engine, entry, meter: this.meter, maxDepth, columns, out }));
  }

  /** Calls a function once a row, as one run, with the arguments that a row has, and hands on each result. */
  each(callee: number, rows: number, argsOf: (row: number) => readonly Value[], take: (result: Value) => void): void {
    const entry = this.entry(callee);
    this.timed(() => {
      for (let row = 0; row < rows; row++) take(entry(...argsOf(row)));
    });
  }

  private timed<Result>(work: () => Result): Result {
    this.reset();
    this.started = performance.now();
    this.busy = true;
    const before = setRunning(this.meter);
    try {
      return work();
    } finally {
      setRunning(before);
      this.busy = false;
      this.milliseconds = performance.now() - this.started;
    }
  }

  /** A prepared call of a function; `begin` goes before each call, and what it gives is made running again behind it. */
  entry(callee: number): Entry {
    return entryOf(this.machine, callee);
  }

  /** Counts from zero again, and is what runs. Gives what ran before. */
  begin(): Meter | undefined {
    this.reset();
    return setRunning(this.meter);
  }

  private reset(): void {
    this.isLast = true;
    this.meter?.reset();
    this.hostCalls = 0;
    this.milliseconds = 0;
  }

  /** What the last run has used. */
  stats(): Stats {
    const { fuel, bytes, output } = this.meter ?? NOTHING_COUNTED;
    const milliseconds = this.busy ? performance.now() - this.started : this.milliseconds;
    return { fuel, bytes, output, milliseconds, hostCalls: this.hostCalls };
  }

  /** Whole milliseconds until the time limit, one more than there are. */
  private timeLeft(): number {
    return Math.ceil(this.meter?.timeLeft() ?? Number.POSITIVE_INFINITY) + 1;
  }

  private beforeHost(): void {
    this.hostCalls++;
    this.meter?.startClock();
  }

  /** The host with its calls counted, and with the clock of the time limit running while it works. */
  private counted(host: EmbeddedHost['host']): Host {
    const counting =
      <Args extends readonly unknown[], Result>(method: (...args: Args) => Result) =>
      (...args: Args): Result => {
        this.beforeHost();
        const result = method(...args);
        // A host that took long is noticed at once and not only after more work.
        this.meter?.checkClock();
        return result;
      };
    return {
      ...host,
      print: counting(host.print),
      now: counting(host.now),
      // No longer than there is time: what waits here blocks everything.
      sleep: counting(milliseconds => host.sleep(Math.min(milliseconds, this.timeLeft()))),
      env: counting(host.env),
      readFile: counting(host.readFile),
      writeFile: counting(host.writeFile),
      http: counting((requests, parallel) => host.http(requests, parallel, this.timeLeft())),
      tool: undefined,
    };
  }
}

const NOTHING_COUNTED = { fuel: 0, bytes: 0, output: 0 };
