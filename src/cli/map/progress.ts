// How far a long command is, on one line of a terminal; nothing to anybody else.
import type { Console } from '../console.ts';

const MILLISECONDS_BETWEEN = 200;

/** Shows how many rows are done and what share of all; without a number the line is cleared. */
export function progressOn(
  console: Console,
  between = MILLISECONDS_BETWEEN,
): (rows: number | undefined, share: number | undefined) => void {
  if (!console.errIsTerminal()) return () => {};
  let shown = performance.now();
  let isShown = false;
  return (rows, share) => {
    if (rows === undefined) {
      if (isShown) put(console, '');
      return;
    }
    const now = performance.now();
    if (now - shown < between) return;
    shown = now;
    isShown = true;
    const part = share === undefined ? '' : `, ${Math.floor(share * 100)} %`;
    put(console, `${rows.toLocaleString('en')} rows${part}`);
  };
}

function put(console: Console, text: string): void {
  console.err.write(`\r\x1b[2K${text}`);
  console.err.flush();
}
