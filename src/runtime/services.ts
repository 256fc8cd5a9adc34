// Joins a running engine with builtins and the host: each builtin is bound to the run once, on its first call.

import type { CoreTool } from '../core/core.ts';
import { builtinFault, fault } from '../core/fault.ts';
import type { Host } from '../core/host.ts';
import { LONG_TEXT } from '../core/long-work.ts';
import type { Meter } from '../core/meter.ts';
import { writeJson } from '../core/value/json.ts';
import { jsonToText, parseJson, parseToolJson } from '../core/value/json-parse.ts';
import { List } from '../core/value/list.ts';
import { Err, Ok } from '../core/value/result.ts';
import { showValue } from '../core/value/show.ts';
import type { Value } from '../core/value/value.ts';
import type { BuiltinContext, BuiltinRow, BuiltinTable } from '../lang/ilo/builtins/row.ts';
import { acceptsCount, countsInWords, signaturesOf } from '../lang/ilo/builtins/signature.ts';
import type { RunServices } from '../vm/engine.ts';
import { watchMemory } from './memory.ts';

export interface ServiceOptions {
  readonly builtins: BuiltinTable;
  readonly host: Host;
  readonly maxDepth: number;
  readonly meter: Meter | undefined;
  readonly random: () => number;
  /** Calls a function value on the engine; set once the engine exists. */
  readonly callValue: (callee: Value, args: readonly Value[]) => Value;
  readonly wentDeep?: RunServices['wentDeep'];
}

type Bound = (args: readonly Value[]) => Value;

/** Makes the services of one run. */
export function makeServices(options: ServiceOptions): RunServices {
  watchMemory();
  const { meter } = options;
  const context: BuiltinContext = {
    call: options.callValue,
    host: meter === undefined ? options.host : meteredHost(options.host, meter),
    random: options.random,
    charge: meter === undefined ? () => {} : (fuel, bytes) => meter.charge(fuel, bytes),
  };
  // A name that is no builtin's is kept as well: functions are asked for by name again and again.
  const bound = new Map<string, Bound | undefined>();
  return {
    maxDepth: options.maxDepth,
    meter,
    wentDeep: options.wentDeep,
    builtin(name) {
      const known = bound.get(name);
      if (known !== undefined || bound.has(name)) return known;
      const row = options.builtins.get(name);
      const made = row && bindBuiltin(row, row.run, context, meter);
      bound.set(name, made);
      return made;
    },
    walk(name) {
      const row = options.builtins.get(name);
      return row?.walk && bindBuiltin(row, row.walk, context, meter);
    },
    tool: (tool, args) => callTool(tool, args, options.host, meter),
  };
}

/** The host with its output counted. */
function meteredHost(host: Host, meter: Meter): Host {
  return {
    ...host,
    print: text => {
      meter.chargeOutput(text.length);
      host.print(text);
    },
  };
}

/** The verifier has counted the arguments of a direct call; a call through a function value is counted here. */
function bindBuiltin<Result>(
  row: BuiltinRow,
  run: (args: readonly Value[], context: BuiltinContext) => Result,
  context: BuiltinContext,
  meter: Meter | undefined,
): (args: readonly Value[]) => Result {
  const accepted: boolean[] = [];
  return args => {
    const count = args.length;
    accepted[count] ??= signaturesOf(row).some(signature => acceptsCount(signature, count));
    if (!accepted[count]) {
      throw builtinFault(row.name, `expected ${countsInWords(signaturesOf(row))} args, got ${count}`);
    }
    if (meter !== undefined) {
      const { fuel, bytes } = row.cost(args);
      meter.charge(fuel, bytes);
      for (let i = 0; i < count; i++) {
        const arg = args[i];
        if (typeof arg === 'string' && arg.length >= LONG_TEXT) meter.checkTime();
      }
    }
    return run(args, context);
  };
}

/** External tools take their arguments as a JSON array and answer with JSON; `R ok err` results wrap the answer. */
function callTool(tool: CoreTool, args: readonly Value[], host: Host, meter: Meter | undefined): Value {
  if (tool.params.length !== args.length) {
    throw fault('ILO-R004', 'arity', { name: tool.name, want: tool.params.length, got: args.length });
  }
  if (!host.tool) {
    host.printError(`tool call: ${tool.name}(${args.map(showValue).join(', ')})\n`);
    return new Ok(null);
  }
  const seconds = tool.timeout ?? Number.POSITIVE_INFINITY;
  const withinMs = Math.max(1, Math.min(seconds * 1000, meter?.timeLeft() ?? Number.POSITIVE_INFINITY));
  const argsJson = writeJson(new List([...args]), { results: 'wrap' });
  const answer = host.tool(tool.name, argsJson, { withinMs, retries: tool.retry });
  meter?.checkClock();
  const success = tool.result.kind === 'result' ? tool.result.ok : tool.result;
  if ('err' in answer) return new Err(answer.err);
  const read = success.kind === 'text' ? jsonToText : answer.plain === true ? parseJson : parseToolJson;
  const value = read(answer.ok);
  return 'err' in value ? new Err(value.err) : new Ok(value.ok);
}
