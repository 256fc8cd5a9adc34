// The commands as their help shows them. The dispatcher knows how to load each; a test compares the two.

export interface CommandRow {
  readonly name: string;
  readonly usage: readonly string[];
  /** One line. */
  readonly summary: string;
  readonly details: string;
  readonly flags: readonly (readonly [flag: string, meaning: string])[];
  readonly examples: readonly (readonly [command: string, result: string])[];
}

export const COMMON_FLAGS: CommandRow['flags'] = [
  ['-a, --ansi', 'diagnostics in colour (the default on a terminal)'],
  ['-t, --text', 'diagnostics as plain text (the default on a terminal with NO_COLOR set)'],
  ['-j, --json', 'diagnostics as JSON, one a line (the default into a pipe); results in an envelope'],
];

export const ENGINE_FLAGS: CommandRow['flags'] = [
  ['--engine NAME', 'which engine runs the program (ilo doctor lists them)'],
  ['--explain-engine', 'say on standard error which engine ran, and why'],
  ['--run, --run-tree, --run-vm, --run-jit, --run-cranelift, --run-llvm', 'the same, in the spellings of upstream'],
];

export const TOOL_FLAGS: CommandRow['flags'] = [
  ['--tools FILE', 'where tools are reached over HTTP (JSON)'],
  ['--mcp FILE', 'MCP servers, whose tools programs may call without declaring them (JSON)'],
];

export const LIMIT_FLAGS: CommandRow['flags'] = [
  ['--fuel N', 'end the program after N units of work'],
  ['--timeout MS', 'end it after so many milliseconds'],
  ['--max-alloc BYTES', 'end it when it has allocated so many bytes in all'],
  ['--max-depth N', 'how deeply calls may nest (10000)'],
  ['--max-output N', 'end it when it has printed N characters'],
  ['--max-errors N', 'how many diagnostics are shown (100)'],
];

const PERMISSION_FLAGS: CommandRow['flags'] = [
  ['--allow-read DIR,…', 'files under these directories may be read'],
  ['--allow-write DIR,…', 'and written'],
  ['--allow-net HOST,…', 'requests to these hosts: api.example.com, *.example.org, localhost:8080'],
  ['--allow-private', 'loopback and private addresses too'],
  ['--allow-env NAME,…', 'these variables of the environment'],
  ['--allow-clock', 'the time, and waiting'],
  ['--allow-random', 'random numbers'],
];

export const COMMANDS: readonly CommandRow[] = [
  {
    name: 'run',
    usage: ['ilo run FILE|CODE [FUNCTION] [ARGUMENT…]', 'ilo FILE|CODE [FUNCTION] [ARGUMENT…]'],
    summary: 'run a program, from a file or from the command line',
    details: [
      'The first argument is a file when one of that name exists or when it looks like a path; otherwise it is the program.',
      'The next one names the function to call, if the program has a function of that name. Without it, `main` is called, or the',
      'only function. All others are the arguments: numbers, true, false, nil, lists such as 1,2,3 or [1,2,3], and text; a',
      'parameter of type t takes its argument as it stands. `--` in front of an argument makes it and all that follow data.',
      '',
      'A result goes to standard output. A program that ends with ^e prints it on standard error, and the exit code is 1.',
    ].join('\n'),
    flags: [
      ...ENGINE_FLAGS,
      ['-nh, --no-hints', 'no hints about shorter spellings after a run'],
      [
        '--sandbox',
        'the program may only compute and print; so too with each of the following, but for what it allows',
      ],
      ...PERMISSION_FLAGS,
      ...TOOL_FLAGS,
      ...LIMIT_FLAGS,
      ['--ast', 'print the syntax tree as JSON instead of running'],
      ['--emit python', 'print the program as a standalone Python program'],
      ['--dump=STAGE,…', 'print the program at stages of its compilation: ast, core, ir, ir:opt, ir:PASS, bc, js, asm'],
      ['-x, --explain', 'say in words what each statement does instead of running'],
      ['-d, --dense, --fmt', 'print the program in its short form instead of running'],
      ['-e, --expanded, --fmt-expanded', 'print the program with line breaks and indentation instead of running'],
      ['-e CODE', 'in front: what follows is the program, never a file'],
      ...COMMON_FLAGS,
    ],
    examples: [
      ["ilo 'dbl x:n>n;*x 2' 5", '10'],
      ["ilo run 'tot xs:L n>n;sum xs' 1,2,3", '6'],
      ["ilo run --allow-net api.example.com --timeout 5000 'f x:n>n;*x 2' 5", '10'],
    ],
  },
  {
    name: 'check',
    usage: ['ilo check FILE|CODE… [--strict]'],
    summary: 'report all mistakes without running anything',
    details: 'Exit code 0 when there are none, 2 otherwise.',
    flags: [['--strict', 'warnings count as mistakes'], ...TOOL_FLAGS, ...COMMON_FLAGS],
    examples: [
      ["ilo check 'f x:n>n;*x 2'", 'nothing: all is well'],
      ["ilo check 'f x:n>n;*y 2' --text", "error[ILO-T004]: undefined variable 'y' …"],
    ],
  },
  {
    name: 'fmt',
    usage: ['ilo fmt FILE|CODE… [--dense|--expanded] [--check|--write]'],
    summary: 'print programs in a uniform layout',
    details:
      'The dense form has one line per declaration and no blank that can be left out; the expanded form is for people to read.\n' +
      'Without --check and --write the result goes to standard output.',
    flags: [
      ['-d, --dense', 'the short form (the default)'],
      ['-e, --expanded', 'the readable form'],
      ['--check', 'only say which files would change; exit code 1 if any would'],
      ['--write', 'replace the files'],
    ],
    examples: [
      ["ilo fmt 'f  x:n > n ; * x 2'", 'f x:n>n;*x 2'],
      ['ilo fmt program.ilo --expanded', 'the program with line breaks and indentation'],
    ],
  },
  {
    name: 'test',
    usage: ['ilo test FILE|DIRECTORY… [--update] [--verbose]'],
    summary: 'run the cases written into programs as comments',
    details: [
      '-- run: dbl 21      calls a function with arguments',
      '-- out: 42          is what it must print, one comment for each line',
      '-- err: not found   must stand in standard error, and the run must fail',
      '',
      'A directory stands for all programs in it. Exit code 0 when all cases pass.',
    ].join('\n'),
    flags: [
      ['--update', 'write what happened into the programs, where it differs'],
      ['-v, --verbose', 'name the cases that pass, too'],
      ['--engine NAME', 'which engine runs the cases'],
      ...TOOL_FLAGS,
    ],
    examples: [
      ['ilo test examples', 'every program in the folder; last: the number passed and failed'],
      ['ilo test program.ilo --update', 'fills in the expectations'],
    ],
  },
  {
    name: 'explain',
    usage: ['ilo explain CODE', 'ilo explain FILE|CODE-OF-A-PROGRAM'],
    summary: 'what a diagnostic code means, or what a program does',
    details:
      'A code may be short (t4 is ILO-T004). For anything else the statements of the program are described one by one.',
    flags: COMMON_FLAGS,
    examples: [
      ['ilo explain ILO-T004', 'why it is reported, with a wrong and a right program'],
      ["ilo explain 'f x:n>n;*x 2'", 'each statement with its role'],
    ],
  },
  {
    name: 'graph',
    usage: ['ilo graph FILE [--fn NAME [--reverse|--subgraph|--budget N]] [--dot]'],
    summary: 'which function calls which',
    details: 'JSON by default: functions with their calls, the types they use, and who calls them.',
    flags: [
      ['--fn NAME', 'only what concerns one function'],
      ['--reverse', 'with --fn: who calls it'],
      ['--subgraph', 'with --fn: all that it needs, directly or not'],
      ['--budget N', 'with --fn: as much of its source and its callees as fits into N tokens'],
      ['--dot', 'a drawing for Graphviz'],
    ],
    examples: [
      ['ilo graph program.ilo', 'the whole graph as JSON'],
      ['ilo graph program.ilo --dot | dot -Tsvg > calls.svg', 'a picture of it'],
    ],
  },
  {
    name: 'repl',
    usage: ['ilo repl [-j] [--engine NAME] [--tools FILE] [--mcp FILE]'],
    summary: 'try things: definitions stay, everything else is evaluated',
    details: [
      'An input goes on in the next line while a bracket is open or it ends in `;`; a blank line ends it. A definition takes the place of an',
      'older one of the same name. :help lists the commands: :defs, :t for types, :dump for the stages of compilation, :w to save. On a',
      'terminal there are history and completion, and Ctrl-C forgets what was typed or ends what runs; with -j each reply is one line of JSON.',
    ].join('\n'),
    flags: [['--engine NAME', 'which engine evaluates'], ...TOOL_FLAGS, ...LIMIT_FLAGS, ...COMMON_FLAGS],
    examples: [
      ['ilo repl', 'a prompt'],
      [`printf 'dbl x:n>n;*x 2\\ndbl 5\\n' | ilo repl -j`, '{"ok":"defined dbl"} and {"ok":10}'],
    ],
  },
  {
    name: 'serv',
    usage: ['ilo serv [--tools FILE] [--mcp FILE] [--jobs N]'],
    summary: 'answer requests over standard input and output, a line of JSON each',
    details: [
      'First comes {"ready":true}. A request is {"program": CODE, "func": NAME, "args": [TEXT, …]}, of which only the program is needed; an',
      'answer is {"ok": VALUE, "ms": N} or {"error": {"phase": …, "diagnostics": […]}}, with what was printed in "output". With an "id",',
      'which is given back, answers come as soon as they are there, otherwise in order. "limits" (fuel, timeout, alloc, depth, output) and',
      '"engine" hold for one request. Requests run side by side; without limits of its own, a request has 10 seconds.',
    ].join('\n'),
    flags: [...TOOL_FLAGS, ['--jobs N', 'how many requests run at once (as many as there are processors)']],
    examples: [
      [`echo '{"program":"f x:n>n;*x 2","args":["21"]}' | ilo serv`, '{"ready":true} and {"ok":42,"ms":…}'],
      [
        `echo '{"id":1,"program":"f>n;g()"}' | ilo serv`,
        '{"id":1,"error":{"phase":"verify","diagnostics":[…]},"ms":…}',
      ],
    ],
  },
  {
    name: 'mcp',
    usage: ['ilo mcp [--allow-read DIR,…] [--allow-net HOST,…] … [--tools FILE] [--mcp FILE]'],
    summary: 'ilo as an MCP server over standard input and output, for agents',
    details: [
      'An agent gets the tools check, run, explain and search_builtins, and the resource ilo://reference, from which it learns the language. In the',
      'configuration of its client: {"mcpServers": {"ilo": {"command": "npx", "args": ["-y", "ilo", "mcp"]}}}',
      '',
      'Programs run apart, in threads, within limits; what a request asks for can only be less. They can reach nothing outside',
      'themselves but what the --allow flags name (lists with commas) and the tools of --tools and --mcp.',
    ].join('\n'),
    flags: [...PERMISSION_FLAGS, ...TOOL_FLAGS, ...LIMIT_FLAGS.filter(([flag]) => !flag.startsWith('--max-errors'))],
    examples: [
      ['ilo mcp', 'waits for a client; programs only compute'],
      ['ilo mcp --allow-net api.example.com --timeout 5000', 'they may ask one host, and have five seconds'],
    ],
  },
  {
    name: 'tools',
    usage: ['ilo tools [--mcp FILE] [--tools FILE] [--full|--ilo|--json|--graph]'],
    summary: 'list the tools that a configuration offers to programs',
    details: [
      'A line for each: its name in programs, its signature, where it is from, what it does. Tools of MCP servers are started, asked and ended;',
      'get_user and getUser are get-user in programs, and a name that is taken has the name of its server in front.',
    ].join('\n'),
    flags: [
      ...TOOL_FLAGS,
      ['-f, --full', 'whole descriptions'],
      ['--ilo', 'declarations to put into a program'],
      ['-j, --json', 'as JSON'],
      ['-g, --graph', 'for each tool, those that take what it gives'],
      ['--human', 'the table (the default)'],
    ],
    examples: [
      ['ilo tools --mcp mcp.json', 'get-user  id:n lang:O t>R t t  people: get_user  Reads a user.'],
      ['ilo tools --mcp mcp.json --ilo', 'tool get-user"Reads a user." id:n lang:O t>R t t'],
    ],
  },
  {
    name: 'types',
    usage: ['ilo types FILE… [--check|--print]'],
    summary: 'write what TypeScript needs to import a program',
    details:
      'For pricing.ilo it writes pricing.d.ilo.ts beside it, so that `import { total } from "./pricing.ilo"` has types (with\n' +
      '`allowArbitraryExtensions` in tsconfig.json). ilo/register makes the import work in Node, ilo/plugin in bundlers.',
    flags: [
      ['--check', 'write nothing; exit code 1 when a file is not up to date'],
      ['--print', 'print the declarations instead'],
      ...COMMON_FLAGS,
    ],
    examples: [
      ['ilo types src/pricing.ilo', 'src/pricing.d.ilo.ts'],
      ['ilo types src/pricing.ilo --print', '// What pricing.ilo exports …'],
    ],
  },
  {
    name: 'ir',
    usage: ['ilo ir FILE|CODE [--optimised|--pass NAME]'],
    summary: 'the intermediate representation of a program',
    details: 'As it is built, or after passes. More stages: ilo run --dump=STAGE,… PROGRAM.',
    flags: [
      ['-O, --optimised', 'after all passes'],
      ['--pass NAME', 'after that pass: versions, simplify, unbox, thread, common, dead, inline, own'],
    ],
    examples: [
      ["ilo ir 'dbl x:n>n;*x 2'", 'the function with its blocks'],
      ['ilo ir program.ilo --optimised', 'what the engines make code of'],
    ],
  },
  {
    name: 'bench',
    usage: ['ilo bench FILE|CODE [FUNCTION] [ARGUMENT…] [--seconds N] [--svg OUT.svg] [--json]'],
    summary: 'the time of one call on every engine',
    details:
      'Checks first that all engines give the same answer. Files, the network and tools are refused, because a call is repeated\n' +
      'many times; what the program prints is not written. Limits bound the first call only.',
    flags: [
      ['--seconds N', 'how long to measure each engine (1)'],
      ['--svg OUT.svg', 'also draw a picture'],
      ['--engine NAME', 'only that engine'],
      ['-j, --json', 'as JSON'],
    ],
    examples: [
      ["ilo bench 'tot p:n q:n r:n>n;s=*p q;t=*s r;+s t' 10 20 0.1", 'a table: engine, time, spread, ratio'],
      ['ilo bench program.ilo main 100 --svg ladder.svg', 'the same, and a picture of it'],
    ],
  },
  {
    name: 'map',
    usage: ['ilo map FILE|CODE FUNCTION [--in DATA] [--out RESULTS]'],
    summary: 'a function once a row of a file: CSV, JSON lines, raw numbers',
    details: [
      'The first line of CSV names the columns, and each parameter takes the column of its name; JSON lines are objects with such fields, or',
      'arrays in the order of the parameters; .f64 files are doubles, row by row, or one file for each parameter (--in several times).',
      'Without --in data comes from standard input, without --out results go to standard output. Results are a column with the name of the',
      'function. Files may be larger than memory. A cell that is not of its type ends the command with its line and column (ILO-C007).',
      '',
      'Functions of numbers and truth values run as machine code that computes two or four rows at once; --explain-engine says whether.',
    ].join('\n'),
    flags: [
      ['--in DATA', 'a file: .csv, .tsv, .jsonl or .f64; - is standard input'],
      ['--out RESULTS', 'a file, which is replaced when all rows are done'],
      ['--from FORMAT, --to FORMAT', 'csv, tsv, jsonl or f64, where no name says it'],
      ['--no-header', 'columns have no names: parameters take them in order'],
      ['--keep', 'the columns of the data in front of the results (CSV and TSV)'],
      ...ENGINE_FLAGS,
      ...LIMIT_FLAGS,
      ...COMMON_FLAGS,
    ],
    examples: [
      ["ilo map 'net price:n rate:n>n;*price - 1 rate' net --in sales.csv --keep", 'the file with a column net'],
      ["printf '[1]\\n[2]\\n' | ilo map 'dbl x:n>n;*x 2' dbl --from jsonl", '2 and 4'],
    ],
  },
  {
    name: 'help',
    usage: ['ilo help [COMMAND|BUILTIN|lang|ai|builtins]'],
    summary: 'this text, a command, a builtin, or the language',
    details:
      '`lang` is the whole language; `ai` is a short form of it for the prompt of a model, with its size in tokens on standard\n' +
      'error; `builtins` lists all builtins.',
    flags: [],
    examples: [
      ['ilo help srt', 'what the builtin takes, gives and does'],
      ['ilo help ai > prompt.txt', 'the language in a few thousand tokens'],
    ],
  },
  {
    name: 'version',
    usage: ['ilo version'],
    summary: 'the version of ilo',
    details: 'With --json also the level of the language.',
    flags: [['-j, --json', 'as JSON']],
    examples: [
      ['ilo version', 'ilo 0.1.0'],
      ['ilo version --json', '{"version":"0.1.0","language":"0.11"}'],
    ],
  },
  {
    name: 'doctor',
    usage: ['ilo doctor'],
    summary: 'whether this installation works',
    details:
      'Node, the engines (each runs a small program), and the files of the manual. Exit code 1 when something is wrong.',
    flags: [['-j, --json', 'as JSON']],
    examples: [
      ['ilo doctor', 'a line for each thing that was looked at'],
      ['ilo doctor --json', 'the same for a program'],
    ],
  },
];
