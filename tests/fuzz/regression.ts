// A disagreement as a file: the small program, and above it what was found and the calls to compare. JSON after `-- call:` is what
// compare.ts calls a Call; command lines could not say it, since arguments there are of their declared types and never NaN.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Call } from './call.ts';
import type { Shrunk } from './shrink.ts';

export const REGRESSIONS = 'tests/fuzz/regressions';

const CALL = '-- call: ';

/** The text of a regression, for a disagreement of the program of a seed. */
export function regressionText(seed: number, { text, disagreement }: Shrunk): string {
  const { engine, call, expected, got } = disagreement;
  // Where a crash was says the path of whoever found it.
  const short = (observed: string): string => observed.split('\n    at ', 1)[0]!.replaceAll('\n', ', ').slice(0, 150);
  return [
    `-- ${engine} gave: ${short(got)}`,
    `-- expected: ${short(expected)}`,
    `-- found by: npm run fuzz -- --seed ${seed} --programs 1`,
    CALL + JSON.stringify(call),
    text,
  ].join('\n');
}

/** Writes a regression into a folder and gives its path. */
export function saveRegression(folder: string, seed: number, shrunk: Shrunk): string {
  const path = join(folder, `${shrunk.disagreement.engine}-${seed}.ilo`);
  writeFileSync(path, regressionText(seed, shrunk));
  return path;
}

/** The calls that a regression compares. */
export function callsOf(text: string): readonly Call[] {
  return text
    .split('\n')
    .filter(line => line.startsWith(CALL))
    .map(line => JSON.parse(line.slice(CALL.length)) as Call);
}

export function readRegressions(): readonly { readonly name: string; readonly text: string }[] {
  return readdirSync(REGRESSIONS)
    .filter(name => name.endsWith('.ilo'))
    .sort()
    .map(name => ({ name, text: readFileSync(join(REGRESSIONS, name), 'utf8') }));
}
