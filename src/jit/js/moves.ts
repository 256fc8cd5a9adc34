// Block parameters are set all at once; JavaScript sets one variable after the other. A move waits while another one still reads
// what it would overwrite; where moves wait for each other in a ring, one value goes through a variable of its own.

export interface Move {
  readonly to: string;
  readonly from: string;
}

/** Assignments with the effect of all moves at once. `temporary` names a new variable. Linear in the number of names read. */
export function scheduleMoves(moves: readonly Move[], temporary: () => string): string[] {
  const real = moves.filter(move => move.to !== move.from);
  if (real.length === 1) return [`var ${real[0]!.to} = ${real[0]!.from}`];
  const out: string[] = [];
  const waiting = new Map(real.map(move => [move.to, { from: move.from, reads: namesIn(move.from) }]));
  const readers = new Map<string, number>();
  for (const { reads } of waiting.values()) {
    for (const name of reads) readers.set(name, (readers.get(name) ?? 0) + 1);
  }
  const isFree = (to: string): boolean => {
    const own = waiting.get(to)!.reads.has(to) ? 1 : 0;
    return (readers.get(to) ?? 0) <= own;
  };
  const ready = [...waiting.keys()].filter(isFree);
  const forget = (reads: ReadonlySet<string>): void => {
    for (const name of reads) {
      readers.set(name, readers.get(name)! - 1);
      if (waiting.has(name) && isFree(name)) ready.push(name);
    }
  };
  const rings = [...waiting.keys()].values();
  while (waiting.size > 0) {
    const to = ready.pop();
    if (to !== undefined) {
      const move = waiting.get(to);
      if (move === undefined) continue;
      waiting.delete(to);
      out.push(`var ${to} = ${move.from}`);
      forget(move.reads);
      continue;
    }
    // Each move is taken out of its ring once at most; when all have been, nothing reads anything any more.
    const first = rings.next().value!;
    const move = waiting.get(first);
    if (move === undefined) continue;
    const name = temporary();
    out.push(`var ${name} = ${move.from}`);
    waiting.set(first, { from: name, reads: new Set() });
    forget(move.reads);
    if (isFree(first)) ready.push(first);
  }
  return out;
}

function namesIn(expression: string): Set<string> {
  return new Set(expression.match(/\b[vw][0-9]+\b/g) ?? []);
}
