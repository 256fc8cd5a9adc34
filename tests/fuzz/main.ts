// `npm run fuzz`: random programs on all engines, in threads. See docs/fuzzing.md.
//
//     npm run fuzz -- --programs 100000 --jobs 2        as many programs, from seed 1 on
//     npm run fuzz -- --seed 4711 --programs 1          the program of one seed, printed
//     npm run fuzz -- --engines js,vm                   only these, against the tree engine
//     npm run fuzz -- --save                            writes disagreements to tests/fuzz/regressions/
import { Worker } from 'node:worker_threads';
import { loadAddon } from '../../src/jit/native/addon.ts';
import { ENGINES, type EngineName } from '../../src/runtime/engines.ts';
import { generateProgram } from './generate/program.ts';
import { print } from './generate/tree.ts';
import { REGRESSIONS, regressionText, saveRegression } from './regression.ts';
import { addTally, describeTally, emptyTally } from './tally.ts';
import type { Assignment, Message } from './worker.ts';

interface Settings {
  readonly programs: number;
  readonly seed: number;
  readonly jobs: number;
  readonly engines: readonly EngineName[];
  readonly save: boolean;
  /** Stops when so many programs disagreed. */
  readonly most: number;
}

/** A program that takes longer than this hangs: each run of it is limited. Making it small may take longer. */
const HANGS_AFTER = 30_000;
const SHRINKS_FOR = 120_000;

function readSettings(words: readonly string[]): Settings | string {
  const all = new Set<string>(ENGINES.map(({ name }) => name));
  let settings: Settings = {
    programs: 10_000,
    seed: 1,
    jobs: 1,
    engines: ENGINES.map(({ name }) => name),
    save: false,
    most: 20,
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === '--save') {
      settings = { ...settings, save: true };
      continue;
    }
    const value = words[++at];
    if (value === undefined) return `${word} needs a value`;
    if (word === '--engines') {
      const engines = value.split(',');
      const unknown = engines.find(name => !all.has(name));
      if (unknown !== undefined) return `there is no engine ${unknown}; there are ${[...all].join(' ')}`;
      settings = { ...settings, engines: engines as EngineName[] };
      continue;
    }
    const key = ({ '--programs': 'programs', '--seed': 'seed', '--jobs': 'jobs', '--most': 'most' } as const)[word];
    const number = Number(value);
    if (key === undefined) return `unknown option ${word}`;
    if (!Number.isInteger(number) || number < 1) return `${word} needs a whole number`;
    settings = { ...settings, [key]: number };
  }
  return settings;
}

/** Runs a campaign and gives the exit code. */
function campaign(settings: Settings, file: string): Promise<number> {
  const { programs, seed, engines, save, most } = settings;
  const jobs = Math.min(settings.jobs, programs);
  const start = performance.now();
  const tally = emptyTally();
  const failed: number[] = [];
  const seconds = (): string => ((performance.now() - start) / 1000).toFixed(0);
  return new Promise(resolve => {
    let running = jobs;
    const stops: (() => void)[] = [];
    const finish = (): void => {
      clearInterval(progressTimer);
      for (const stop of stops) stop();
      for (const line of describeTally(tally)) console.log(line);
      const rate = tally.programs / ((performance.now() - start) / 1000);
      console.log(`engines: ${engines.join(' ')}`);
      if (engines.includes('jit'))
        console.log(`machine code: ${loadAddon().addon === undefined ? 'none, jit ran as js' : 'yes'}`);
      console.log(
        `seeds ${seed} to ${seed + programs - 1}, ${jobs} jobs, ${seconds()} s, ${rate.toFixed(0)} programs a second`,
      );
      console.log(
        failed.length === 0 ? 'no disagreements' : `${failed.length} disagreements, seeds ${failed.join(' ')}`,
      );
      resolve(failed.length === 0 ? 0 : 1);
    };
    const ended = (): void => {
      running--;
      if (running === 0) finish();
    };
    const report = (failing: number, text: string): void => {
      failed.push(failing);
      console.log(text);
      if (failed.length === most) {
        console.log(`stopped after ${most} disagreements`);
        running = 0;
        finish();
      }
    };
    const begin = (from: number, count: number): void => {
      if (count <= 0) {
        ended();
        return;
      }
      const progress = new Int32Array(new SharedArrayBuffer(8));
      progress[0] = from;
      const workerData: Assignment = { from, count, step: jobs, engines, progress };
      const worker = new Worker(file, {
        workerData,
        resourceLimits: { maxYoungGenerationSizeMb: 64, maxOldGenerationSizeMb: 2048, stackSizeMb: 4 },
      });
      let before = -1;
      let since = performance.now();
      /** Gives up on the program being worked on and goes on behind it. */
      const skip = (why: string): void => {
        clearInterval(watch);
        worker.removeAllListeners();
        worker.on('error', () => {});
        void worker.terminate();
        const at = progress[0]!;
        report(at, `seed ${at}: ${why}\n${print(generateProgram(at).tree)}`);
        if (running > 0) begin(at + jobs, count - (at - from) / jobs - 1);
      };
      const watch = setInterval(() => {
        const now = Atomics.load(progress, 0);
        if (now !== before) {
          before = now;
          since = performance.now();
        } else if (performance.now() - since > (Atomics.load(progress, 1) === 1 ? SHRINKS_FOR : HANGS_AFTER)) {
          skip('it hangs');
        }
      }, 1000);
      stops.push(() => {
        clearInterval(watch);
        void worker.terminate();
      });
      worker.on('message', (message: Message) => {
        if (message.kind === 'tally') addTally(tally, message.tally);
        else if (message.kind === 'found') {
          const { shrunk, alike } = message;
          const { engine } = shrunk.disagreement;
          if (alike) report(message.seed, `seed ${message.seed}: ${engine} again`);
          else {
            const where = save ? `\nsaved as ${saveRegression(REGRESSIONS, message.seed, shrunk)}` : '';
            report(message.seed, `seed ${message.seed}:\n${regressionText(message.seed, shrunk)}${where}`);
          }
        } else {
          clearInterval(watch);
          void worker.terminate();
          ended();
        }
      });
      worker.on('error', error => skip(`the thread ended: ${error.message}`));
    };
    const terminal = process.stderr.isTTY;
    const progressTimer = setInterval(
      () =>
        process.stderr.write(
          `${terminal ? '\r' : ''}${tally.programs} programs, ${seconds()} s${terminal ? ' ' : '\n'}`,
        ),
      terminal ? 500 : 60_000,
    );
    for (let job = 0; job < jobs; job++) begin(seed + job, Math.ceil((programs - job) / jobs));
  });
}

/** The command. `file` is what threads run: worker.ts, bundled. */
export async function main(words: readonly string[], file: string): Promise<number> {
  const settings = readSettings(words);
  if (typeof settings === 'string') {
    console.error(settings);
    return 2;
  }
  if (settings.programs === 1) console.log(print(generateProgram(settings.seed).tree));
  return campaign(settings, file);
}
