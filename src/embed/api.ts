// What a Node service sees of ilo: the names and shapes that `import … from 'ilo'` gives. This file stands alone, so that the package's type
// declarations need nothing of the inside; docs/embedding.md says the same in prose.

/** What crosses the border between JavaScript and a program, by copy. */
export type Data =
  | number
  | string
  | boolean
  | null
  | readonly Data[]
  | { readonly [key: string]: Data }
  | { readonly ok: Data }
  | { readonly err: Data };

/** What may be handed in besides: typed arrays of numbers become lists, a Map becomes a map with text or integer keys. */
export type Input =
  | number
  | string
  | boolean
  | null
  | undefined
  | NumberArray
  | readonly Input[]
  | ReadonlyMap<string | number, Input>
  | { readonly [key: string]: Input };

export type NumberArray =
  | Float64Array
  | Float32Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

/** A place in a source text. Lines and columns count from 1; columns count characters. */
export interface Place {
  readonly file: string | undefined;
  readonly line: number;
  readonly column: number;
  /** UTF-16 offsets into the text. */
  readonly start: number;
  readonly end: number;
}

/** A mistake or a warning, as data. */
export interface Problem {
  readonly severity: 'error' | 'warning' | 'hint';
  /** Stable: ILO-T004 and the like. `ilo explain CODE` says more. */
  readonly code: string;
  readonly message: string;
  readonly place: Place | undefined;
  readonly notes: readonly string[];
  readonly suggestion: string | undefined;
}

export interface Signature {
  readonly name: string;
  readonly params: readonly { readonly name: string; readonly type: string }[];
  /** Types in ilo's own notation: `n`, `L t`, `R n t`. */
  readonly result: string;
}

/** Each bounds one run. A field left out keeps its default; `Infinity` switches it off. */
export interface LimitOptions {
  /** Units of work: one a call, one a round of a loop, and what builtins cost. */
  readonly fuel?: number;
  /** Milliseconds of wall time. */
  readonly timeout?: number;
  /** Bytes allocated over the whole run. */
  readonly alloc?: number;
  /** How deeply calls nest. */
  readonly depth?: number;
  /** UTF-16 units printed. */
  readonly output?: number;
}

export type EngineChoice = 'auto' | 'tree' | 'closure' | 'stack' | 'vm' | 'vm-fresh' | 'js' | 'jit';

/** What a program can reach outside itself. What is not given is refused with ILO-R042. */
export interface Capabilities {
  /** Receives what `prnt` prints. Default: nowhere, and it still counts as output. */
  readonly print?: (text: string) => void;
  /** Names of environment variables, or values by name. */
  readonly env?: readonly string[] | Readonly<Record<string, string>>;
  /** Directories under which files may be read. */
  readonly read?: readonly string[];
  /** Directories under which files may be written. */
  readonly write?: readonly string[];
  /** Hosts that may be called: `api.example.com`, `*.example.com`, `localhost:8080`. Private addresses need `allowPrivate`. */
  readonly net?: readonly string[] | NetOptions;
  /** `true`: the machine's clock; a function: seconds since the Unix epoch. */
  readonly clock?: boolean | (() => number);
  /** `true`: unpredictable; a number: a seed; a function: uniform in [0, 1). */
  readonly random?: boolean | number | (() => number);
  /** Asked before each read, write and request, after the rules above allowed it; anything but true refuses. */
  readonly onRequest?: (request: CapabilityRequest) => boolean;
}

export interface NetOptions {
  readonly hosts: readonly string[];
  /** Loopback, private and link-local addresses too. */
  readonly allowPrivate?: boolean;
  /** Milliseconds for one request. */
  readonly timeout?: number;
  /** Bytes of one answer, after decompression. */
  readonly maxBytes?: number;
}

export type CapabilityRequest =
  | { readonly kind: 'read' | 'write'; readonly path: string }
  | { readonly kind: 'net'; readonly method: string; readonly url: string };

/** A function of the host that programs call by a `tool` declaration. */
export interface Tool {
  /** Parameter types and result in ilo's notation: `id:n>R _ t`. */
  readonly signature: string;
  /**
   * Takes the arguments and then a ToolContext. A promise is awaited by `runAsync`; `run` refuses it. Of a tool that gives a result
   * (`R ok err`), `{ok: …}`, `{err: …}` or the good result itself are answers, and throwing is `^message`.
   */
  readonly call: (...args: never[]) => unknown;
}

/** What a tool is handed after its arguments. */
export interface ToolContext {
  /** Aborted when the run has ended, so that nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** Where programs run: beside the caller's code, in a thread of a pool, or in a process of a pool. */
export type Isolation = 'in-process' | 'worker' | 'process';

export interface RunOptions {
  /** Default: `in-process`. The others run with `runAsync` only. */
  readonly isolation?: Isolation;
  /** MiB that an isolated program may hold at once. Default: 512. */
  readonly memory?: number;
  readonly limits?: LimitOptions;
  readonly capabilities?: Capabilities;
  readonly tools?: Readonly<Record<string, Tool>>;
  readonly engine?: EngineChoice;
  /** Ends a run from outside, with ILO-R044. */
  readonly signal?: AbortSignal;
  /** Hears of each run that ended. */
  readonly onTrace?: (event: TraceEvent) => void;
}

export interface CompileOptions extends RunOptions {
  /** What the source is called in messages; `use` is relative to it. */
  readonly file?: string;
  /** Gives the text of a file that `use` names, or undefined. Default: nothing can be imported. */
  readonly readSource?: (path: string) => string | undefined;
}

export interface CheckOptions {
  readonly file?: string;
  readonly readSource?: (path: string) => string | undefined;
}

/** What a run has used. */
export interface Stats {
  readonly fuel: number;
  readonly bytes: number;
  readonly output: number;
  readonly milliseconds: number;
  readonly hostCalls: number;
}

export interface TraceEvent {
  readonly name: string;
  readonly engine: string;
  readonly stats: Stats;
  /** The code of the error the run ended with. */
  readonly error: string | undefined;
}

/** A call of a tool that a run waits for. */
export interface ToolCall {
  readonly tool: string;
  readonly args: readonly Data[];
}

/** A run that stops at each call of a tool. */
export interface Run {
  /** The call it waits for; undefined when it is done. */
  readonly pending: ToolCall | undefined;
  /** What the function gave; undefined while a call is pending. */
  readonly result: Data | undefined;
  readonly stats: Stats;
  /** Answers the pending call and runs on. Throws IloError. */
  answer(data: Input): void;
  /** Answers that the tool failed: `^message` to the program where its result can be an error. Throws IloError. */
  fail(message: string): void;
  /** All that is needed to go on later or elsewhere with the same source. */
  save(): Uint8Array;
}

export interface Program {
  readonly signatures: Readonly<Record<string, Signature>>;
  /** Warnings. */
  readonly problems: readonly Problem[];
  /** Runs a function. Throws IloError. */
  run(name: string, ...args: Input[]): Data;
  /** As `run`; tools may be asynchronous, and nothing blocks the event loop while one is waited for. */
  runAsync(name: string, ...args: Input[]): Promise<Data>;
  /**
   * Runs a function to its end or to the first call of a tool, which the caller answers. Such a run can be saved and goes on
   * where `restore` is called with what was saved, also in another process. Throws IloError.
   */
  begin(name: string, ...args: Input[]): Run;
  /** The run that was saved. Throws IloError ILO-E008 when it is not one of this program. */
  restore(saved: Uint8Array): Run;
  /** The functions, each as a JavaScript function. */
  readonly fn: Readonly<Record<string, (...args: Input[]) => Data>>;
  /** Calls a function once a row: one column for each parameter, all of one length. Throws IloError. */
  map(name: string, ...columns: (NumberArray | readonly Input[])[]): Float64Array | Data[];
  /**
   * As `map`, for functions of numbers and truth values: fills a Float64Array of the caller, truth values as 0 and 1, and gives it. When a
   * row fails, what the rows behind it hold is not said.
   */
  mapInto(name: string, out: Float64Array, ...columns: (NumberArray | readonly Input[])[]): Float64Array;
  /** The same program with other options for its runs; limits and capabilities are replaced as a whole. */
  with(options: RunOptions): Program;
  /** What the last run used. */
  readonly stats: Stats;
  /** Lets go of everything. Later runs throw. */
  dispose(): void;
}
