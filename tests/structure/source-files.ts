// Reads the source tree once for the structure tests: every file's imports, by a parser-free scan that is exact for the import
// forms this repository allows.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');

export interface SourceFile {
  /** Path from the repository's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  /** Paths (from the root) of the files of this repository that it imports when it is loaded; types do not count. */
  readonly imports: readonly string[];
  /** All of them, with types and `import()`. */
  readonly mentions: readonly string[];
}

export function readSources(folder: string): readonly SourceFile[] {
  const files = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.(ts|cc|h)$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name));
  return files.sort().map(file => {
    const text = readFileSync(file, 'utf8');
    const imports: string[] = [];
    const mentions: string[] = [];
    for (const match of text.matchAll(
      /^(import|export)\s+(type\s+)?[^;]*?from\s+'(\.[^']+)'|import\('(\.[^']+)'\)/gm,
    )) {
      const target = relative(ROOT, resolve(dirname(file), match[3] ?? match[4] ?? ''));
      mentions.push(target);
      if (match[3] !== undefined && match[2] === undefined) imports.push(target);
    }
    return { path: relative(ROOT, file), text, lines: text.split('\n').length - 1, imports, mentions };
  });
}
