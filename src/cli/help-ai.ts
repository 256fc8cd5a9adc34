// `ilo help ai`: what a model needs to write ilo, as short as it can be said. The builtins come from their table; the syntax is
// stated here once, rule by rule, each line with the shape first.
import type { BuiltinRow, BuiltinTable } from '../lang/ilo/builtins/row.ts';
import { BUILTINS } from '../lang/ilo/builtins/table.ts';
import { type Console, EXIT } from './console.ts';

const SYNTAX = `ilo: a small language in prefix notation. A program is a list of declarations, one a line or separated by blanks.

FUNCTIONS  name param:type …>result;statement;…;value     no parens, the last value is the result
  tot p:n q:n r:n>n;s=*p q;t=*s r;+s t      call: tot 2 3 4    no parameters: f>n;42, called f()
  Names: a-z, digits, dashes (get-user), none of the builtins' below. A body may also stand on indented lines. -- starts a comment.
  Entry: main, or the only function. Arguments of a call are atoms, prefix operations or calls in parens: f (g x) +a 1 "t".

TYPES  n number  t text  b bool  _ anything  L n list  M t n map  R n t result (ok, err)  O n optional  S red green sum of texts
  F n t function from n to t   any other single letter: type variable   point: declared record

OPERATORS  +a b  -a b  *a b  /a b  =a b  !=a b  <a b  <=a b  >a b  >=a b  &a b (and)  |a b (or)  !a (not)  -a (negate)
  They nest without parens: +*a b c is (a*b)+c; *a +b c is a*(b+c). Infix (a + b) works too, with the usual precedence.
  + also joins texts and lists. +=xs v: a new list with v at the end. a??b: b when a is nil. ??x d is the same in prefix.
  -1 is a literal; write - 0 x (with a blank) to negate by subtraction. Never /*a b c for (a/b)*c: the inner one comes first.
  a>>f b: pipe, a becomes the last argument. Everything is immutable: xs=+=xs v rebinds the name.

TEXT  "…" with \\n \\t \\" \\\\    LISTS  [1,2,3] [a b c] xs.0 xs.i    TRUTH  false nil 0 "" [] are false

CONDITIONS (there is no if)
  cond value        guard: RETURNS value from the function when cond holds:   >=n 90 "A";>=n 80 "B";"C"
  cond{body}        runs body, goes on afterwards (no return; use ret inside):  >x m{m=x}
  cond{a}{b}  ?c a b  ?=x 0 a b      a value, no return
  !cond value, !cond{body}      negated
  A comparison that begins a statement is a condition when a value follows. To keep its result, bind it: r= =a b (mind the blank).
  ret v     leaves the function.

MATCH  ?x{1:"one";"a":"text";~v:v;^e:e;n v:number;t v:text;b v:bool;l v:list;_:default}   ?{…} matches the previous result

LOOPS  @x xs{…}   @i 0..n{…} (n excluded)   wh cond{…}   brk   cnt (next round)
  Assigning inside a block changes an outer name; a name that is new in a block (not of wh) ends with it: bind it before.

RESULTS  ~v ok   ^e error   r=f x;?r{~v:…;^e:…}   f! x: value, or return the error   f!! x: value, or end the program
  The entry's ~v prints v; ^e prints on stderr, exit 1.

RECORDS  type point{x:n;y:n}   p=point x:1 y:2   p.x   p.?x (nil when absent)   p with x:5   {x;y}=p
LAMBDAS  srt (x:n>n;abs x) xs     captures outer names. Named functions and builtins are values too: map str xs.
IMPORTS  use "file.ilo"   use "file.ilo" [name other]
TOOLS  tool name"what it does" a:t>R t t timeout:5,retry:2     called like a function, configured with --tools`;

/** Prints the reference on standard output and its size on standard error. */
export function printCompactReference(console: Console): number {
  const text = compactReference();
  console.out.write(text);
  console.out.flush();
  console.err.write(`about ${estimateTokens(text)} tokens\n`);
  return EXIT.ok;
}

/** The syntax, then every builtin with its signatures and its line of documentation, by topic. */
export function compactReference(builtins: BuiltinTable = BUILTINS): string {
  const topics = new Map<string, BuiltinRow[]>();
  for (const name of builtins.names()) {
    const row = builtins.get(name)!;
    const members = topics.get(row.topic);
    if (members === undefined) topics.set(row.topic, [row]);
    else members.push(row);
  }
  const parts = [SYNTAX, '', 'BUILTINS (signature: meaning; a|b: either type; arg... any number)'];
  for (const [topic, rows] of topics) {
    parts.push(`${topic}:`);
    for (const { signatures, doc } of rows) parts.push(`  ${signatures.join(' / ')}: ${doc.replace(/\.$/, '')}`);
  }
  return `${parts.join('\n')}\n`;
}

/**
 * How many tokens a model is likely to read in the text. Tokenizers differ; a run of letters costs about one token per six,
 * digits one per three, and every other sign one. Good to about a fifth.
 */
function estimateTokens(text: string): number {
  let tokens = 0;
  for (const [run] of text.matchAll(/[A-Za-z]+|\d+|\s+|[^\sA-Za-z\d]/g)) {
    if (/^[A-Za-z]/.test(run)) tokens += Math.ceil(run.length / 6);
    else if (/^\d/.test(run)) tokens += Math.ceil(run.length / 3);
    else if (/^\s/.test(run)) tokens += run.includes('\n') ? 1 : 0;
    else tokens += 1;
  }
  return tokens;
}
