// The workloads on every engine, beside hand-written JavaScript and what other interpreters this machine has. All sides of a workload
// must give the same answer before any is timed. Memory is the peak of the process (maxRSS) after three calls, Node itself included.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { median, spread } from './measure.mjs';
import { findCommand, measureInTurns, startSide } from './sides/measured.mjs';
import { WORKLOADS } from './workloads/table.mjs';

const JAVASCRIPT = 'JavaScript';

/** Other implementations: the names of their command, the program that makes them a side, and how files of theirs end. */
const PEERS = [
  { name: 'Lua', commands: ['lua5.4', 'lua'], side: 'lua.lua', extension: 'lua' },
  { name: 'LuaJIT', commands: ['luajit'], side: 'lua.lua', extension: 'lua' },
  { name: 'CPython', commands: ['python3'], side: 'python.py', extension: 'py' },
  { name: 'PyPy', commands: ['pypy3'], side: 'python.py', extension: 'py' },
];

/** What is promised of a workload. `ratio` is undefined where the promise says nothing or a side is missing. */
const PROMISES = [
  {
    name: 'js over hand-written JavaScript',
    short: 'js / JavaScript',
    limit: 1.1,
    ratio: ({ of }) => of('js', JAVASCRIPT),
  },
  {
    name: 'auto over the best engine',
    short: 'auto / best engine',
    limit: 1.05,
    ratio: ({ of, engines }) => of('auto', ...engines.filter(engine => engine !== 'auto')),
  },
  {
    name: "vm over Lua's interpreter, numeric",
    short: 'vm / Lua',
    limit: 1,
    ratio: ({ of, numeric }) => (numeric ? of('vm', 'Lua') : undefined),
  },
  {
    name: 'vm over CPython',
    short: 'vm / CPython',
    limit: 0.5,
    ratio: ({ of }) => of('vm', 'CPython'),
  },
  {
    name: 'peak memory of the largest engine over JavaScript',
    short: 'memory / JavaScript',
    limit: 2,
    ratio: ({ engines, peaks }) => {
      const largest = Math.max(...engines.map(engine => peaks.get(engine) ?? 0));
      return largest > 0 && peaks.has(JAVASCRIPT) ? largest / peaks.get(JAVASCRIPT) : undefined;
    },
  },
];

const here = name => fileURLToPath(new URL(name, import.meta.url));

/**
 * Measures and prints. `options`: `bundle`, the path of the bundled internals; `engines`, names; `only`, names of workloads or
 * undefined for all; `quick`; `clock`, `wall` or `cpu`. Gives what was measured, for documents, and for each promise and workload whether it is kept.
 */
export async function benchWorkloads(options) {
  const { engines, only, quick, clock } = options;
  const peers = PEERS.map(peer => ({ ...peer, command: findCommand(peer.commands) }));
  const chosen = WORKLOADS.filter(({ name }) => only === undefined || only.includes(name));
  const sides = [JAVASCRIPT, ...engines, ...peers.map(({ name }) => name)];
  const what = clock === 'cpu' ? 'processor time' : 'time';
  console.log(
    `\nWorkloads: median ${what} of a call, over hand-written JavaScript; last the widest spread of the line`,
  );
  console.log(line('', [...sides, 'spread']));
  for (const { name } of peers.filter(({ command }) => command === undefined)) console.log(`     ${name} is not here`);
  const measured = [];
  for (const workload of chosen) {
    const result = await measureWorkload(workload, peers, options);
    measured.push(result);
    const base = result.medians.get(JAVASCRIPT);
    const cells = sides.map(side => {
      const value = result.medians.get(side);
      if (value === undefined) return '-';
      return side === JAVASCRIPT ? showTime(value) : (value / base).toFixed(2);
    });
    console.log(line(workload.name, [...cells, result.spread.toFixed(2)]));
  }
  const promises = PROMISES.map(({ name, short, limit, ratio }) => ({
    name,
    short,
    limit,
    ratios: new Map(measured.map(result => [result.name, ratio(result)])),
  }));
  const kept = promises.flatMap(printPromise);
  if (quick) console.log('\n--quick: too few samples for ratios to be relied on');
  return { sides, measured, promises, kept };
}

/** Prints a promise with its ratio on each workload, and gives whether each is kept. */
function printPromise({ name, limit, ratios }) {
  const known = [...ratios].filter(([, ratio]) => ratio !== undefined);
  if (known.length === 0) return [];
  const kept = known.map(([, ratio]) => ratio <= limit);
  console.log(`\n${name}: at most ${limit} on ${kept.filter(Boolean).length} of ${known.length}`);
  for (const [workload, ratio] of known) {
    console.log(`${ratio <= limit ? 'ok  ' : 'MISS'} ${workload.padEnd(20)}${ratio.toFixed(2)}`);
  }
  return kept;
}

async function measureWorkload(workload, peers, { bundle, engines, quick, clock }) {
  const { name, n, numeric } = workload;
  const file = extension => here(`workloads/${name}.${extension}`);
  const sides = [];
  const start = async (side, command, args) => {
    progress(`${name}: starting ${side}`);
    sides.push(await startSide(side, command, args.map(String)));
  };
  try {
    await start(JAVASCRIPT, process.execPath, [here('sides/javascript.mjs'), file('mjs'), n]);
    for (const engine of engines) {
      await start(engine, process.execPath, [here('sides/ilo.mjs'), bundle, engine, file('ilo'), n]);
    }
    for (const { name: peer, command, side, extension } of peers) {
      if (command === undefined || !existsSync(file(extension))) continue;
      await start(peer, command, [here(`sides/${side}`), file(extension), n]);
    }
    const [first] = sides;
    for (const side of sides) {
      if (!same(side.result, first.result)) {
        throw new Error(`${name}: ${side.name} gives ${shorten(side.result)}, ${first.name} ${shorten(first.result)}`);
      }
    }
    progress(`${name}: measuring`);
    const effort = quick ? { warm: 150, sample: 10, rounds: 3 } : { warm: 400, sample: 40, rounds: 9 };
    const times = await measureInTurns(sides, { ...effort, clock });
    const medians = new Map(sides.map((side, i) => [side.name, median(times[i])]));
    return {
      name,
      numeric,
      engines,
      medians,
      spread: Math.max(...times.map(spread)),
      peaks: new Map(sides.filter(({ peak }) => peak !== undefined).map(side => [side.name, side.peak])),
      /** The median of one side over the least of others; undefined when one is missing. */
      of: (side, ...others) => {
        const against = Math.min(...others.map(other => medians.get(other) ?? Number.NaN));
        const ratio = (medians.get(side) ?? Number.NaN) / against;
        return Number.isNaN(ratio) ? undefined : ratio;
      },
    };
  } finally {
    for (const side of sides) side.end();
    progress('');
  }
}

/** Whether two answers are the same number or the same text. */
function same(a, b) {
  return a === b || (a.trim() !== '' && Number(a) === Number(b));
}

/** Shows what happens on one line of a terminal, which an empty text clears; says nothing to anybody else. */
function progress(what) {
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[2K${what}`);
}

const shorten = text => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

export const showTime = milliseconds =>
  milliseconds < 1 ? `${(milliseconds * 1000).toFixed(0)} µs` : `${milliseconds.toFixed(2)} ms`;

/** A line of the table. */
const line = (label, cells) => `     ${label.padEnd(15)}${cells.map(cell => cell.padStart(11)).join('')}`;
