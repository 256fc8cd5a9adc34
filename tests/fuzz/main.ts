// `npm run fuzz`: random programs on all engines, in processes of their own. See docs/fuzzing.md.
//
//     npm run fuzz -- --programs 100000 --jobs 2        as many programs, from seed 1 on
//     npm run fuzz -- --seed 4711 --programs 1          the program of one seed, printed
//     npm run fuzz -- --minutes 30 --programs 1000000   as many as it can in half an hour
//     npm run fuzz -- --engines js,vm                   only these, against the tree engine
//     npm run fuzz -- --arch arm64                      jit and batch under an emulator
//     npm run fuzz -- --arch arm64 --bare               only the machine code under it, which is much faster
//     npm run fuzz -- --save                            writes disagreements to tests/fuzz/regressions/
import { SUBJECTS, type Subject } from './call.ts';
import { generateProgram } from './generate/program.ts';
import { print } from './generate/tree.ts';
import { type JobEvents, type Runner, startJob } from './job.ts';
import { REGRESSIONS, regressionText, saveRegression } from './regression.ts';
import { addTally, describeTally, emptyTally } from './tally.ts';

import type { Message } from './worker.ts';

interface Settings {
  readonly programs: number;
  readonly seed: number;
  readonly jobs: number;
  readonly engines: readonly Subject[];
  readonly save: boolean;
  /** Stops when so many programs disagreed, or after so many minutes. */
  readonly most: number;
  readonly minutes: number | undefined;
}

const NUMBERS: Readonly<Record<string, 'programs' | 'seed' | 'jobs' | 'most' | 'minutes'>> = {
  '--programs': 'programs',
  '--seed': 'seed',
  '--jobs': 'jobs',
  '--most': 'most',
  '--minutes': 'minutes',
};

function readSettings(words: readonly string[]): Settings | string {
  const all = new Set<string>(SUBJECTS);
  let settings: Settings = {
    programs: 10_000,
    seed: 1,
    jobs: 1,
    engines: SUBJECTS,
    save: false,
    most: 20,
    minutes: undefined,
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
      settings = { ...settings, engines: engines as Subject[] };
      continue;
    }
    const key = NUMBERS[word];
    const number = Number(value);
    if (key === undefined) return `unknown option ${word}`;
    if (!Number.isInteger(number) || number < 1) return `${word} needs a whole number`;
    settings = { ...settings, [key]: number };
  }
  return settings;
}

/** Runs a campaign and gives the exit code. A signal ends it early, with its report. */
function campaign(settings: Settings, file: string, runner: Runner | undefined): Promise<number> {
  const { programs, seed, engines, save, most, minutes } = settings;
  const jobs = Math.min(settings.jobs, programs);
  const start = performance.now();
  const tally = emptyTally();
  let used = 0;
  let machine = 'none has run';
  const failed: number[] = [];
  const stops: (() => void)[] = [];
  const seconds = (): number => (performance.now() - start) / 1000;
  return new Promise(resolve => {
    let running = jobs;
    let finished = false;
    const finish = (): void => {
      if (finished) return;
      finished = true;
      for (const stop of stops) stop();
      for (const line of describeTally(tally)) console.log(line);
      console.log(`engines: ${engines.join(' ')} (${machine})`);
      console.log(
        `from seed ${seed} on, ${jobs} jobs, ${seconds().toFixed(0)} s, ${used.toFixed(0)} s of processor time`,
      );
      console.log(
        failed.length === 0 ? 'no disagreements' : `${failed.length} disagreements, seeds ${failed.join(' ')}`,
      );
      resolve(failed.length === 0 ? 0 : 1);
    };
    const report = (failing: number, text: string): void => {
      failed.push(failing);
      console.log(`seed ${failing}: ${text}`);
      if (failed.length < most) return;
      console.log(`stopped after ${most} disagreements`);
      finish();
    };
    const found = ({ seed: failing, shrunk, alike }: Message & { readonly kind: 'found' }): void => {
      const saved = save && !alike ? `\nsaved as ${saveRegression(REGRESSIONS, failing, shrunk)}` : '';
      report(failing, alike ? `${shrunk.disagreement.engine} again` : `\n${regressionText(failing, shrunk)}${saved}`);
    };
    const events: JobEvents = {
      message: message => {
        if (message.kind === 'tally') {
          addTally(tally, message.tally);
          used += message.seconds;
          machine = message.machine;
        } else if (message.kind === 'found') found(message);
      },
      lost: (lost, why) => report(lost, `${why}\n${print(generateProgram(lost).tree)}`),
      end: () => {
        running--;
        if (running === 0) finish();
      },
    };
    for (let job = 0; job < jobs && !finished; job++) {
      const count = Math.ceil((programs - job) / jobs);
      stops.push(startJob(file, { from: seed + job, count, step: jobs, engines }, events, runner));
    }
    const terminal = process.stderr.isTTY;
    const show = (): void => {
      const text = `${tally.programs} programs, ${seconds().toFixed(0)} s`;
      process.stderr.write(terminal ? `\r${text} ` : `${text}\n`);
    };
    const timers = [setInterval(show, terminal ? 500 : 60_000)];
    if (minutes !== undefined) timers.push(setTimeout(finish, minutes * 60_000));
    stops.push(() => {
      for (const timer of timers) clearInterval(timer);
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, finish);
  });
}

/** The command. `file` is what the processes run: worker.ts, bundled; `runner` says with what, where that is not this Node. */
export async function main(words: readonly string[], file: string, runner?: Runner): Promise<number> {
  const settings = readSettings(words);
  if (typeof settings === 'string') {
    console.error(settings);
    return 2;
  }
  if (settings.programs === 1) console.log(print(generateProgram(settings.seed).tree));
  return campaign(settings, file, runner);
}
