// Moves that happen at once, one after the other: the arguments of a jump go to the parameters of its block, and a register may
// be both read and written. A move is made when nobody needs the old content of its target any more; what then remains are
// cycles, and each is opened by putting one register aside.

export interface Move {
  readonly to: number;
  readonly from: number;
  /** Whether what moves is known to be a number. */
  readonly isNumber: boolean;
}

/** Orders the moves. Targets are distinct. `spare` gives a register that no move names; it is asked for only when needed. */
export function orderMoves(moves: readonly Move[], spare: () => number): Move[] {
  const pending = new Map<number, Move>();
  const readers = new Map<number, number>();
  for (const move of moves) {
    if (move.to === move.from) continue;
    pending.set(move.to, move);
    readers.set(move.from, (readers.get(move.from) ?? 0) + 1);
  }
  const ordered: Move[] = [];
  const ready = [...pending.values()].filter(move => !readers.has(move.to));
  const finish = (): void => {
    while (ready.length > 0) {
      const move = ready.pop()!;
      ordered.push(move);
      pending.delete(move.to);
      const left = readers.get(move.from)! - 1;
      readers.set(move.from, left);
      const freed = left === 0 ? pending.get(move.from) : undefined;
      if (freed !== undefined) ready.push(freed);
    }
  };
  finish();
  for (const move of moves) {
    if (pending.get(move.to) !== move) continue;
    // Only cycles are left: the content of this target waits in the spare register for the one that reads it.
    const aside = spare();
    const reader = [...cycleFrom(move, pending)].find(each => each.from === move.to)!;
    ordered.push({ to: aside, from: move.to, isNumber: reader.isNumber });
    pending.set(reader.to, { ...reader, from: aside });
    readers.set(aside, 1);
    ready.push(move);
    finish();
  }
  return ordered;
}

function* cycleFrom(move: Move, pending: ReadonlyMap<number, Move>): Generator<Move> {
  let at: Move | undefined = move;
  do {
    yield at;
    at = pending.get(at.from);
  } while (at !== undefined && at !== move);
}
