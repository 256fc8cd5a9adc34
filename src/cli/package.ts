// Files of the installed package: beside the bundle in dist/, or two folders up when this runs from the sources.
import { readFileSync } from 'node:fs';

/** A file of the package as text, or undefined when the installation lacks it. */
export function packageFile(path: string): string | undefined {
  for (const up of ['../', '../../']) {
    try {
      return readFileSync(new URL(up + path, import.meta.url), 'utf8');
    } catch {
      // Tried in the next place.
    }
  }
  return undefined;
}

export function packageVersion(): string {
  const text = packageFile('package.json');
  return text === undefined ? 'unknown' : (JSON.parse(text) as { version: string }).version;
}
