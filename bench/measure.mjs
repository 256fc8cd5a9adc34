// Measuring on a noisy machine: both sides in turn within one run, medians, and how far apart the quarters are.
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Half the distance between the quartiles, as a share of the median: under 0.1 is steady. */
export function spread(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const at = share => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return (at(0.75) - at(0.25)) / 2 / median(numbers);
}

/** Milliseconds that one call takes. */
export function time(work) {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/** Runs the sides in turn, `rounds` times, after one unmeasured round each; gives milliseconds per side. */
export function sideBySide(sides, rounds) {
  for (const side of sides) side();
  const times = sides.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, side] of sides.entries()) times[i].push(time(side));
  }
  return times;
}

/** One line of a report: what, the figure, the target, and whether it is met. */
export function verdict(label, ratio, limit, unit = '') {
  const met = ratio <= limit;
  console.log(
    `${met ? 'ok  ' : 'MISS'} ${label.padEnd(52)} ${ratio.toFixed(2)}${unit}  (target at most ${limit}${unit})`,
  );
  return met;
}

/** Microseconds on each clock. Processor time is that of the whole process, threads of the collector and the compiler included. */
export const CLOCKS = {
  wall: () => performance.now() * 1000,
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
};

/** Microseconds of one call of each of `works`, in turn, after so many milliseconds of warming up: the median of many batches. */
export function micros(works, clock, batches, warm = 50) {
  const counts = works.map(work => {
    for (const end = clock() + warm * 1000; clock() < end; ) work();
    for (let count = 1; ; count *= 2) {
      const start = clock();
      for (let i = 0; i < count; i++) work();
      if (clock() - start > 20_000) return count;
    }
  });
  const samples = works.map(() => []);
  for (let batch = 0; batch < batches; batch++) {
    for (const [at, work] of works.entries()) {
      const start = clock();
      for (let i = 0; i < counts[at]; i++) work();
      samples[at].push((clock() - start) / counts[at]);
    }
  }
  return samples.map(median);
}
