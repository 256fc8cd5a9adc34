// What can be wrong before there is a program: the file it should come from, and what the command line asks for.
// `wrong` and `right` are command lines here, not programs (see `commandLine` in row.ts).
import type { DiagnosticRow } from './row.ts';

export const COMMAND_ROWS = {
  'ILO-C001': {
    severity: 'error',
    title: 'the program file cannot be read',
    texts: {
      missing: "no such file: '{path}'",
      directory: "'{path}' is a directory, not a program",
      special: "'{path}' is not a regular file",
      denied: "no permission to read '{path}'",
      failed: "cannot read '{path}': {reason}",
      size: "'{path}' is too large: a program may have at most {limit} bytes",
      codeSize: 'the program is too large: it may have at most {limit} bytes',
    },
    explanation:
      'The first argument names a file when one of that name exists, or when it looks like a path: it ends in `.ilo`, or holds a slash and no blank. ' +
      'Everything else is taken as the program itself. A program is at most 64 MiB long.',
    wrong: 'ilo misspelt.ilo',
    right: "ilo 'dbl x:n>n;*x 2' 5",
    commandLine: true,
  },
  'ILO-C002': {
    severity: 'error',
    title: 'the program file is not text',
    texts: {
      utf8: "'{path}' is not UTF-8 text: {problem}",
      nul: "'{path}' is not text: it has a NUL byte at offset {offset}",
    },
    explanation:
      'Programs are UTF-8 text without NUL bytes. Offsets count bytes from 0 and point at the first byte that cannot be read as text.',
    wrong: 'ilo picture.png',
    right: 'ilo program.ilo',
    commandLine: true,
  },
  'ILO-C003': {
    severity: 'error',
    title: 'the program cannot be emitted',
    texts: { python: 'there is no Python for: {names}' },
    explanation:
      'An emitted program stands alone, so what it uses has to exist in the other language. The builtins and tools in the message ' +
      'reach outside the program in a way that only ilo knows. Emit a program without them, or run it with ilo.',
    wrong: `ilo 'f>R t t;get "https://example.org"' --emit python`,
    right: "ilo 'dbl x:n>n;*x 2' --emit python",
    commandLine: true,
  },
} as const satisfies Record<string, DiagnosticRow>;
