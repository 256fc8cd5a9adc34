// Reading and writing beside programs, for the tools that run when a service is built.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** The text of a file, or undefined when it cannot be read. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Where TypeScript looks for the declarations of `pricing.ilo`: `pricing.d.ilo.ts` beside it. */
export function typesPath(file: string): string {
  return file.replace(/\.ilo$/, '.d.ilo.ts');
}

/** Writes declarations unless the file has them already, so that no watcher is woken for nothing. Gives where. */
export function writeTypes(file: string, types: string): string {
  const path = typesPath(file);
  if (!existsSync(path) || readFileSync(path, 'utf8') !== types) writeFileSync(path, types);
  return path;
}
