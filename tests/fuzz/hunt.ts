// Looks for one disagreement, and says how many programs and seconds that took: for sources with a fault in them. Every program is
// announced, so that whoever started this sees when one does not end.
import type { Subject } from './call.ts';
import { tryProgram } from './campaign.ts';

export interface Hunt {
  /** Programs up to the one that found it. */
  readonly programs: number;
  readonly seconds: number;
  /** The engine that disagreed; undefined when all agreed to the end. */
  readonly engine: string | undefined;
}

/** Tries programs from a seed on, at most so many, on some engines. */
export function hunt(
  seed: number,
  most: number,
  engines: readonly Subject[],
  announce: (programs: number) => void,
): Hunt {
  const start = process.cpuUsage();
  const seconds = (): number => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
  };
  for (let programs = 1; programs <= most; programs++) {
    if (programs % 10 === 1) announce(programs);
    const { disagreement } = tryProgram(seed + programs - 1, engines);
    if (disagreement !== undefined) return { programs, seconds: seconds(), engine: disagreement.engine };
  }
  return { programs: most, seconds: seconds(), engine: undefined };
}

const [, , seed, most, engines] = process.argv;
if (process.send !== undefined) {
  const send = process.send.bind(process);
  send({
    found: hunt(Number(seed), Number(most), engines!.split(',') as Subject[], programs => send({ programs })),
  });
}
