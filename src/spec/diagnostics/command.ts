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
  'ILO-C004': {
    severity: 'error',
    title: 'the configuration of tools cannot be used',
    texts: { file: '{problem}' },
    explanation:
      'The file behind `--tools` says where tools are reached over HTTP, the one behind `--mcp` which MCP servers there are; both are JSON. The message ' +
      'says which file and which entry is meant. docs/agents.md shows complete ones. Variables such as `${TOKEN}` in a configuration of MCP ' +
      'servers are those of the environment of ilo and have to be there.',
    wrong: 'ilo tools --mcp misspelt.json',
    right: 'ilo tools --mcp mcp.json',
    commandLine: true,
  },
  'ILO-C005': {
    severity: 'error',
    title: 'an MCP server cannot be used',
    texts: { server: '{problem}' },
    explanation:
      'Tools of MCP servers are verified before a program runs, so every server of the configuration has to start, greet and list its tools. ' +
      'It may take ten seconds for that, or what `start_secs` says. A server that ends early has usually said why on its standard error; the end of ' +
      'that stands in the message. A server gets PATH and the variables that `env` names, nothing else of the environment.',
    wrong: 'ilo run --mcp broken.json program.ilo',
    right: 'ilo tools --mcp mcp.json',
    commandLine: true,
  },
  'ILO-C006': {
    severity: 'error',
    title: 'a tool is declared as something else than it is',
    texts: { signature: "tool '{name}' is declared as '{declared}', but it is '{offered}'" },
    explanation:
      'A program may declare the tools that it calls. Where a tool comes from an MCP server, or its entry in the configuration has a signature, both ' +
      'have to agree, so that a call cannot go wrong at run time. `ilo tools --mcp FILE --ilo` prints declarations that do.',
    wrong: 'ilo check --mcp mcp.json stale.ilo',
    right: 'ilo tools --mcp mcp.json --ilo',
    commandLine: true,
  },
  'ILO-C007': {
    severity: 'error',
    title: 'the data cannot be read',
    texts: {
      cell: "'{cell}' is not of type {type}, which {param} asks for",
      short: 'there is no value for {param}: the row has {got} of {want} columns',
      field: "there is no field '{param}'",
      json: 'this line is not JSON: {problem}',
      shape: 'a line must be an object, or an array of {want} values',
      column: "the data has no column '{param}'; it has {known}",
      twice: "the column '{param}' is there more than once",
      header: 'the first line must name the columns, and there is none',
      long: 'a row is longer than {limit} characters; perhaps a quote is not closed',
      rest: 'the data ends in the middle of a row: {bytes} bytes are left',
      uneven: "'{path}' has more rows than '{other}'",
      file: "cannot read '{path}': {reason}",
    },
    explanation:
      '`ilo map` takes the arguments of a function from columns of a file: of CSV by the names in its first line, of JSON lines by the names of fields, ' +
      'of raw numbers by their order. Every cell must be of the type that the parameter declares. The place is that of the cell in the data.',
    wrong: `ilo map 'dbl x:n>n;*x 2' dbl --in missing.csv`,
    right: `ilo map 'dbl x:n>n;*x 2' dbl --in numbers.csv`,
    commandLine: true,
  },
  'ILO-C008': {
    severity: 'error',
    title: 'the results cannot be written',
    texts: {
      type: 'raw numbers cannot hold what {name} gives in row {row}: {got}',
      file: "cannot write '{path}': {reason}",
      failed: '{name} gave ^{problem} in row {row}',
    },
    explanation:
      '`ilo map` writes one result a row. Raw files hold numbers and truth values only; CSV and JSON lines hold any value. A row that gives `^e` ends the ' +
      'command. A file that is written to is replaced when all rows are done, and not at all when something goes wrong.',
    wrong: `ilo map 'f x:n>t;str x' f --in numbers.csv --out results.f64`,
    right: `ilo map 'f x:n>t;str x' f --in numbers.csv --out results.csv`,
    commandLine: true,
  },
} as const satisfies Record<string, DiagnosticRow>;
