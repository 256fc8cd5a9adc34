// Accumulator loops on the tree engine: twice as many rounds take about twice as long, with an old version held all the while.
import { median, time, verdict } from './measure.mjs';

const PROGRAMS = {
  'xs=+=xs v': 'f k:n>n;xs=[];old=+=xs 7;@i 0..k{xs=+=xs i};+len xs len old',
  'm=mset m k v': 'f k:n>n;m=mmap;m=mset m 0 9;old=m;@i 0..k{m=mset m i i};+len m len old',
  'xs=lst xs i v': 'f k:n>n;xs=range 0 1000;old=xs;@i 0..k{j=mod i 1000;xs=lst xs j i};+at xs 5 at old 5',
  's=+s t': 'f k:n>n;s="";old=+s "x";@i 0..k{s=+s "ab"};+len s len old',
};

export function benchAccumulators({ loadProgram, runProgram }, quick) {
  console.log('\nAccumulators: twice the rounds');
  const results = [];
  for (const [name, source] of Object.entries(PROGRAMS)) {
    const { unit, diagnostics } = loadProgram(source, { readFile: () => ({ err: 'none' }) });
    if (!unit) throw new Error(diagnostics[0].message);
    const run = rounds => {
      const result = runProgram(unit, 'f', [rounds], { host: {} });
      if (!('value' in result)) throw new Error(result.fault.message);
    };
    const measure = rounds => {
      const times = [];
      for (let i = 0; i < (quick ? 3 : 7); i++) times.push(time(() => run(rounds)));
      return median(times);
    };
    measure(20_000);
    const half = measure(100_000);
    results.push(verdict(`${name}, 200,000 over 100,000 (${half.toFixed(0)} ms)`, measure(200_000) / half, 2.5));
  }
  return results;
}
