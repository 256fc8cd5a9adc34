// Machine code for ARM64, run bare: an emulator that has to run all of Node for it takes twenty times as long.
//
// Everything in TypeScript runs on the processor at hand, as if that were ARM64 (scripts/arm64-bare.mjs bundles it so): programs are
// made, compiled, checked and compared there. In the place of src/jit/native/addon.ts stands this file, which gives each request to another
// process, runner.cc under the emulator: it has the machine code, the stack it runs on, and the addon's own functions for both. Memory that
// native code and JavaScript know is shared by the processes; the runner has it at other addresses, which are those that code sees.
//
// *What this does not show:* the addon's border to Node, and Node itself, on ARM64. Those are left to `--arch arm64` without `--bare`
// and to scripts/native-arm64.mjs.
import { createRequire } from 'node:module';
import type { Addon, EnterColumns, Loaded } from '../../../src/jit/native/addon.ts';
import { clock, counted } from './counts.ts';

export { explain } from '../../../src/jit/native/addon.ts';

/** host.cc. */
interface Host {
  readonly start: (...words: readonly string[]) => void;
  readonly view: (offset: number, bytes: number) => ArrayBuffer;
  readonly discard: (offset: number, bytes: number) => void;
  /** Seconds of processor time that the runner has taken. */
  readonly seconds: () => number;
  readonly ask: (look: () => number, op: number, a: number, b: number, c: number, d: number) => number;
}

// The same as in wire.h.
const TRANSFER_AT = 0x08000000;
const HEAP_AT = 0x10000000;
const HEAP_BYTES = 0x40000000;
const OPS = { probe: 0, reserve: 1, publish: 2, retire: 3, context: 4, enter: 5, enterColumns: 6, failIn: 7 } as const;
/** Where columns begin in the area of transfers, behind their addresses; each on a line of the cache. */
const COLUMNS_AT = 128;
const LINE = 64;

let known: Loaded | undefined;

export function loadAddon(): Loaded {
  known ??= load();
  return known;
}

function load(): Loaded {
  const { host: path, runner } = JSON.parse(process.env.ILO_BARE ?? '{}') as { host: string; runner: string[] };
  const host = createRequire(import.meta.url)(path) as Host;
  host.start(...runner);
  clock.seconds = host.seconds;
  const addon = remoteAddon(host);
  const problem = addon.probe();
  if (problem !== 0) throw new Error(`the runner may not run machine code: ${problem}`);
  return { addon, path: runner.join(' '), cpu: [] };
}

function remoteAddon(host: Host): Addon {
  const nobody = (): number => 1;
  const ask = (op: keyof typeof OPS, a = 0, b = 0, c = 0, d = 0, look = nobody): number => {
    try {
      return host.ask(look, OPS[op], a, b, c, d);
    } catch (error) {
      // What code does to its process happens to this one: whoever watches reports the program.
      console.error(String(error));
      process.exit(70);
    }
  };
  const transfer = new Uint8Array(host.view(TRANSFER_AT, HEAP_AT - TRANSFER_AT));
  const addresses = new BigUint64Array(transfer.buffer, 0, COLUMNS_AT / 8);
  let contexts = 0;
  let used = 0;
  let hasHeap = false;
  /** Copies the memory in which columns lie, and what lies beside them with it; gives what copies it back. */
  const takeAcross = (columns: readonly Float64Array[]): (() => void) => {
    const copies: (readonly [from: Uint8Array, to: Uint8Array])[] = [];
    let at = COLUMNS_AT;
    columns.forEach((column, i) => {
      const bytes = new Uint8Array(column.buffer);
      const copy = transfer.subarray(at, at + bytes.length);
      copy.set(bytes);
      copies.push([bytes, copy]);
      addresses[i] = BigInt(TRANSFER_AT + at + column.byteOffset);
      at = Math.ceil((at + bytes.length) / LINE) * LINE;
    });
    return () => {
      for (const [bytes, copy] of copies) bytes.set(copy);
    };
  };
  return {
    probe: () => ask('probe'),
    cpu: () => 0,
    failIn: count => ask('failIn', count),
    reserve: bytes => ask('reserve', bytes),
    publish: (arena, offset, room, code) => {
      counted('publications');
      transfer.set(code);
      return ask('publish', arena, offset, room, code.length);
    },
    retire: (arena, offset, room) => ask('retire', arena, offset, room),
    heap: () => {
      if (hasHeap) return undefined;
      hasHeap = true;
      return host.view(HEAP_AT, HEAP_BYTES);
    },
    trim: from => host.discard(HEAP_AT + from, HEAP_BYTES - from),
    context: (bytes, look) => {
      const number = contexts++;
      const offset = used;
      used += Math.ceil(bytes / 65_536) * 65_536;
      if (used > TRANSFER_AT || ask('context', number, offset, bytes) !== 0) return undefined;
      const looked = (): number => {
        counted('looks');
        return look();
      };
      const enter = (): void => {
        counted('entries');
        ask('enter', number, 0, 0, 0, looked);
      };
      const enterColumns: EnterColumns = (columns, from, to) => {
        counted('columns');
        const takeBack = takeAcross(columns);
        ask('enterColumns', number, columns.length, from, to, looked);
        takeBack();
      };
      return [enter, host.view(offset, bytes), enterColumns];
    },
  };
}
