// What can end a running program. R001–R026 and R099 are shared with the original language; R040 and above are ours.
import type { DiagnosticRow } from './row.ts';

export const RUNTIME_ROWS = {
  'ILO-R001': {
    severity: 'error',
    title: 'variable without a value',
    texts: { variable: "undefined variable '{name}'" },
    explanation:
      'A variable was read before anything was bound to it. The verifier finds unknown names; what it cannot see is a loop that ' +
      'never ran: a name bound only inside a `wh` body has no value when the body was skipped. Bind it once before the loop.',
    wrong: 'f c:b>n;wh c{x=1;c=false};x',
    right: 'f c:b>n;x=0;wh c{x=1;c=false};x',
    wrongArgs: ['false'],
  },
  'ILO-R002': {
    severity: 'error',
    title: 'no such function at run time',
    texts: { function: 'undefined function: {name}' },
    explanation:
      'A value was called that stands for no function. Within a program the verifier excludes it; a function parameter that is filled ' +
      'from the command line may hold anything. Pass the name of a function of the program.',
    wrong: 'ap f:F n n x:n>n;f x',
    right: 'dbl n:n>n;*n 2\nap f:F n n x:n>n;f x',
    wrongArgs: ['nosuch', '2'],
  },
  'ILO-R003': {
    severity: 'error',
    title: 'division by zero',
    texts: { division: 'division by zero', modulo: 'modulo by zero' },
    explanation:
      'The divisor of `/` or `mod` was zero. Guard the division: `=b 0 ^"nothing to divide by"`, or give a default.',
    wrong: 'f a:n b:n>n;/a b',
    right: 'f a:n b:n>n;=b 0 0;/a b',
    wrongArgs: ['1', '0'],
  },
  'ILO-R004': {
    severity: 'error',
    title: 'wrong type at run time',
    texts: {
      operands: "unsupported operation: '{op}' on {left} and {right}",
      negate: 'cannot negate non-number: {value}',
      arity: '{name}: expected {want} args, got {got}',
      argument: "{name}: argument '{param}' must be {want}, got {got}",
    },
    explanation:
      'An operator met values that it does not work on. The verifier excludes this where types are known; a value of unknown type ' +
      '(`_`, JSON, a map lookup, a command-line argument) is looked at only when the operator runs. Convert it first (`num`, `str`), ' +
      'give a default with `??`, or match on its type.',
    wrong: 'f x:_>n;*x 2',
    right: 'f x:_>n;?x{n v:*v 2;_:0}',
    wrongArgs: ['abc'],
  },
  'ILO-R005': {
    severity: 'error',
    title: 'field not found',
    texts: {
      missing: "no field '{name}' on record",
      notRecord: "cannot access field '{name}' on non-record ({value})",
      destructure: 'destructure requires a record, got {value}',
    },
    explanation:
      'A record has no field of that name, or the value is no record at all. Use `.?name` where a field may be absent: it gives nil, ' +
      'which `??` turns into a default.',
    wrong: 'f s:t>_;r=jpar!! s;r.age',
    right: 'f s:t>_;r=jpar!! s;r.?age??0',
    wrongArgs: ['{}'],
  },
  'ILO-R006': {
    severity: 'error',
    title: 'list index out of range',
    texts: {
      outOfRange: 'list index {index} out of bounds (len {length})',
      notList: 'index access on non-list ({value})',
    },
    explanation:
      'Lists count from 0, so the last index is the length less one. Check `len` first, or use `.?0` or `at` with a guard.',
    wrong: 'f xs:L n>n;xs.3',
    right: 'f xs:L n>n;>len xs 3 xs.3;0',
    wrongArgs: ['[1,2]'],
  },
  'ILO-R007': {
    severity: 'error',
    title: 'nothing to iterate',
    texts: {
      foreach: 'foreach requires a list, got {value}',
      bound: 'range {which} must be a number, got {value}',
    },
    explanation:
      '`@x xs{…}` walks a list and `@i a..b{…}` counts between two numbers; the value here was something else.',
    wrong: 'f xs:_>n;s=0;@x xs{s=+s 1};s',
    right: 'f xs:L n>n;s=0;@x xs{s=+s 1};s',
    wrongArgs: ['5'],
  },
  'ILO-R008': {
    severity: 'error',
    title: '`with` on something that is no record',
    texts: { notRecord: "'with' requires a record, got {value}" },
    explanation: '`r with f:v` copies a record with some fields replaced. The value on its left was no record.',
    wrong: 'f r:_>_;r with a:1',
    right: 'type p{a:n}\nf x:n>p;r=p a:x;r with a:1',
    wrongArgs: ['5'],
  },
  'ILO-R009': {
    severity: 'error',
    title: 'a builtin cannot work on its arguments',
    texts: { builtin: '{builtin}: {problem}', sentence: '{builtin} {problem}' },
    explanation:
      'A builtin was called with a value outside what it accepts: the mean of an empty list, an index beyond the end, a pattern that ' +
      'does not parse. The message says which argument and why.',
    wrong: 'f xs:L n>n;avg xs',
    right: 'f xs:L n>n;=len xs 0 0;avg xs',
    wrongArgs: ['[]'],
  },
  'ILO-R010': {
    severity: 'error',
    title: 'unknown variable while compiling',
    texts: { variable: "undefined variable '{name}' while compiling" },
    explanation: 'An engine met a variable that verification should have refused.',
    wrong: 'f>n;x',
    right: 'f>n;x=1;x',
    neverHere:
      'Every engine starts from Core, in which names are already slots; an unknown name ends as ILO-T004 before that.',
  },
  'ILO-R011': {
    severity: 'error',
    title: 'unknown function while compiling',
    texts: { function: "undefined function '{name}' while compiling" },
    explanation: 'An engine met a call of a function that verification should have refused.',
    wrong: 'f>n;g 1',
    right: 'g x:n>n;+x 0\nf>n;g 1',
    neverHere:
      'Every engine starts from Core, in which calls are already resolved; an unknown function ends as ILO-T005 before that.',
  },
  'ILO-R012': {
    severity: 'error',
    title: 'nothing to run',
    texts: {
      none: 'no functions defined',
      unknown: "no function named '{name}' (defined: {known})",
    },
    explanation:
      'A program needs at least one function to run: `name params>result;body`. When several exist and none is called `main`, name ' +
      'the one to run after the program.',
    wrong: 'type p{a:n}',
    right: 'f>n;42',
  },
  'ILO-R013': {
    severity: 'error',
    title: 'internal fault of an engine',
    texts: { internal: 'internal engine fault: {what}' },
    explanation: 'An engine reached a state that must not exist. It is a bug in ilo, not in the program.',
    wrong: 'f>n;1',
    right: 'f>n;1',
    neverHere:
      'A broken invariant is an assertion here, reported as an internal error with exit code 70, never as a fault of the program.',
  },
  'ILO-R014': {
    severity: 'error',
    title: 'unwrapping outside a function',
    texts: { propagate: 'auto-unwrap propagating {value}' },
    explanation: '`f! x` hands an error to the caller of the enclosing function.',
    wrong: 'f s:t>R n t;x=num! s;~x',
    right: 'f s:t>R n t;x=num! s;~x',
    neverHere: 'Lowering turns `!` into an ordinary return, so that an engine never has to signal it as an error.',
  },
  'ILO-R026': {
    severity: 'error',
    title: 'panic-unwrap of an error or nil',
    texts: {
      err: 'panic-unwrap: {value}',
      nil: 'panic-unwrap: expected value, got nil',
    },
    explanation:
      '`f!! x` ends the program when `f` gives `^e` or nil: the right choice in a short script where nobody could handle the failure. ' +
      'Use `f! x` to hand the failure to the caller, or match on the result.',
    wrong: 'f s:t>n;num!! s',
    right: 'f s:t>n;r=num s;?r{~v:v;^_:0}',
    wrongArgs: ['abc'],
  },
  'ILO-R040': {
    severity: 'error',
    title: 'too many nested calls',
    texts: {
      depth: 'call depth limit of {limit} reached',
      stack: "calls nested {depth} deep: this engine's stack holds no more",
    },
    explanation:
      'Calls were nested deeper than the limit, usually because a recursive function never reaches its base case. Check the guard that ' +
      'should end the recursion, or use a loop.',
    wrong: 'f x:n>n;r=f +x 1;+r 0',
    right: 'f x:n>n;>x 100 x;r=f +x 1;+r 0',
    wrongArgs: ['0'],
  },
  'ILO-R041': {
    severity: 'error',
    title: 'value too large',
    texts: {
      size: '{what} of {size} exceeds the limit of {limit}',
      engine: 'the value is larger than this engine can hold',
    },
    explanation:
      'One text or list would have become larger than a single value may be. Work on pieces, or write results out as they come.',
    wrong: 'f>n;s="x";@i 0..40{s=+s s};len s',
    right: 'f>n;s="x";@i 0..10{s=+s s};len s',
  },
  'ILO-R042': {
    severity: 'error',
    title: 'capability not granted',
    texts: { refused: '{what} is not allowed here' },
    explanation:
      'The program tried to reach something outside itself (a file, the network, the environment, the clock) that whoever runs it did ' +
      'not allow.',
    wrong: 'f>R t t;rd "x.txt"',
    right: 'f>R t t;~"x"',
    neverHere: 'The command line allows everything; embedding with capabilities is a later part of the product.',
  },
  'ILO-R043': {
    severity: 'error',
    title: 'out of fuel',
    texts: { fuel: 'fuel limit of {limit} reached' },
    explanation:
      'The run was given a limited amount of work and used it up: every call, every round of a loop and every builtin counts. Either ' +
      'the program does not end, or it needs more. The limit is set with `--fuel N`; without it there is none.',
    wrong: 'f>n;i=0;wh true{i=+i 1};i',
    right: 'f>n;i=0;wh <i 10{i=+i 1};i',
    wrongLimits: { fuel: 1000 },
  },
  'ILO-R044': {
    severity: 'error',
    title: 'out of time',
    texts: { time: 'time limit of {limit} ms reached' },
    explanation:
      'The run took longer than it was allowed to. The limit is set with `--timeout MS`; without it there is none.',
    wrong: 'f>n;i=0;wh true{i=+i 1};i',
    right: 'f>n;i=0;wh <i 10{i=+i 1};i',
    wrongLimits: { timeout: 20 },
  },
  'ILO-R045': {
    severity: 'error',
    title: 'out of memory allowance',
    texts: {
      alloc: 'allocation limit of {limit} bytes reached',
      memory: 'the program holds more than {limit} MB, and the process has no room for more',
    },
    explanation:
      'The run made more values than it was allowed to. Everything allocated counts, also what is no longer used. The ' +
      'limit is set with `--max-alloc BYTES`. Without it there is none but the memory of the process: a program that ' +
      'fills two thirds of it ends here too, wherever it is then. `NODE_OPTIONS=--max-old-space-size=MB` gives it more.',
    wrong: 'f>n;xs=[];@i 0..100000{xs=+=xs i};len xs',
    right: 'f>n;xs=[];@i 0..10{xs=+=xs i};len xs',
    wrongLimits: { alloc: 10_000 },
  },
  'ILO-R046': {
    severity: 'error',
    title: 'too much output',
    texts: { output: 'output limit of {limit} characters reached' },
    explanation:
      'The run printed more than it was allowed to. The limit is set with `--max-output N`; without it there is none.',
    wrong: 'f>n;@i 0..1000{prnt "line"};0',
    right: 'f>n;@i 0..3{prnt "line"};0',
    wrongLimits: { output: 100 },
  },
  'ILO-R099': {
    severity: 'error',
    title: 'a tool call failed',
    texts: { tool: "tool '{name}': {problem}" },
    explanation:
      'An external tool declared with `tool` could not be called or its answer could not be read as a value.',
    wrong: 'tool up"turns text" s:t>R t t\nf s:t>R t t;up s',
    right: 'f s:t>R t t;~s',
    neverHere: 'A failing tool call gives `^message` to the program, as any other failing request does.',
  },
} as const satisfies Record<string, DiagnosticRow>;
