// Several moves that happen at once (arguments of a jump or a call) as moves one after the other. A move waits until nobody reads what it
// overwrites; where moves wait for each other in a circle, one value steps aside into the scratch register of its class.
import type { Location } from './allocate.ts';
import type { RegisterClass, VirtualRegister } from './lir.ts';

/** Where a move takes its value from. */
export type MoveSource = Location | { readonly kind: 'constant'; readonly register: VirtualRegister };

export interface Move {
  readonly kind: RegisterClass;
  readonly from: MoveSource | { readonly kind: 'scratch' };
  readonly to: Location | { readonly kind: 'scratch' };
}

export interface ParallelMove {
  readonly kind: RegisterClass;
  readonly from: MoveSource;
  readonly to: Location;
}

const isSame = (a: Move['from'], b: Move['to'], sameClass: boolean): boolean =>
  a.kind === b.kind &&
  (a.kind === 'slot' || sameClass) &&
  a.kind !== 'scratch' &&
  (a as Location).index === (b as Location).index;

/** The moves in an order in which one after the other does what all at once would do. Targets are different from each other. */
export function scheduleMoves(moves: readonly ParallelMove[]): readonly Move[] {
  const waiting: Move[] = moves.filter(({ from, to }) => !isSame(from, to, true));
  const done: Move[] = [];
  while (waiting.length > 0) {
    const free = waiting.findIndex(move =>
      waiting.every(other => other === move || !isSame(other.from, move.to, other.kind === move.kind)),
    );
    if (free >= 0) {
      done.push(...waiting.splice(free, 1));
      continue;
    }
    // Every target is still read by somebody: the first one's value steps aside.
    const { kind, to } = waiting[0]!;
    const aside: Move = { kind, from: to as Location, to: { kind: 'scratch' } };
    done.push(aside);
    for (let i = 0; i < waiting.length; i++) {
      const move = waiting[i]!;
      if (isSame(move.from, to, move.kind === kind)) waiting[i] = { ...move, from: { kind: 'scratch' } };
    }
  }
  return done;
}
