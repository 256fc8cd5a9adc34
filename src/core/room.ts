// What keeps a program without `--max-alloc` from using up the memory of the process, which would end it: large texts and lists note roughly what
// they take when they are made, and after every so much of it somebody looks at how full V8's heap really is (runtime/memory.ts). Noting is one
// subtraction, and has nothing to do with the limits of a run (meter.ts), which count exactly.
//
// Small values do not note anything: a subtraction for each record keeps V8 from leaving the record out altogether, which makes a loop over
// short-lived ones eight times as slow. So a program that holds nothing but a hundred million small records is not noticed.
//
// Like wall time, how full the heap is differs from run to run; so does the place where a program ends for it.

interface Room {
  left: number;
  /** Looks whether so many bytes have room, and sets `left` for the time until the next look. Throws ILO-R045. */
  look: (bytes: number) => void;
}

const FIRST_LOOK = 2 ** 25;

export const room: Room = {
  left: FIRST_LOOK,
  look: () => {
    room.left = FIRST_LOOK;
  },
};

/** Notes that about so many bytes are about to be allocated. Throws ILO-R045 when the process has no room for them. */
export function takeRoom(bytes: number): void {
  room.left -= bytes;
  if (room.left < 0) room.look(bytes);
}
