// What the process that runs bare code (addon.ts) did, for the report of a campaign; nothing where there is no such process.
interface Counts {
  publications: number;
  entries: number;
  columns: number;
  looks: number;
}

let counts: Counts = none();

export function counted(what: keyof Counts): void {
  counts[what]++;
}

function none(): Counts {
  return { publications: 0, entries: 0, columns: 0, looks: 0 };
}

/** What was counted since it was last taken. */
export function takeCounts(): Readonly<Record<keyof Counts, number>> {
  const taken = counts;
  counts = none();
  return taken;
}

/** Seconds of processor time that the other process has taken. */
export const clock = { seconds: (): number => 0 };

export function bareSeconds(): number {
  return clock.seconds();
}
