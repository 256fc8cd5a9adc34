// Native code in threads that are ended at any moment, code that is given back while others run theirs or while it runs itself, stacks that end:
// each in a process of its own.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IS_NATIVE } from './harness.ts';
import { makeScripts, type Scripts } from './processes.ts';

let scripts: Scripts;
beforeAll(async () => {
  scripts = await makeScripts();
});
afterAll(() => scripts.remove());

/** Emulated processors take their time. */
const EMULATED = process.env.ILO_TEST_NODE !== undefined;
const [THREADS, CYCLES, ROUNDS, STEPS, EVERY] = EMULATED ? [8, 30, 6, 5, 5] : [40, 1000, 50, 200, 1];

const FIB = "'fib n:n>n;<=n 1 n;+fib -n 1 fib -n 2'";

describe.runIf(IS_NATIVE)('processes', () => {
  test('threads that compile, run and are ended at random', () => {
    const said = scripts.run(`
      const { Worker, isMainThread, parentPort } = require('node:worker_threads');
      if (isMainThread) {
        let left = ${THREADS}, running = 0;
        const next = () => {
          if (left-- <= 0) return;
          running++;
          const worker = new Worker(__filename, { resourceLimits: { stackSizeMb: left % 2 ? 1 : 4 } });
          let done = false;
          worker.on('message', () => setTimeout(() => worker.terminate(), Math.random() * 20));
          worker.on('exit', () => { if (!done) { done = true; running--; next(); if (running === 0) console.log('all ended'); } });
        };
        for (let i = 0; i < 8; i++) next();
      } else {
        parentPort.postMessage('up');
        for (let i = 0; ; i++) {
          const unit = unitOf(${FIB} + '\\nloop n:n>n;s=0;@i 0..n{s=+s i};s\\nlist n:n>L n;xs=[];@i 0..n{xs=+=xs i};xs');
          run(unit, 'fib', [i % 20]);
          run(unit, 'list', [1000]);
          if (i % 3 === 0) ilo.disposeNative(unit);
          if (i % 5 === 0) run(unit, 'loop', [1e12]);
        }
      }
    `);
    expect(said).toBe('all ended');
  }, 240_000);

  test('recursion until the limit, on stacks of every size', () => {
    const said = scripts.run(`
      const { Worker, isMainThread, workerData, parentPort } = require('node:worker_threads');
      const deep = () => {
        const unit = unitOf('f n:n>n;=n 0 0;r=f -n 1;+r 1');
        return [10000, 200000].map(depth => run(unit, 'f', [depth - 1], { maxDepth: depth }).value === depth - 1
          && run(unit, 'f', [depth], { maxDepth: depth }).fault.code === 'ILO-R040').join();
      };
      if (isMainThread) {
        console.log(deep());
        for (const stackSizeMb of [1, 4]) new Worker(__filename, { resourceLimits: { stackSizeMb } }).on('message', text => console.log(text));
      } else parentPort.postMessage(deep());
    `);
    expect(said.split('\n')).toEqual(['true,true', 'true,true', 'true,true']);
  }, 240_000);

  test('what is compiled, run and given back leaves nothing behind', () => {
    const said = scripts.run(
      `
      const { readFileSync, readdirSync } = require('node:fs');
      const rounds = ${CYCLES};
      const sizes = [];
      for (let i = 0; i < rounds; i++) {
        const unit = unitOf('f n:n>n;s=' + i + ';@i 0..n{s=+s i};s');
        if (run(unit, 'f', [10]).value !== i + 45) throw new Error('wrong');
        ilo.disposeNative(unit);
        if (run(unit, 'f', [10]).value !== i + 45) throw new Error('wrong afterwards');
        ilo.disposeNative(unit);
        if (i === Math.floor(rounds / 3) || i === rounds - 1) {
          gc();
          sizes.push([process.memoryUsage().rss / 2 ** 20, readdirSync('/proc/self/fd').length, (readFileSync('/proc/self/maps', 'latin1').match(/ r-xp 00000000 00:00 0/g) ?? []).length]);
        }
      }
      const [[before, files, maps], [after, filesAfter, mapsAfter]] = sizes;
      console.log(after - before < 40, filesAfter - files, mapsAfter - maps < 4);
    `,
      ['--expose-gc'],
    );
    expect(said).toBe('true 0 true');
  }, 240_000);

  test('given back while it runs, and while it is about to be called', () => {
    const said = scripts.run(`
      const source = 'f n:n>n;s=0;@i 0..n{s=+s i};s\\ng n:n>n;<=n 0 0;+1 g -n 1\\nh xs:L n>n;s=0;@x xs{s=+s f x};s';
      const now = performance.now.bind(performance);
      const sum = n => n * (n - 1) / 2;
      const free = ilo.gapPages();
      let looks = 0;
      for (let round = 0; round < ${ROUNDS}; round++) {
        const unit = unitOf(source);
        // The clock is looked at in the middle of native code.
        performance.now = () => {
          if (looks++ % 3 === round % 3) {
            ilo.disposeNative(unit);
            const other = unitOf('k n:n>n;s=' + looks + ';@i 0..n{s=*s i};s');
            if (ilo.nativeUnitOf(other, false).functionAt(0) === undefined) throw new Error('not compiled');
            ilo.disposeNative(other);
          }
          return now();
        };
        const n = 50000 + round;
        const { value } = run(unit, 'f', [n], { limits: { timeout: 60000 } });
        if (value !== sum(n)) throw new Error(value);
        const deep = run(unit, 'g', [5000], { limits: { timeout: 60000 } }).value;
        if (deep !== 5000) throw new Error(deep);
        performance.now = now;
        // A call that was prepared before outlives the code.
        const call = ilo.preparedOf(unit, 'f');
        if (call([10]) !== 45) throw new Error('prepared');
        ilo.disposeNative(unit);
        if (call([10]) !== 45) throw new Error('prepared, disposed');
        if (run(unit, 'h', [new ilo.List([1, 2, 3])]).value !== 4) throw new Error('after');
        ilo.disposeNative(unit);
      }
      // What waited for running code was given back when the next code came.
      const last = unitOf(source);
      run(last, 'f', [1]);
      ilo.disposeNative(last);
      const kept = free === 0 ? 16 * 2 ** 20 / ilo.PAGE : free;
      console.log(looks > ${6 * ROUNDS}, ilo.gapPages() === kept);
    `);
    expect(said).toBe('true true');
  }, 240_000);

  test('given back in one thread while others run the same program', () => {
    const said = scripts.run(`
      const { Worker, isMainThread, workerData, parentPort } = require('node:worker_threads');
      const source = ${FIB} + '\\nlist n:n>L n;xs=[];@i 0..n{xs=+=xs i};xs';
      if (isMainThread) {
        const stop = new Int32Array(new SharedArrayBuffer(4));
        let up = 0, left = 4;
        const step = () => {
          const unit = unitOf(source);
          if (run(unit, 'fib', [15]).value !== 610) throw new Error('wrong');
          ilo.disposeNative(unit);
        };
        for (let i = 0; i < left; i++) {
          new Worker(__filename, { workerData: stop }).on('message', text => {
            if (text === 'up') {
              if (++up < 4) return;
              for (let i = 0; i < ${STEPS}; i++) step();
              Atomics.store(stop, 0, 1);
            } else if (text !== 'right') throw new Error(text);
            else if (--left === 0) console.log('all right');
          });
        }
      } else {
        parentPort.postMessage('up');
        const unit = unitOf(source);
        let right = true;
        while (Atomics.load(workerData, 0) === 0) {
          right &&= run(unit, 'fib', [15]).value === 610 && run(unit, 'list', [100]).value.length === 100;
        }
        parentPort.postMessage(right ? 'right' : 'wrong');
      }
    `);
    expect(said).toBe('all right');
  }, 240_000);

  test('whichever call of the system is refused, everything runs all the same', () => {
    const said = scripts.run(`
      const { Worker, isMainThread, workerData, parentPort } = require('node:worker_threads');
      const source = ${FIB} + '\\nlist n:n>L n;xs=[];@i 0..n{xs=+=xs i};xs';
      if (isMainThread) {
        // A thread has an environment of its own, in which nothing was reserved yet.
        const next = n => new Worker(__filename, { workerData: n }).on('message', text => {
          if (text === 'right') next(n + ${EVERY});
          else console.log(text, n);
        });
        next(1);
      } else {
        const { addon } = ilo.loadAddon();
        addon.failIn(workerData);
        const answers = [];
        for (let i = 0; i < 2; i++) {
          const unit = unitOf(source);
          answers.push(run(unit, 'fib', [10]).value + ' ' + run(unit, 'list', [3]).value.length);
          ilo.disposeNative(unit);
        }
        const right = answers.join() === '55 3,55 3';
        // What was not used up strikes now: there are fewer calls than n.
        const unused = [1, 2, 3, 4, 5].some(() => addon.probe() === -3);
        parentPort.postMessage(!right ? 'wrong ' + answers : unused ? 'all were refused once before' : 'right');
      }
    `);
    expect(said).toMatch(/^all were refused once before \d+$/);
    expect(Number(said.split(' ').at(-1))).toBeGreaterThan(5);
  }, 240_000);
});
