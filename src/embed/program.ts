// A compiled program as its caller sees it. The unit is compiled once; how it runs (engine, limits, capabilities, tools) is a view of it, made
// by `with`, and each view keeps a session, so that a call costs little more than the work that it does.
import type { CoreUnit } from '../core/core.ts';
import { setRunning } from '../core/long-work.ts';
import type { Value } from '../core/value/value.ts';
import { fitsColumns } from '../runtime/columns.ts';
import { onlyComputes } from '../runtime/reach.ts';
import type { Entry } from '../vm/engine.ts';
import type { Data, Input, NumberArray, Problem, Program, Run, RunOptions, Signature, Stats } from './api.ts';
import { runToEnd } from './async.ts';
import { answering, embeddedHost } from './capabilities.ts';
import { apartFrom, columnOf, isPlainColumn, newColumn, rowsOf } from './columns.ts';
import { conforms } from './conforms.ts';
import { toData, toValue } from './data.ts';
import { IloError, placeOf, type Sources, toError, usageError } from './errors.ts';
import { HostLog } from './host-log.ts';
import type { Level } from './isolation/pool.ts';
import { answerer } from './isolation/questions.ts';
import { runIsolated, sendCapabilities } from './isolation/run.ts';
import { checkRunOptions, DEFAULT_LIMITS, engineOf, type Limited, limitsOf, NOTHING } from './options.ts';
import { PausingRun } from './pausing.ts';
import { type FunctionTypes, type ProgramTypes, showSignature } from './program-types.ts';
import { asSpoilt, checkPrototypes } from './prototypes.ts';
import { readSaved } from './saved.ts';
import { Session } from './session.ts';
import { StepwiseRun } from './stepwise.ts';
import { makeToolBox, type ToolBox } from './tools.ts';
import { trace } from './trace.ts';

/** What `compile` has made of a source. */
export interface Compiled {
  /** Identifies the source and what it imports; computed when it is first asked for. */
  readonly id: () => string;
  readonly unit: CoreUnit;
  readonly types: ProgramTypes;
  readonly problems: readonly Problem[];
  readonly sources: Sources;
}

/** For tools of synchronous runs, which nobody can cancel. */
const NEVER_ABORTED = new AbortController().signal;

const NOTHING_USED: Stats = { fuel: 0, bytes: 0, output: 0, milliseconds: 0, hostCalls: 0 };

/** Throws ILO-E002 or ILO-E005 for options that make no sense with this program. */
export function makeProgram(compiled: Compiled, options: RunOptions): Program {
  return new ProgramView(compiled, options);
}

class ProgramView implements Program {
  readonly problems: readonly Problem[];
  private compiled: Compiled | undefined;
  private readonly options: RunOptions;
  private readonly limits: Limited;
  private readonly tools: ToolBox;
  /** Where it runs, if not here. */
  private readonly isolated: Level | undefined;
  /** What the last run has used that was none of the session. */
  private elsewhere: Stats | undefined;
  /** Kept between runs; taken away while one is under way that may call back. */
  private session: Session | undefined;
  // Most programs are run once and by name: what they do not need of this is never made.
  private knownSignatures: Readonly<Record<string, Signature>> | undefined;
  private knownFn: Readonly<Record<string, (...args: Input[]) => Data>> | undefined;

  constructor(compiled: Compiled, options: RunOptions) {
    this.compiled = compiled;
    this.options = options;
    this.problems = compiled.problems;
    this.isolated = options.isolation === 'in-process' ? undefined : options.isolation;
    this.limits = options.limits === undefined ? DEFAULT_LIMITS : limitsOf(options.limits);
    this.tools = makeToolBox(options.tools, compiled.types);
    const { capabilities } = options;
    if (capabilities === undefined) return;
    // Checked now, so that a mistake shows before the first run.
    embeddedHost(capabilities);
  }

  get signatures(): Readonly<Record<string, Signature>> {
    if (this.knownSignatures === undefined) {
      const signatures = nullObject<Signature>();
      for (const declared of this.alive().types.functions.values()) {
        signatures[declared.name] = showSignature(declared);
      }
      this.knownSignatures = Object.freeze(signatures);
    }
    return this.knownSignatures;
  }

  get fn(): Readonly<Record<string, (...args: Input[]) => Data>> {
    if (this.knownFn === undefined) {
      const fn = nullObject<(...args: Input[]) => Data>();
      for (const declared of this.alive().types.functions.values()) {
        let made: ((...args: Input[]) => Data) | undefined;
        const property = nullObject<unknown>();
        property.enumerable = true;
        property.get = () => {
          made ??= this.functionFor(declared);
          return made;
        };
        Object.defineProperty(fn, declared.name, property);
      }
      this.knownFn = Object.freeze(fn);
    }
    return this.knownFn;
  }

  run(name: string, ...args: Input[]): Data {
    return this.call(this.find(name), args);
  }

  async runAsync(name: string, ...args: Input[]): Promise<Data> {
    const { unit, types, sources } = this.alive();
    const declared = this.find(name);
    const { signal, capabilities, onTrace } = this.options;
    if (signal?.aborted === true) throw usageError('ILO-E007', 'the run was cancelled before it began');
    const values = copyArguments(declared, args, types);
    const { limits } = this;
    if (this.isolated !== undefined) return this.runElsewhere(this.isolated, declared, values);
    const engine = engineOf(this.options);
    const run = new PausingRun({ unit, limits, ...embeddedHost(capabilities), engine, log: new HostLog() });
    let problem: unknown;
    try {
      return toData(await runToEnd(run, unit.byName.get(name)!, values, this.tools.call, signal));
    } catch (error) {
      problem = asSpoilt(toError(error, sources, run.stats()));
      throw problem;
    } finally {
      this.elsewhere = run.stats();
      if (this.session !== undefined) this.session.isLast = false;
      const error = (problem as { code?: string } | undefined)?.code;
      trace(onTrace, { name, engine: run.engineUsed, stats: run.stats(), error });
    }
  }

  private async runElsewhere(level: Level, { name }: FunctionTypes, values: readonly Value[]): Promise<Data> {
    const { id, sources, types, unit } = this.alive();
    const { span, file } = unit.functions[unit.byName.get(name)!]!;
    const { signal, onTrace, memory, tools = NOTHING, capabilities = NOTHING } = this.options;
    let error: string | undefined;
    try {
      const { result, stats } = await runIsolated({
        level,
        memory,
        source: { text: sources.main.text, file: sources.main.name, used: [...sources.imported] },
        request: {
          program: id(),
          name,
          args: values.map(toData),
          limits: this.limits,
          engine: engineOf(this.options),
          capabilities: sendCapabilities(capabilities),
          tools: Object.entries(tools).map(([tool, { signature }]) => ({ name: tool, signature })),
        },
        print: capabilities.print && answering('print', capabilities.print),
        answer: answerer(capabilities),
        tool: this.tools.callWithData,
        signal,
        place: placeOf(span, file, sources),
      });
      this.elsewhere = stats;
      // A copy that passed through another process has ordinary prototypes.
      return toData(toValue(result, { kind: 'any' }, types, 'the result'));
    } catch (problem) {
      if (problem instanceof IloError) {
        error = problem.code;
        this.elsewhere = problem.stats;
      }
      throw problem;
    } finally {
      trace(onTrace, { name, engine: engineOf(this.options), stats: this.stats, error });
    }
  }

  begin(name: string, ...args: Input[]): Run {
    this.checkHere();
    const declared = this.find(name);
    return this.stepwise(name, copyArguments(declared, args, this.alive().types), new HostLog());
  }

  restore(saved: Uint8Array): Run {
    const { name, args, log, fuel, bytes } = readSaved(saved, this.alive().id());
    const { types } = this.alive();
    const params = types.functions.get(name)?.params;
    if (params === undefined) throw damaged();
    if (args.length !== params.length || !args.every((value, i) => conforms(value, params[i]!.type, types))) {
      throw damaged();
    }
    let run: Run;
    try {
      run = this.stepwise(name, args, log);
    } catch (error) {
      // The log says something else than the program asks.
      throw error instanceof TypeError ? damaged() : error;
    }
    const { stats } = run;
    if (log.replaying || stats.fuel !== fuel || stats.bytes !== bytes) {
      throw usageError('ILO-E008', 'the run that was saved comes out differently here: another version has made it');
    }
    return run;
  }

  private stepwise(name: string, args: readonly Value[], log: HostLog): Run {
    const { unit, types, sources, id } = this.alive();
    const { answered, failed } = this.tools;
    const { host, random } = embeddedHost(this.options.capabilities);
    return new StepwiseRun({
      run: new PausingRun({
        unit,
        limits: this.limits,
        host,
        random,
        engine: engineOf(this.options),
        log,
        checkAnswer: (tool, value) => {
          if (!conforms(value, types.tools.get(tool.name)!.result, types)) throw damaged();
        },
      }),
      name,
      callee: unit.byName.get(name)!,
      args,
      program: id(),
      answered,
      failed,
      toThrow: (error, stats) => toError(error, sources, stats),
    });
  }

  map(name: string, ...columns: (NumberArray | readonly Input[])[]): Float64Array | Data[] {
    this.checkHere();
    const declared = this.find(name);
    const rows = rowsOf(declared, columns);
    const { unit } = this.alive();
    if (!fitsColumns(unit, unit.byName.get(name)!)) return this.mapData(declared, columns, rows);
    const out = this.fill(declared, columns, newColumn(rows));
    return declared.result.kind === 'num' ? out : Array.from(out, value => value !== 0);
  }

  mapInto(name: string, out: Float64Array, ...columns: (NumberArray | readonly Input[])[]): Float64Array {
    this.checkHere();
    const declared = this.find(name);
    const rows = rowsOf(declared, columns);
    if (!isPlainColumn(out) || out.length !== rows) {
      throw usageError('ILO-E001', `mapInto ${name} needs a Float64Array of ${rows} rows for the results`);
    }
    const { unit } = this.alive();
    if (!fitsColumns(unit, unit.byName.get(name)!)) {
      throw usageError('ILO-E001', `${name} does not take and give numbers and truth values alone`);
    }
    return this.fill(declared, columns, out);
  }

  private make(): Session {
    const { unit } = this.alive();
    const { options, limits, tools } = this;
    return new Session({
      unit,
      engine: engineOf(options),
      limits,
      host: embeddedHost(options.capabilities),
      tool: (tool, args) => {
        const answer = tools.call(tool, args, NEVER_ABORTED);
        if ('value' in answer) return answer.value;
        answer.promise.catch(() => {});
        throw usageError('ILO-E004', `tool ${tool.name} answered with a promise; call the program with runAsync`);
      },
    });
  }

  with(options: RunOptions): Program {
    const own = checkRunOptions(options);
    return new ProgramView(this.alive(), Object.assign(Object.create(null), this.options, own) as RunOptions);
  }

  get stats(): Stats {
    return this.session?.isLast === true ? this.session.stats() : (this.elsewhere ?? NOTHING_USED);
  }

  dispose(): void {
    this.compiled = undefined;
    // Functions that were handed out know their session only: one that is never free sends them to where the mistake is told.
    if (this.session !== undefined) this.session.busy = true;
    this.session = undefined;
  }

  /** Throws ILO-E010 when the program runs elsewhere, which cannot be waited for without a promise. */
  private checkHere(): void {
    if (this.isolated === undefined) return;
    throw usageError('ILO-E010', `with isolation '${this.isolated}' a program runs with runAsync`);
  }

  private alive(): Compiled {
    if (this.compiled === undefined) throw usageError('ILO-E003', 'the program was disposed');
    return this.compiled;
  }

  private find(name: string): FunctionTypes {
    checkPrototypes();
    const { functions } = this.alive().types;
    const declared = functions.get(name);
    if (declared === undefined) {
      const wanted = typeof name === 'string' ? `'${name}'` : `that is ${typeof name}`;
      throw usageError('ILO-E002', `the program has no function ${wanted}; it has ${[...functions.keys()].join(', ')}`);
    }
    return declared;
  }

  private call(declared: FunctionTypes, args: readonly Input[]): Data {
    this.checkHere();
    checkPrototypes();
    const values = copyArguments(declared, args, this.alive().types);
    return this.inSession(declared, (session, callee) => toData(session.run(callee, values)));
  }

  /** One run in this thread: in the session, or in another one while that is busy. */
  private inSession<Result>({ name }: FunctionTypes, work: (session: Session, callee: number) => Result): Result {
    const { unit, sources } = this.alive();
    if (this.options.signal?.aborted === true) throw usageError('ILO-E007', 'the run was cancelled before it began');
    this.session ??= this.make();
    const session = this.session.busy ? this.make() : this.session;
    let problem: unknown;
    try {
      return work(session, unit.byName.get(name)!);
    } catch (error) {
      problem = asSpoilt(toError(error, sources, session.stats()));
      throw problem;
    } finally {
      const code = (problem as { code?: string } | undefined)?.code;
      trace(this.options.onTrace, { name, engine: engineOf(this.options), stats: session.stats(), error: code });
    }
  }

  /** A function of the program as a JavaScript function: of numbers alone, one that does nothing but the call. */
  private functionFor(declared: FunctionTypes): (...args: Input[]) => Data {
    const slow = (...args: Input[]): Data => this.call(declared, args);
    const { unit } = this.alive();
    const callee = unit.byName.get(declared.name)!;
    const numeric = declared.result.kind === 'num' && declared.params.every(({ type }) => type.kind === 'num');
    if (
      !numeric ||
      // The host could call the program again in the middle, which needs the session marked as busy.
      !onlyComputes(unit, callee) ||
      this.isolated !== undefined ||
      this.options.onTrace !== undefined ||
      this.options.signal !== undefined
    )
      return slow;
    this.session ??= this.make();
    return numericFunction(declared.params.length, this.session, callee, slow, error =>
      toError(error, this.alive().sources, this.session!.stats()),
    );
  }

  private fill(declared: FunctionTypes, columns: readonly ArrayLike<unknown>[], out: Float64Array): Float64Array {
    const { unit } = this.alive();
    const calls = !onlyComputes(unit, unit.byName.get(declared.name)!);
    // What calls the host may find its columns taken away in the middle.
    const numbers = columns.map((column, at) => apartFrom(out, columnOf(column, declared.params[at]!), calls));
    // Items of an array may be code of the caller, which can do anything to the others.
    if (numbers.some(({ length }) => length !== out.length)) {
      throw usageError('ILO-E001', 'a column has changed while the columns were read');
    }
    this.inSession(declared, (session, callee) => session.map(callee, numbers, out));
    return out;
  }

  private mapData(declared: FunctionTypes, columns: readonly ArrayLike<unknown>[], rows: number): Data[] {
    const { types } = this.alive();
    const argsOf = (row: number): Value[] => {
      const items = columns.map(column => column[row]);
      return copyArguments(declared, items, types);
    };
    const out: Data[] = [];
    this.inSession(declared, (session, callee) => {
      session.each(callee, rows, argsOf, value => out.push(toData(value)));
    });
    return out;
  }
}

function damaged(): IloError {
  return usageError('ILO-E008', 'these bytes are no saved run of this program');
}

function nullObject<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}

function copyArguments(declared: FunctionTypes, args: readonly unknown[], types: ProgramTypes): Value[] {
  const { name, params } = declared;
  if (args.length !== params.length) {
    throw usageError('ILO-E001', `${name} takes ${params.length} arguments, got ${args.length}`);
  }
  return params.map((param, i) => toValue(args[i], param.type, types, `argument ${param.name} of ${name}`));
}

/** Calls are prepared, and code is made for them, once there have been so many. */
const FEW_CALLS = 20;

/** Calls of up to three numbers have a form of their own: gathering arguments in an array costs more than a short function. */
function numericFunction(
  count: number,
  session: Session,
  callee: number,
  slow: (...args: Input[]) => Data,
  toThrow: (error: unknown) => unknown,
): (...args: Input[]) => Data {
  let calls = 0;
  let entry: Entry | undefined;
  const isFree = (): boolean => {
    if (entry !== undefined) return !session.busy;
    if (session.busy || ++calls <= FEW_CALLS) return false;
    entry = session.entry(callee);
    return true;
  };
  switch (count) {
    case 1:
      return (a, ...more) => {
        if (typeof a !== 'number' || more.length > 0 || !isFree()) return slow(a, ...more);
        const before = session.begin();
        try {
          return entry!(a) as number;
        } catch (error) {
          throw toThrow(error);
        } finally {
          setRunning(before);
        }
      };
    case 2:
      return (a, b, ...more) => {
        if (typeof a !== 'number' || typeof b !== 'number' || more.length > 0 || !isFree()) {
          return slow(a, b, ...more);
        }
        const before = session.begin();
        try {
          return entry!(a, b) as number;
        } catch (error) {
          throw toThrow(error);
        } finally {
          setRunning(before);
        }
      };
    case 3:
      return (a, b, c, ...more) => {
        if (typeof a !== 'number' || typeof b !== 'number' || typeof c !== 'number' || more.length > 0 || !isFree()) {
          return slow(a, b, c, ...more);
        }
        const before = session.begin();
        try {
          return entry!(a, b, c) as number;
        } catch (error) {
          throw toThrow(error);
        } finally {
          setRunning(before);
        }
      };
    default:
      return slow;
  }
}
