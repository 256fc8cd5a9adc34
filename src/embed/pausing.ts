// Runs that stop: at each call of a tool, and after so much work that the event loop should have its turn. They run on the stack engine, whose
// calls never lie on JavaScript's stack, so that a run may wait in any depth, also inside the functions that `map` and its like call. Functions
// that have machine code run there (native-slices.ts): from the start where that engine was asked for, else once the run has taken a slice, or
// did so before.
import type { CoreTool, CoreUnit } from '../core/core.ts';
import { fault } from '../core/fault.ts';
import type { Host } from '../core/host.ts';
import { setRunning } from '../core/long-work.ts';
import type { Meter } from '../core/meter.ts';
import type { Value } from '../core/value/value.ts';
import { BUILTINS } from '../lang/ilo/builtins/table.ts';
import type { EngineName } from '../runtime/engines.ts';
import { makeServices } from '../runtime/services.ts';
import { type RunServices, Waiting } from '../vm/engine.ts';
import { type Progress, StackMachine } from '../vm/stack/machine.ts';
import type { Stats } from './api.ts';
import type { EmbeddedHost } from './capabilities.ts';
import { type HostLog, loggedHost } from './host-log.ts';
import { makeMeter } from './meters.ts';
import { NativeSlices } from './native-slices.ts';
import type { Limited } from './options.ts';

export interface PausingOptions {
  readonly unit: CoreUnit;
  readonly limits: Limited;
  readonly host: Host;
  readonly random: () => number;
  /** `auto` and `jit` use machine code. */
  readonly engine: EngineName;
  /** What the outside has told the run already. */
  readonly log: HostLog;
  /** What takes long, where the run can wait for it; otherwise it blocks. */
  readonly later?: EmbeddedHost['later'];
  /** Throws when a logged answer is not what the tool may give. */
  readonly checkAnswer?: (tool: CoreTool, value: Value) => void;
}

/** Thrown where a tool is called whose answer is not there. */
class Called extends Waiting {
  readonly tool: CoreTool;
  readonly args: readonly Value[];
  constructor(tool: CoreTool, args: readonly Value[]) {
    super();
    this.tool = tool;
    this.args = args;
  }
}

/** Thrown by a builtin that asks the host for what takes long. Its call is made again when the answer is there. */
class HostWait extends Waiting {
  readonly promise: Promise<unknown>;
  again: () => Value = () => null;
  constructor(promise: Promise<unknown>) {
    super();
    this.promise = promise;
  }
}

/** What a promise came to. */
type Settled = () => unknown;

/** Where a run stands. `paused`: it only lets others have their turn. */
export type Standing =
  | { readonly kind: 'done'; readonly value: Value }
  | { readonly kind: 'called'; readonly tool: CoreTool; readonly args: readonly Value[] }
  /** Go on with `hostAnswered`. */
  | { readonly kind: 'waits'; readonly promise: Promise<unknown> }
  | { readonly kind: 'paused' };

/** The functions of each unit that took more than a slice. */
const longRuns = new WeakMap<CoreUnit, Set<number>>();

export class PausingRun {
  readonly log: HostLog;
  /** Aborted when nobody waits for an answer any more. */
  readonly ended = new AbortController();
  private readonly unit: CoreUnit;
  private readonly engine: EngineName;
  private readonly services: RunServices;
  private natives: NativeSlices | undefined;
  private callee = 0;
  private readonly machine: StackMachine;
  private readonly meter: Meter;
  private readonly limits: Limited;
  private readonly started = performance.now();
  private hostCalls = 0;
  private waiting: HostWait | undefined;
  /** What the host has answered to the call that is made again. */
  private settled: Settled | undefined;

  constructor({ unit, limits, host, random, engine, log, later, checkAnswer }: PausingOptions) {
    this.unit = unit;
    this.engine = engine;
    this.log = log;
    this.limits = limits;
    this.meter = makeMeter(limits);
    const services = makeServices({
      builtins: BUILTINS,
      host: this.waitingHost(loggedHost(this.counted(host), log), later),
      maxDepth: limits.depth,
      meter: this.meter,
      random: () => log.answer('random', random),
      callValue: (callee, args) => this.machine.callValue(callee, args, ''),
    });
    this.services = services;
    this.machine = new StackMachine(unit, {
      ...services,
      ...(later === undefined ? {} : { builtin: this.repeatable(services.builtin) }),
      tool: (tool, args) => {
        const known = log.toolAnswer(tool.name);
        if (known !== undefined) {
          checkAnswer?.(tool, known);
          return known;
        }
        this.hostCalls++;
        throw new Called(tool, args);
      },
    });
  }

  /** Runs a function until it stops. `slice`: units of fuel after which it pauses. Throws a Fault. */
  start(callee: number, args: readonly Value[], slice: number): Standing {
    this.callee = callee;
    if (this.engine === 'jit' || longRuns.get(this.unit)?.has(callee) === true) this.useNatives();
    this.beginSlice(slice);
    return this.inSlice(() => this.machine.start(callee, args));
  }

  /** Goes on after a pause. Throws a Fault. */
  goOn(slice: number): Standing {
    this.beginSlice(slice);
    return this.inSlice(() => this.machine.resume());
  }

  /** Goes on with what the tool that was called has answered. Throws a Fault. */
  answer(tool: CoreTool, value: Value, slice: number): Standing {
    this.log.addToolAnswer(tool.name, value);
    this.beginSlice(slice);
    return this.inSlice(() => this.machine.resume(value));
  }

  /** Goes on with what the host has answered, or throws it. Throws a Fault. */
  hostAnswered(settled: Settled, slice: number): Standing {
    const { again } = this.waiting!;
    this.settled = settled;
    this.beginSlice(slice);
    return this.inSlice(() => this.machine.resumeWith(again));
  }

  private beginSlice(slice: number): void {
    this.meter.pauseAt = this.meter.fuel + slice;
    this.natives?.begin();
  }

  private inSlice(go: () => Progress): Standing {
    const before = setRunning(this.meter);
    try {
      return this.standing(go());
    } finally {
      setRunning(before);
    }
  }

  private useNatives(): void {
    if (this.natives !== undefined || (this.engine !== 'jit' && this.engine !== 'auto')) return;
    this.natives = NativeSlices.create(this.unit, this.services, this.machine);
    this.machine.natives = this.natives;
  }

  /** What the run used. */
  get engineUsed(): 'stack' | 'jit' {
    return this.natives?.used === true ? 'jit' : 'stack';
  }

  /** Milliseconds that are left of the time limit. */
  timeLeft(): number {
    return this.limits.timeout - (performance.now() - this.started);
  }

  /** The fault of a run whose time is over while it waits; its place is the call that waits. The run has ended then. */
  outOfTime(): unknown {
    const overdue = fault('ILO-R044', 'time', { limit: this.limits.timeout });
    try {
      this.machine.resumeWith(() => {
        throw overdue;
      });
    } catch (error) {
      return error;
    }
    return overdue;
  }

  stats(): Stats {
    const { fuel, bytes, output } = this.meter;
    return { fuel, bytes, output, milliseconds: performance.now() - this.started, hostCalls: this.hostCalls };
  }

  private standing(progress: Progress): Standing {
    if (progress.done) return { kind: 'done', value: progress.value };
    const { waiting } = progress;
    if (waiting instanceof Called) return { kind: 'called', tool: waiting.tool, args: waiting.args };
    if (!(waiting instanceof HostWait)) {
      this.noteLong();
      return { kind: 'paused' };
    }
    this.waiting = waiting;
    return { kind: 'waits', promise: waiting.promise };
  }

  /** The host with those of its answers that take long waited for. */
  private waitingHost(host: Host, later: EmbeddedHost['later'] | undefined): Host {
    if (later === undefined) return host;
    const waitFor = <Result>(what: string, ask: () => Promise<Result>): Result => {
      const { settled, log } = this;
      this.settled = undefined;
      if (settled !== undefined) return log.answer(what, settled as () => Result);
      const promise = ask();
      this.hostCalls++;
      throw new HostWait(promise);
    };
    return {
      ...host,
      http: (requests, parallel) => waitFor('http', () => later.http(requests, parallel, this.ended.signal)),
      sleep: milliseconds => waitFor('sleep', () => later.sleep(milliseconds, this.ended.signal)),
    };
  }

  /** Builtins whose call can be made again when the host has answered, as if it had never been made before. */
  private repeatable(builtin: RunServices['builtin']): RunServices['builtin'] {
    return name => {
      const call = builtin(name);
      const effect = BUILTINS.get(name)?.effect;
      if (call === undefined || (effect !== 'net' && effect !== 'sleep')) return call;
      const { meter } = this;
      return args => {
        const { fuel, bytes } = meter;
        try {
          return call(args);
        } catch (error) {
          if (error instanceof HostWait) {
            meter.bytes = bytes;
            meter.fuel = fuel;
            error.again = () => call(args);
          }
          throw error;
        }
      };
    };
  }

  private noteLong(): void {
    const long = longRuns.get(this.unit) ?? new Set<number>();
    longRuns.set(this.unit, long.add(this.callee));
    this.useNatives();
  }

  private counted(host: Host): Host {
    const counting =
      <Args extends readonly unknown[], Result>(method: (...args: Args) => Result) =>
      (...args: Args): Result => {
        this.hostCalls++;
        return method(...args);
      };
    return {
      ...host,
      print: counting(host.print),
      now: counting(host.now),
      sleep: counting(host.sleep),
      env: counting(host.env),
      readFile: counting(host.readFile),
      writeFile: counting(host.writeFile),
      http: counting(host.http),
    };
  }
}
