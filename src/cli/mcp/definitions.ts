// The tools of `ilo mcp` as clients list them: what each is for, what it takes and what it gives, as JSON Schema. A model reads these texts, so they
// teach.
import type { DEFAULT_LIMITS } from '../../embed/options.ts';
import { ENGINES } from '../../runtime/engines.ts';

/** The longest program, in UTF-16 units. */
export const LONGEST_PROGRAM = 256 * 1024;

export type Limits = Readonly<Record<keyof typeof DEFAULT_LIMITS, number>>;

const LIMIT_TEXTS: Readonly<Record<keyof Limits, string>> = {
  fuel: 'Units of work: one for each call and each round of a loop, and what builtins cost.',
  timeout: 'Milliseconds of wall time.',
  alloc: 'Bytes allocated over the whole run.',
  depth: 'How deeply calls may nest.',
  output: 'UTF-16 units printed.',
};

const PROGRAM = {
  type: 'string',
  maxLength: LONGEST_PROGRAM,
  description: 'The source of the program, e.g. `tot p:n q:n>n;*p q`.',
};

const PROBLEM = {
  type: 'object',
  properties: {
    severity: { type: 'string', enum: ['error', 'warning', 'hint'] },
    code: { type: 'string', description: 'Stable; the tool `explain` says more about it.' },
    message: { type: 'string' },
    line: { type: 'integer' },
    column: { type: 'integer' },
    suggestion: { type: 'string' },
    notes: { type: 'array', items: { type: 'string' } },
  },
  required: ['severity', 'code', 'message'],
};

/** The definitions, with the limits that requests may ask for: none above those of the server. */
export function toolDefinitions(most: Limits): readonly object[] {
  const limits = Object.entries(LIMIT_TEXTS).map(([name, description]) => {
    const maximum = most[name as keyof Limits];
    return [name, { type: 'integer', minimum: 1, maximum, default: maximum, description }] as const;
  });
  return [
    {
      name: 'check',
      title: 'Check an ilo program',
      description:
        'Reports all mistakes of a program without running it, each with a stable code, its line and column, and often a suggestion. ' +
        'Also gives the signatures of its functions. Call it after writing a program and before running it.',
      inputSchema: {
        type: 'object',
        properties: { program: PROGRAM },
        required: ['program'],
        additionalProperties: false,
      },
      outputSchema: {
        type: 'object',
        properties: {
          ok: { type: 'boolean', description: 'Whether it can run: there are no errors.' },
          problems: { type: 'array', items: PROBLEM },
          signatures: { type: 'array', items: { type: 'string' }, description: 'Such as `tot p:n q:n>n`.' },
        },
        required: ['ok', 'problems', 'signatures'],
      },
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
    {
      name: 'run',
      title: 'Run an ilo program',
      description:
        'Checks a program and calls one of its functions within limits, apart from everything else. Gives the value as JSON, what was printed, ' +
        'and what it cost. A program can reach nothing outside itself unless this server was started with permissions for it. ' +
        'A function that gives `~v` answers `{"ok":v}`; `^e` is an error of phase `program` with the value e.',
      inputSchema: {
        type: 'object',
        properties: {
          program: PROGRAM,
          function: { type: 'string', description: 'Which function to call. Default: `main`, or the first one.' },
          args: {
            type: 'array',
            description: 'Its arguments as JSON values, one for each parameter. Records and maps are objects.',
            default: [],
          },
          limits: {
            type: 'object',
            description: 'Bounds for this run, at most those of the server.',
            properties: Object.fromEntries(limits),
            additionalProperties: false,
          },
          engine: {
            type: 'string',
            enum: ENGINES.map(({ name }) => name),
            description: 'All give the same answer. Default: auto.',
          },
        },
        required: ['program'],
        additionalProperties: false,
      },
      outputSchema: {
        type: 'object',
        properties: {
          ok: { description: 'The value, when there is no error.' },
          error: {
            type: 'object',
            properties: {
              phase: { type: 'string', enum: ['request', 'verify', 'runtime', 'program'] },
              problems: { type: 'array', items: PROBLEM },
              value: { description: 'What stood behind ^, in phase program.' },
            },
            required: ['phase'],
          },
          output: { type: 'string', description: 'What the program printed.' },
          stats: {
            type: 'object',
            properties: Object.fromEntries(
              ['fuel', 'bytes', 'output', 'milliseconds', 'hostCalls'].map(name => [name, { type: 'number' }]),
            ),
          },
        },
      },
      annotations: { readOnlyHint: false, openWorldHint: true },
    },
    {
      name: 'explain',
      title: 'Explain a code or a program',
      description:
        'Given the code of a diagnostic (`ILO-T004`, or short `t4`): what it means, with a wrong and a right program. ' +
        'Given a program: what each of its statements does, in words.',
      inputSchema: {
        type: 'object',
        properties: { subject: { type: 'string', maxLength: LONGEST_PROGRAM, description: 'A code or a program.' } },
        required: ['subject'],
        additionalProperties: false,
      },
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
    {
      name: 'search_builtins',
      title: 'Search the builtins',
      description:
        'Finds builtin functions by name, long name, topic or words of their description (`sort`, `text`, `parse json`), best first, each with its ' +
        'signatures and an example that works.',
      inputSchema: {
        type: 'object',
        properties: {
          query: { type: 'string', maxLength: 200, description: 'Words. Empty: all builtins by topic, names only.' },
          limit: { type: 'integer', minimum: 1, maximum: 50, default: 8 },
        },
        required: ['query'],
        additionalProperties: false,
      },
      outputSchema: {
        type: 'object',
        properties: {
          builtins: {
            type: 'array',
            items: {
              type: 'object',
              properties: {
                name: { type: 'string' },
                aliases: { type: 'array', items: { type: 'string' } },
                topic: { type: 'string' },
                signatures: { type: 'array', items: { type: 'string' } },
                doc: { type: 'string' },
                effect: { type: 'string' },
                example: { type: 'string' },
                gives: { type: 'string' },
              },
              required: ['name', 'topic'],
            },
          },
        },
        required: ['builtins'],
      },
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
  ];
}

/** What a client shows its model when it connects. */
export const INSTRUCTIONS = [
  'ilo is a small language in prefix notation for short programs that are verified before they run.',
  'name param:type …>result;statement;…;value     e.g. tot p:n q:n>n;s=*p q;+s 1',
  'Types: n number, t text, b bool, L n list, M t n map, R n t result (~ok, ^error), O n optional, _ anything.',
  'Operators take their operands behind them: +a b, *+a b c, =a b. A statement `cond value` returns value when cond holds.',
  'Loops: @x xs{…}, @i 0..n{…}. Match: ?x{1:"one";_:"other"}. Calls: name arg arg, without parentheses; name() without arguments.',
  'Read the resource ilo://reference before writing a first program; check, then run; look up builtins with search_builtins.',
].join('\n');
