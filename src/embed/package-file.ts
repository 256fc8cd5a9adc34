// Finds a file of the built package, from the bundle that runs or, when this runs from the sources, from what was built last.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The path of a file in dist/. Throws when the installation lacks it. */
export function packageFile(name: string): string {
  const candidates = [`./${name}`, `../../dist/${name}`];
  const path = candidates.map(candidate => fileURLToPath(new URL(candidate, import.meta.url))).find(existsSync);
  if (path === undefined) throw new Error(`${name} is missing from the installation of ilo`);
  return path;
}
