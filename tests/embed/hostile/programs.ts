// Hostile programs by kind: a name, the source, how it may end (a code, or `ok` where it merely has to end, or a short text that it gives), and
// what the function f is called with.
import type { Kind } from './tally.ts';

const LONG = 'a'.repeat(200);

export type HostileProgram = readonly [what: string, source: string, ends: RegExp, ...args: number[]];

const LOOPS: readonly HostileProgram[] = [
  ['an endless while', 'f>n;wh true{1};1', /R04[34]/],
  ['an endless while that assigns', 'f>n;i=0;wh >=i 0{i=+i 1};i', /R04[34]/],
  ['nested endless loops', 'f>n;wh true{wh true{x=1}};1', /R04[34]/],
  ['a range to the end of numbers', 'f>n;s=0;@i 0..9007199254740991{s=+s i};s', /R04[34]/],
  ['a range to infinity', 'f x:n>n;s=0;y=*x 10;@i 0..y{s=+s i};s', /R04[34]/, 1.7e308],
  ['endless recursion', 'f n:n>n;+1 f n', /R040/, 1],
  ['endless tail recursion', 'f n:n>n;f +n 1', /R040/, 1],
  ['endless mutual recursion', 'f n:n>n;g n\ng n:n>n;f n', /R040/, 1],
  ['recursion that branches without end', 'f n:n>n;a=f n;b=f n;+a b', /R040/, 1],
  ['exponential work', 'f n:n>n;<=n 1 1;a=f -n 1;b=f -n 1;+a b', /R04[34]/, 60],
  ['recursion through map', 'f n:n>L n;map (x:n>n;ys=f x;len ys) [n]', /R040/, 1],
  ['recursion through a sort', 'f n:n>L n;srt (x:n>n;ys=f x;len ys) [n,n]', /R040/, 1],
  ['recursion through a fold', 'f n:n>n;fld (a:n x:n>n;r=f x;+a r) [n] 0', /R040/, 1],
  ['comparing what shares itself', 'f>b;xs=[1];ys=[1];@i 0..60{xs=[xs,xs];ys=[ys,ys]};=xs ys', /R04[1345]|ok/],
  ['sorting by an order that is none', 'f>L n;xs=range 0 3000;srt (x:n>n;-0 x) xs', /ok|R04/],
  ['an endless program none of whose functions returns', 'f>n;wh true{1};1', /R04[34]/],
  ['a loop that goes on for ever by `cnt`', 'f>n;wh true{cnt};1', /R04[34]/],
  ['an endless loop in a function that map calls', 'f>L n;map (x:n>n;wh true{1};x) [1]', /R04[34]/],
  ['an endless loop in the order of a sort', 'f>L n;srt (x:n>n;wh true{1};x) [2,1]', /R04[34]/],
  ['recursion through a filter', 'f n:n>L n;flt (x:n>b;ys=f x;>len ys 0) [n]', /R040/, 1],
  ['recursion through a value that is a function', 'g h:n x:n>n;x\nf n:n>n;ys=map f [n];sum ys', /R040/, 1],
  ['loops in loops of loops', 'f>n;s=0;@a 0..100000{@b 0..100000{@c 0..100000{s=+s 1}}};s', /R04[34]/],
  [
    'a loop over a list that grows meanwhile',
    'f>n;xs=[1];@x xs{xs=+=xs x};wh true{@x xs{xs=+=xs x}};len xs',
    /R04[1345]/,
  ],
];

const MEMORY: readonly HostileProgram[] = [
  ['a text that doubles', 'f>n;s="ab";wh true{s=+s s};len s', /R04[1345]/],
  ['a list that doubles', 'f>n;xs=[1,2];wh true{xs=+xs xs};len xs', /R04[1345]/],
  ['a list that grows', 'f>n;xs=[];wh true{xs=+=xs 1};len xs', /R04[345]/],
  ['a map that grows', 'f>n;m=mmap;i=0;wh true{i=+i 1;k=str i;m=mset m k i};len m', /R04[345]/],
  ['texts that share', 'f>n;xs=["x"];wh true{t=cat xs "yyyyyyyy";xs=+=xs t};len xs', /R04[1345]/],
  ['closures that pile up', 'f>n;xs=[];i=0;wh true{i=+i 1;g=(x:n>n;+x i);xs=+=xs g};len xs', /R04[345]|P|T/],
  ['records that pile up', 'type p{a:n;b:n}\nf>n;xs=[];wh true{r=p a:1 b:2;xs=+=xs r};len xs', /R04[345]/],
  ['a list that contains itself over and over', 'f>t;xs=[1];@i 0..60{xs=[xs,xs]};str xs', /R04[1345]|R009|E001|T0/],
  ['the same as JSON', 'f>t;xs=[1];@i 0..60{xs=[xs,xs]};jdmp xs', /R04[1345]|R009|E001|T0/],
  ['the same given back', 'f>_;xs=[1];@i 0..60{xs=[xs,xs]};xs', /E001|R04[1345]|T0/],
  ['a deep list given back', 'f>_;xs=[1];@i 0..20000{xs=[xs]};xs', /E001|R04[1345]|T0/],
  ['printing without end', 'f>n;wh true{prnt "xxxxxxxxxxxxxxxxxxxxxxxx"};1', /R046|R043/],
  ['padding to a huge width', 'f>t;padl "x" 1000000000', /R04[1345]|R009/],
  ['repeating without end', 'f>t;s="x";@i 0..100{s=fmt "{}{}{}{}" s s s s};s', /R04[1345]/],
  ['a huge range as a list', 'f>n;xs=range 0 1000000000;len xs', /R04[1345]|R009/],
  ['splitting into very many', 'f>n;s="a,";@i 0..30{s=+s s};xs=spl s ",";len xs', /R04[1345]/],
  ['a number with very many digits', 'f>t;fmt "{:.400000000}" 1.5', /R0|T0|ok/],
  ['an error text that is huge', 'f>R n t;s="xy";@i 0..40{s=+s s};^s', /R04[1345]/],
  ['numbers formatted without end', 'f>t;s="";i=0;wh true{i=+i 1;x=/i 7;y=fmt2 x 100;s=fmt "{}{}" s y};s', /R04[1345]/],
  ['a record in a record without end', 'type p{a:_}\nf>_;r=p a:1;wh true{r=p a:r};r', /R04[345]|E001|T0|P0/],
  ['a key for each text', 'f>n;m=mmap;s="k";@i 0..2000{s=+s "k";m=mset m s 1};len m', /R04[1345]|ok/],
  ['lists of lists of lists', 'f>n;xs=[];wh true{xs=[xs,xs,xs]};len xs', /R04[345]/],
  ['a list turned over and over', 'f>n;xs=range 0 10000;ys=[];wh true{ys=+ys rev xs};len ys', /R04[1345]/],
  [
    'a text cut into its characters over and over',
    'f>n;s=padl "x" 10000;xs=[];wh true{xs=+xs chars s};len xs',
    /R04[1345]/,
  ],
  ['an error in an error without end', 'f>R n _;e=^1;wh true{e=^e};e', /R04[345]|E001|T0|P0/],
  ['an error text that is made of errors', 'f>R n t;s="xxxxxxxx";wh true{s=fmt "error: {} in {}" s s};^s', /R04[1345]/],
  ['a map of maps of maps', 'f>n;m=mmap;i=0;wh true{i=+i 1;k=str i;n=mset mmap k m;m=mset m k 1};1', /R04[345]|T0/],
  ['JSON of JSON of JSON', 'f>t;s="x";wh true{s=jdmp s};s', /R04[1345]/],
  ['joining what was joined', 'f>t;xs=["ab","cd"];s="";wh true{s=cat xs s;xs=[s,s]};s', /R04[1345]/],
  ['printing one thing that is huge', 'f>n;s="x";@i 0..24{s=+s s};prnt s;1', /R04[1356]/],
  ['printing nothing without end', 'f>n;wh true{prnt ""};1', /R04[346]/],
  ['printing a list that shares itself', 'f>n;xs=[1];@i 0..60{xs=[xs,xs]};prnt xs;1', /R04[1345]|R046|R009|T0/],
  ['a number formatted to a huge width', 'f>t;fmt "{:1000000000}" 1', /R0|T0|ok/],
  ['padding to infinity', 'f x:n>t;padl "x" x', /R04[1345]|R009/, Number.POSITIVE_INFINITY],
  ['padding to no number', 'f x:n>t;padl "x" x', /R0|ok|x/, Number.NaN],
];

const PATTERNS: readonly HostileProgram[] = [
  ['replacing that multiplies', 'f>t;s="a";@i 0..40{s=rgxsub "a" "aaaa" s};s', /R04[1345]/],
  ['a catastrophic pattern', `f>L t;rgx "(a+)+$" "${LONG}!"`, /ok/],
  ['nested repetitions', `f>L t;rgx "(a*)*b" "${LONG}"`, /ok/],
  ['alternatives that overlap', `f>L t;rgx "(a|a)*b" "${LONG}"`, /ok/],
  ['a pattern with a huge count', 'f>L t;rgx "(a{1000}){1000}" "aaaa"', /R0|T0|ok/],
  ['a pattern that is no pattern', 'f>L t;rgx "((((" "a"', /R0|T0|ok/],
  ['a pattern that is made of patterns', `f>L t;p="a";@i 0..30{p=fmt "({}|{})" p p};rgx p "aaa"`, /R0|T0|ok/],
  [
    'a pattern against a text that grows',
    'f>n;s="aaaaaaaa";n=0;wh true{s=+s s;xs=rgx "(a|aa)+$" s;n=+n len xs};n',
    /R04[1345]/,
  ],
  ['a pattern that looks behind', 'f>L t;rgx "(?<=a)b" "ab"', /R0|T0|ok/],
  ['a pattern that refers back', 'f>L t;rgx "(a+)\\1+" "aaaaaaaaaaaaaaaaaaaaaaaaaaaaab"', /R0|T0|ok|P|L/],
  ['repetitions of repetitions of counts', 'f>L t;rgx "((a{0,100}){0,100}){0,100}" "aaaaaaaa"', /R0|T0|ok/],
  ['many groups that may be empty', `f>L t;p="";@i 0..2000{p=+p "(a?)"};rgx p "${LONG}"`, /R0|T0|ok/],
  ['a pattern that is given by a text', 'f>t;rgxsub "(.)" "$1$1$1$1" "aaaa"', /R0|T0|ok|a/],
];

const KEYS: readonly HostileProgram[] = [
  [
    'keys of prototypes in a map',
    'f>t;m=mmap;m=mset m "__proto__" "x";m=mset m "constructor" "y";r=mget m "toString";??r "none"',
    /^none$/,
  ],
  ['keys of prototypes in a record', 'f>_;r=jpar! "{\\"__proto__\\":{\\"polluted\\":1}}";r', /ok|R0|T/],
  ['a function called by a name of the host', 'f>_;map "constructor" [1]', /R0|T0/],
  ['half a text as a key', 'f>n;s="\\u{1F600}";m=mset mmap (slc s 0 1) 1;len m', /ok|R0|T0|P0|L0/],
  [
    'JSON with the same key twice and __proto__',
    'f>_;jpar! "{\\"a\\":1,\\"a\\":2,\\"__proto__\\":{\\"x\\":1}}"',
    /ok|R0|T0/,
  ],
  [
    'every name of a prototype as a key',
    'f>n;m=mmap;@k ["__proto__","constructor","hasOwnProperty","toString","valueOf","__defineGetter__"]{m=mset m k 1};len m',
    /ok/,
  ],
  ['a field that is called __proto__', 'type p{__proto__:n}\nf>_;r=p __proto__:1;r', /ok|P|L|T/],
  ['a variable that is called constructor', 'f>n;constructor=1;prototype=2;+constructor prototype', /ok/],
  ['a function that is called constructor', 'constructor x:n>n;+x 1\nf>n;constructor 1', /ok|P|T/],
  ['a record with a key then', 'f>_;jpar! "{\\"then\\":1,\\"toJSON\\":2}"', /ok|R0|T/],
  ['a path through a prototype', 'f>R t t;jpth "{}" "__proto__.constructor.name"', /ok|R0|T/],
];

const VALUES: readonly HostileProgram[] = [
  ['dividing by zero', 'f x:n>n;/1 x', /R003/, 0],
  ['an index beyond the end', 'f>n;xs=[1];at xs 5', /R0/],
  ['unwrapping what is no number', 'f>R n t;n=num! "x";~n', /ok|R0/],
  ['JSON that nests', 'f>_;s="[";@i 0..16{s=+s s};jpar! s', /R0|ok|T0/],
  ['a number that is none of the usual', 'f x:n>n;+x 1', /ok/, Number.NaN],
  ['an index that is no whole number', 'f x:n>n;xs=[1,2];at xs x', /R0|ok/, 0.5],
  ['a slice from infinity', 'f x:n>L n;xs=[1,2,3];slc xs x x', /R0|ok/, Number.POSITIVE_INFINITY],
  ['a range that goes backwards for ever', 'f x:n>L n;range 0 x', /R0|ok/, Number.NEGATIVE_INFINITY],
  ['a remainder by zero', 'f x:n>n;mod 5 x', /R0|ok/, 0],
];

const OUTSIDE: readonly HostileProgram[] = [
  ['asking for the environment', 'f>R t t;env "ILO_PLANTED_SECRET"', /R042/],
  ['reading the environment as a file', 'f>R t t;rd "/proc/self/environ"', /R042/],
  ['asking for the time', 'f>n;now()', /R042/],
  ['sleeping', 'f>n;sleep 100000;1', /R042|T|R0/],
  ['calling out', 'f>R t t;get "http://169.254.169.254/latest/meta-data"', /R042/],
  ['writing a file', 'f>R t t;wr "/tmp/ilo-hostile" "x"', /R042/],
  ['posting what it knows', 'f>R t t;pst "http://127.0.0.1:1/" "x"', /R042|T0/],
  ['a random number', 'f>n;rnd()', /R042/],
  ['a tool that was not handed in', 'tool t"" x:n>n\nf>n;t 1', /R042/],
  ['importing a file', 'use "/etc/passwd"\nf>n;1', /P017/],
  ['reading itself', 'f>R t t;rd "/proc/self/cmdline"', /R042/],
  ['listing a directory', 'f>R (L t) t;ls "/"', /R042|T0/],
  ['running a command', 'f>_;run "id" []', /R042|T0/],
];

export const PROGRAMS: readonly (readonly [kind: Kind, programs: readonly HostileProgram[]])[] = [
  ['loops', LOOPS],
  ['memory', MEMORY],
  ['patterns', PATTERNS],
  ['keys', KEYS],
  ['values', VALUES],
  ['outside', OUTSIDE],
];
