// Variables from `.env.local` and `.env` in the current directory, for programs that ask for one the environment lacks. The
// files are read at the first such question, so other programs never touch them.
import { readTextFile } from '../runtime/host/files.ts';

const LARGEST = 1024 * 1024;

/** Gives a lookup by name. A variable that both files set is taken from `.env.local`. */
export function dotEnvReader(): (name: string) => string | undefined {
  let variables: Map<string, string> | undefined;
  return name => {
    if (variables === undefined) {
      variables = new Map();
      for (const path of ['.env.local', '.env']) {
        const text = readTextFile(path, LARGEST);
        if ('ok' in text) readVariables(text.ok, variables);
      }
    }
    return variables.get(name);
  };
}

/** `NAME=value` lines, without quoting or expansion; `#` begins a comment line. Names already known stay as they are. */
function readVariables(text: string, into: Map<string, string>): void {
  for (const line of text.split(/\r?\n/)) {
    const trimmed = line.trim();
    const equals = trimmed.indexOf('=');
    if (trimmed.startsWith('#') || equals <= 0) continue;
    const name = trimmed.slice(0, equals).trim();
    if (name !== '' && !into.has(name)) into.set(name, trimmed.slice(equals + 1).trim());
  }
}
