// What a program can do to the world besides files and network: print, wait, look at the clock and at the environment.
import { Err, Ok } from '../../../core/value/result.ts';
import { showValue } from '../../../core/value/show.ts';
import type { Value } from '../../../core/value/value.ts';
import { argument, constantCost, numberArgument, textArgument } from './arguments.ts';
import type { BuiltinContext, BuiltinRow } from './row.ts';

/** Waiting costs no fuel for its length: wall time has a limit of its own. */
function sleep(args: readonly Value[], context: BuiltinContext): Value {
  const milliseconds = numberArgument('sleep', 'requires a number of milliseconds', argument(args, 0));
  // Whole milliseconds; anything that is no time at all (negative, NaN, an infinity) is none.
  const whole = Number.isFinite(milliseconds) ? Math.floor(milliseconds) : 0;
  if (whole > 0) context.host.sleep(whole);
  return null;
}

function print(args: readonly Value[], context: BuiltinContext): Value {
  const value = argument(args, 0);
  const text = showValue(value);
  context.charge(text.length >> 2, 0);
  context.host.print(`${text}\n`);
  return value;
}

function environment(args: readonly Value[], context: BuiltinContext): Value {
  const name = textArgument('env', 'requires text', argument(args, 0));
  // No variable can have such a name, and asking the system for one is an error.
  const value = /^$|[=\0]/.test(name) ? undefined : context.host.env(name);
  return value === undefined ? new Err(`env var '${name}' not set`) : new Ok(value);
}

export const SYSTEM_BUILTINS: readonly BuiltinRow[] = [
  {
    name: 'prnt',
    aliases: ['print'],
    topic: 'system',
    signatures: ['prnt value:a > a'],
    effect: 'print',
    cost: () => ({ fuel: 20, bytes: 0 }),
    doc: 'Prints a value and a line break, and gives the value.',
    example: { code: 'f>n;x=prnt [1 "a"];len x', out: '[1, a]\n2' },
    run: print,
  },
  {
    name: 'env',
    topic: 'system',
    signatures: ['env name:t > R t t'],
    effect: 'env',
    cost: constantCost,
    doc: 'The value of an environment variable.',
    example: {
      code: 'f>t;r=env "NO_SUCH_NAME";?r{~v:v;^e:e}',
      out: "env var 'NO_SUCH_NAME' not set",
    },
    run: environment,
  },
  {
    name: 'now',
    topic: 'system',
    signatures: ['now > n'],
    effect: 'clock',
    cost: constantCost,
    doc: 'Seconds since 1970-01-01 UTC, with fraction.',
    example: { code: 'f>b;ts=now;>ts 1700000000', out: 'true' },
    run: (_, context) => context.host.now(),
  },
  {
    name: 'sleep',
    topic: 'system',
    signatures: ['sleep ms:n > _'],
    effect: 'sleep',
    cost: constantCost,
    doc: 'Waits that many milliseconds and gives nil.',
    example: { code: 'f>n;sleep 1;7', out: '7' },
    run: sleep,
  },
];
