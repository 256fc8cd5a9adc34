// The workloads: what each does, and how large it is. `bench/workloads/NAME.*` holds the program once for each language, written as a user of
// that language would write it; its function `run` takes `n` and gives a number or a text, the same in every language.
//
// `numeric` ones do nothing but arithmetic, loops and calls (and indexing of lists of numbers); on these the register machine is held
// against Lua's interpreter, and these are where a C program belongs beside the others (`NAME.c`, doubles, -O2).
// `n` is such that hand-written JavaScript needs about a millisecond.
export const WORKLOADS = [
  { name: 'sum-loop', n: 1_000_000, numeric: true, does: 'adds up the whole numbers below n' },
  { name: 'guard-chain', n: 200_000, numeric: true, does: 'grades numbers by a chain of nine guards' },
  { name: 'fib', n: 23, numeric: true, does: 'Fibonacci numbers by plain recursion' },
  { name: 'text', n: 10_000, numeric: false, does: 'builds a text of n numbers; the text is read' },
  { name: 'records', n: 10_000, numeric: false, does: 'makes n records, changes a copy of each, adds up their fields' },
  { name: 'json', n: 500, numeric: false, does: 'makes n records, writes them as JSON, reads them, adds up' },
  { name: 'lists', n: 20_000, numeric: false, does: 'builds a list, maps, filters and folds it' },
  { name: 'while', n: 3_000, numeric: true, does: 'the longest Collatz sequence below n, by a while loop' },
  { name: 'pipeline', n: 200_000, numeric: true, does: 'sends n numbers through a pipe of four small functions' },
  { name: 'hash-map', n: 10_000, numeric: false, does: 'counts n texts in a map of a thousand keys' },
  { name: 'matrix', n: 64, numeric: true, does: 'product of two n×n matrices as lists of lists' },
  { name: 'n-body', n: 2_000, numeric: true, does: 'n steps of five planets' },
  { name: 'spectral-norm', n: 60, numeric: true, does: 'spectral norm of an n×n matrix by the power method' },
  { name: 'mandelbrot', n: 80, numeric: true, does: 'escape times on an n×n grid' },
  { name: 'fannkuch', n: 7, numeric: true, does: 'flips of all permutations of n items' },
  { name: 'binary-trees', n: 12, numeric: false, does: 'grows trees up to a depth below n and counts their nodes' },
  { name: 'sieve', n: 100_000, numeric: true, does: 'sieve of Eratosthenes up to n' },
];
