// What the verifier rejects before a program runs. `wrong` and `right` differ in as little as possible.
import type { DiagnosticRow } from './row.ts';

export const TYPE_ROWS = {
  'ILO-T001': {
    severity: 'error',
    title: 'a type name is declared twice',
    texts: {
      record: "duplicate type definition '{name}'",
      alias: "duplicate type alias '{name}'",
      conflict: "type '{name}' conflicts with type alias of the same name",
    },
    explanation:
      'Record types and aliases share one namespace, also across the files that `use` brings together. The first ' +
      'declaration counts; give the other one a name of its own or delete it.',
    wrong: 'type pt{x:n}\ntype pt{y:n}\nf>n;p=pt x:1;p.x',
    right: 'type pt{x:n}\ntype row{y:n}\nf>n;p=pt x:1;p.x',
  },
  'ILO-T002': {
    severity: 'error',
    title: 'a function or tool is declared twice',
    texts: {
      function: "duplicate function definition '{name}'",
      tool: "duplicate definition '{name}' (tool conflicts with function)",
    },
    explanation:
      'Functions and tools share one namespace, also across imported files, and there are no overloads: a name stands ' +
      'for one function. Rename one of the two.',
    wrong: 'area w:n h:n>n;*w h\narea r:n>n;*r r\nf>n;area 2 3',
    right: 'area w:n h:n>n;*w h\nsquare r:n>n;*r r\nf>n;area 2 3',
  },
  'ILO-T003': {
    severity: 'error',
    title: 'a type is not declared, or two branches differ',
    texts: {
      type: "undefined type '{name}'",
      branches: 'ternary branches have different types: {first} vs {second}',
    },
    explanation:
      'A type with a name of two or more letters must be declared with `type` or `alias`; a single lowercase letter ' +
      'other than n, t and b is a type variable and needs no declaration. The same code reports a ternary whose two ' +
      'branches could not be used in the same way afterwards.',
    wrong: 'f p:pint>n;p.x',
    right: 'type pint{x:n}\nf p:pint>n;p.x',
  },
  'ILO-T004': {
    severity: 'error',
    title: 'a variable is not bound',
    texts: { variable: "undefined variable '{name}'" },
    explanation:
      'A name in value position must be a parameter, a variable assigned earlier in this block or one around it, or a ' +
      'function. What a block in braces assigns first is gone after its closing brace (`wh` alone has no scope of its ' +
      'own), so assign before the block what you need after it. A hyphen belongs to the name: `a-b` is one variable, ' +
      'the difference is `- a b`.',
    wrong: 'f x:n>n;+x y',
    right: 'f x:n y:n>n;+x y',
  },
  'ILO-T005': {
    severity: 'error',
    title: 'what is called is not a function',
    texts: {
      unknown: "undefined function '{name}' (called with {count} args)",
      value: "'{name}' is a {type}, not a function (called with {count} args)",
    },
    explanation:
      'A name followed by arguments must be a builtin, a function or tool of the program, or a variable that holds a ' +
      'function (type `F ...`). Check the spelling; if an operator was meant, it comes first: `*x 2`.',
    wrong: 'f x:n>n;double x',
    right: 'double x:n>n;*x 2\nf x:n>n;double x',
  },
  'ILO-T006': {
    severity: 'error',
    title: 'wrong number of arguments',
    texts: {
      function: "arity mismatch: '{name}' expects {expected} args, got {got}",
      value: "arity mismatch: function parameter '{name}' expects {expected} args, got {got}",
    },
    explanation:
      'Every function takes a fixed number of arguments; some builtins take one of several numbers. A call takes all ' +
      'that follows on its line, so put parentheses around an argument that is itself a call with a variable number.',
    wrong: 'add a:n b:n>n;+a b\nf x:n>n;add x',
    right: 'add a:n b:n>n;+a b\nf x:n>n;add x 1',
  },
  'ILO-T007': {
    severity: 'error',
    title: 'an argument has the wrong type',
    texts: {
      param: "type mismatch: param '{param}' of '{name}' expects {wanted}, got {got}",
      argument: "type mismatch: arg {index} of '{name}' expects {wanted}, got {got}",
    },
    explanation:
      'The argument can never have the type that the parameter declares. Convert it (`str` makes text of a number, ' +
      '`num` reads a number and gives a Result) or pass the arguments in the declared order.',
    wrong: 'double x:n>n;*x 2\nf s:t>n;double s',
    right: 'double x:n>n;*x 2\nf s:t>n;double len s',
  },
  'ILO-T008': {
    severity: 'error',
    title: 'the result has the wrong type',
    texts: { result: 'return type mismatch: expected {expected}, got {got}' },
    explanation:
      'A function returns the value of its last statement, and that is not what its header promises after `>`. An ' +
      'assignment as the last statement returns nothing: repeat the variable after it.',
    wrong: 'f x:n>t;*x 2',
    right: 'f x:n>t;str *x 2',
  },
  'ILO-T009': {
    severity: 'error',
    title: 'operands of arithmetic do not fit',
    texts: {
      add: "'+' expects matching n, t, or L types, got {left} and {right}",
      arithmetic: "'{op}' expects n and n, got {left} and {right}",
      destructure: 'destructure requires a record type, got {got}',
    },
    explanation:
      '`+` adds two numbers, joins two texts or joins two lists; `-`, `*` and `/` take numbers only. Nothing is ' +
      'converted silently. The same code reports `{a;b}=x` where `x` is not a record.',
    wrong: 'f x:n>t;+"total " x',
    right: 'f x:n>t;+"total " str x',
  },
  'ILO-T010': {
    severity: 'error',
    title: 'values that have no order are compared',
    texts: { compare: 'comparison expects matching n or t, got {left} and {right}' },
    explanation:
      '`<`, `>`, `<=` and `>=` compare two numbers, or two texts letter by letter. `=` and `!=` take anything. An ' +
      'optional must be given a default first: `>(??x 0) 5`.',
    wrong: 'f x:n s:t>b;>x s',
    right: 'f x:n s:t>b;>x len s',
  },
  'ILO-T011': {
    severity: 'error',
    title: 'appending does not fit',
    texts: {
      list: "'+=' expects a list on the left, got {got}",
      element: "'+=' list element type {wanted} doesn't match appended {got}",
    },
    explanation:
      '`+=xs v` gives a new list with one more element of the type that the list already has. To join two lists use ' +
      '`+xs ys`.',
    wrong: 'f xs:L n>L n;+=xs "one"',
    right: 'f xs:L n>L n;+=xs 1',
  },
  'ILO-T012': {
    severity: 'error',
    title: 'something that is not a number is negated',
    texts: { operand: 'negate expects n, got {got}' },
    explanation: 'A minus before one operand negates a number. For the opposite of a truth value write `!x`.',
    wrong: 'f s:t>n;- s',
    right: 'f s:t>n;n=len s;- n',
  },
  'ILO-T013': {
    severity: 'error',
    title: 'a builtin is given the wrong thing',
    texts: {
      only: "'{name}' expects {wanted}, got {got}",
      argument: "'{name}' arg {index} expects {wanted}, got {got}",
      worded: "'{name}' {words}, got {got}",
      key: "'{name}' key must match map key type {wanted}, got {got}",
      element: "'lst' value type {got} does not match list element type {wanted}",
      context: "'{name}' {role} must take {count} args {roles} for closure-bind variant, got {got} args",
      swapped: "'{name}' fn params look swapped for closure-bind variant",
      fallible: "'mapr' fn must return a Result (R _ _), got {got}; use 'map' for non-fallible fns",
      placeholder: "'fmt' only supports bare `{braces}` placeholders, got `{spec}`",
      format: '\'wr\' format "{format}" is not supported; expected "json", "csv", or "tsv"',
    },
    explanation:
      'The argument can never be what the builtin works on. `ilo help NAME` shows its signature. Optionals (what `mget` ' +
      'gives) need a default or a test first.',
    wrong: 'f x:n>n;len x',
    right: 'f x:n>n;len str x',
  },
  'ILO-T014': {
    severity: 'error',
    title: 'a loop over something that is not a list or range',
    texts: {
      list: 'foreach expects a list, got {got}',
      range: 'range {end} must be n, got {got}',
    },
    explanation:
      '`@x xs{...}` goes through a list and `@i a..b{...}` through the whole numbers from `a` up to but not including ' +
      '`b`. To go through a text use its `chars`, through a map its `mkeys`.',
    wrong: 'f s:t>n;c=0;@x s{c=+c 1};c',
    right: 'f s:t>n;c=0;@x chars s{c=+c 1};c',
  },
  'ILO-T015': {
    severity: 'error',
    title: 'a record lacks a field',
    texts: { field: "missing field '{field}' in record '{type}'" },
    explanation:
      'A record is made with all fields of its type; there are no defaults. Use `O` fields and `nil` where a value may be absent.',
    wrong: 'type pt{x:n;y:n}\nf>n;p=pt x:1;p.x',
    right: 'type pt{x:n;y:n}\nf>n;p=pt x:1 y:2;p.x',
  },
  'ILO-T016': {
    severity: 'error',
    title: 'a record has no such field to fill',
    texts: { field: "unknown field '{field}' in record '{type}'" },
    explanation: 'The type does not declare this field. Check the spelling, or add the field to the type.',
    wrong: 'type pt{x:n;y:n}\nf>n;p=pt x:1 y:2 z:3;p.x',
    right: 'type pt{x:n;y:n}\nf>n;p=pt x:1 y:2;p.x',
  },
  'ILO-T017': {
    severity: 'error',
    title: 'a field is filled with the wrong type',
    texts: { field: "field '{field}' of '{type}' expects {wanted}, got {got}" },
    explanation: 'The value can never have the type that the record type declares for this field.',
    wrong: 'type pt{x:n;y:n}\nf>n;p=pt x:"1" y:2;p.y',
    right: 'type pt{x:n;y:n}\nf>n;p=pt x:1 y:2;p.y',
  },
  'ILO-T018': {
    severity: 'error',
    title: 'a field of something that is not a record',
    texts: { field: 'field access on non-record type {got}' },
    explanation:
      'Only records have fields. An element of a list is reached with a number (`xs.0`) or `at xs i`, a value in a map ' +
      'with `mget m k`. A Result or an optional must be opened first.',
    wrong: 'f n:n>n;n.size',
    right: 'type box{size:n}\nf v:n>n;b=box size:v;b.size',
  },
  'ILO-T019': {
    severity: 'error',
    title: 'a record type has no such field',
    texts: { field: "no field '{field}' on type '{type}'" },
    explanation:
      'The type of this record does not declare the field. Check the spelling against the `type` declaration.',
    wrong: 'type pt{x:n;y:n}\nf>n;p=pt x:1 y:2;p.z',
    right: 'type pt{x:n;y:n}\nf>n;p=pt x:1 y:2;p.y',
  },
  'ILO-T020': {
    severity: 'error',
    title: "'with' needs a record",
    texts: { object: "'with' on non-record type {got}" },
    explanation:
      '`r with f:v` copies a record and replaces fields. For lists there is `lst xs i v`, for maps `mset m k v`.',
    wrong: 'f xs:L n>L n;xs with x:1',
    right: 'f xs:L n>L n;lst xs 0 1',
  },
  'ILO-T021': {
    severity: 'error',
    title: "'with' names an unknown field",
    texts: { field: "unknown field '{field}' in 'with' on '{type}'" },
    explanation: 'Only fields that the type declares can be replaced; a record never gains one.',
    wrong: 'type pt{x:n;y:n}\nf>n;p=pt x:1 y:2;q=p with z:9;q.x',
    right: 'type pt{x:n;y:n}\nf>n;p=pt x:1 y:2;q=p with x:9;q.x',
  },
  'ILO-T022': {
    severity: 'error',
    title: "'with' gives a field the wrong type",
    texts: { field: "'with' field '{field}' of '{type}' expects {wanted}, got {got}" },
    explanation: 'The new value can never have the type that the record type declares for this field.',
    wrong: 'type pt{x:n;y:n}\nf>n;p=pt x:1 y:2;q=p with x:"9";q.y',
    right: 'type pt{x:n;y:n}\nf>n;p=pt x:1 y:2;q=p with x:9;q.y',
  },
  'ILO-T023': {
    severity: 'error',
    title: 'an index into something that is not a list',
    texts: { index: 'index access on non-list type {got}' },
    explanation: '`xs.0` takes an element of a list. A letter of a text is `at s 0`, a value of a map `mget m k`.',
    wrong: 'f s:t>t;s.0',
    right: 'f s:t>t;at s 0',
  },
  'ILO-T024': {
    severity: 'error',
    title: 'a match misses a case',
    texts: {
      result: 'non-exhaustive match on Result: missing {missing}',
      bool: 'non-exhaustive match on Bool: missing {missing}',
      sum: 'non-exhaustive match on sum type: missing {missing}',
      open: 'non-exhaustive match: no wildcard arm',
    },
    explanation:
      'A match must say what happens for every value. Results need `~v:` and `^e:`, booleans `true:` and `false:`, sum ' +
      'types an arm for each variant; everything else needs `_:` for the rest.',
    wrong: 'f x:n>t;?x{0:"none";1:"one"}',
    right: 'f x:n>t;?x{0:"none";1:"one";_:"many"}',
  },
  'ILO-T025': {
    severity: 'error',
    title: "'!' on a call that cannot fail",
    texts: { call: "'{sign}' used on call to '{name}' which returns {type}, not a Result or Optional" },
    explanation:
      '`f! x` and `f!! x` open what `f` gives: the value inside `~v`, or a value that is not nil. A function that ' +
      'returns neither `R` nor `O` gives its value already; leave the sign out.',
    wrong: 'g x:n>n;*x 2\nf x:n>R n t;y=g! x;~y',
    right: 'g x:n>n;*x 2\nf x:n>R n t;y=g x;~y',
  },
  'ILO-T026': {
    severity: 'error',
    title: "'!' in a function that cannot pass the failure on",
    texts: {
      result: "'!' used in function '{name}' which returns {type}, not a Result",
      optional: "'!' used in function '{name}' which returns {type}, not an Optional",
    },
    explanation:
      '`g! x` returns from the enclosing function when `g` fails, with the error or nil, so that function must return a ' +
      'Result (or an optional, when `g` does). Handle the failure with a match, or end the program with `g!! x`.',
    wrong: 'f s:t>n;num! s',
    right: 'f s:t>R n t;v=num! s;~v',
  },
  'ILO-T027': {
    severity: 'error',
    title: 'a guard gives a function instead of calling it',
    texts: { body: "braceless guard body '{name}' is a function name — did you mean to call it?" },
    explanation:
      'The body of this guard is the name of a function, with no arguments: that is the function itself as a value, ' +
      'hardly ever what is meant. Put the call in braces or parentheses.',
    wrong: 'label x:n>t;str x\nf x:n>t;>=x 10 label;"small"',
    right: 'label x:n>t;str x\nf x:n>t;>=x 10 (label x);"small"',
  },
  'ILO-T028': {
    severity: 'error',
    title: 'brk or cnt outside a loop',
    texts: { outside: '{word} can only be used inside a loop (@/wh)' },
    explanation:
      '`brk` leaves the loop around it and `cnt` goes on with its next round; here is none. To leave the function use ' +
      '`ret`. A lambda inside a loop is a function of its own.',
    wrong: 'f x:n>n;>x 5{brk};x',
    right: 'f x:n>n;>x 5{ret 5};x',
  },
  'ILO-T029': {
    severity: 'warning',
    title: 'code that never runs',
    texts: { code: "unreachable code after '{word}'" },
    explanation:
      'Nothing in a block runs after `ret` or `brk`. Delete it, or move the `ret` into a guard if it was meant to ' +
      'happen only sometimes.',
    wrong: 'f x:n>n;ret x;*x 2',
    right: 'f x:n>n;>x 9{ret x};*x 2',
  },
  'ILO-T030': {
    severity: 'error',
    title: 'aliases stand for each other',
    texts: {
      circular: "circular type alias '{name}'",
      large: "type alias '{name}' is too large when written out",
    },
    explanation:
      'An alias is a short way to write another type, so writing it out must come to an end. For a type that contains ' +
      'itself declare a record with `type`. The same code stops aliases that double their size at every step.',
    wrong: 'alias aa L bb\nalias bb L aa\nf x:aa>n;len x',
    right: 'alias aa L bb\nalias bb L n\nf x:aa>n;len x',
  },
  'ILO-T031': {
    severity: 'error',
    title: 'an alias takes the name of a builtin type',
    texts: { alias: "type alias '{name}' shadows a builtin type" },
    explanation:
      'n, t, b and _ are the names of numbers, texts, booleans and the unknown; choose another name for the alias.',
    wrong: 'alias n t\nf x:n>n;x',
    right: 'alias name t\nf x:name>t;x',
  },
  'ILO-T032': {
    severity: 'warning',
    title: 'formatted text is thrown away',
    texts: { result: "bare '{name}' result is discarded" },
    explanation:
      '`fmt` and `fmt2` make a text and print nothing. As a statement before the last the text is lost; print it with ' +
      '`prnt fmt ...` or keep it in a variable. As the last statement it is the result, which is fine.',
    wrong: 'f v:n>n;fmt "v={}" v;v',
    right: 'f v:n>n;prnt fmt "v={}" v;v',
  },
  'ILO-T033': {
    severity: 'warning',
    title: 'a changed copy is thrown away',
    texts: { result: "bare '{name}' result is discarded" },
    explanation:
      '`+=xs v`, `mset m k v` and `mdel m k` change nothing: they give a new list or map. As a statement before the ' +
      'last, or anywhere in a loop, the new value is lost; assign it back.',
    wrong: 'f>L n;out=[];@i 0..3{+=out i};out',
    right: 'f>L n;out=[];@i 0..3{out=+=out i};out',
  },
  'ILO-T034': {
    severity: 'error',
    title: "'!' on a variable",
    texts: {
      value: "'{sign}' is the auto-unwrap operator and only applies to function calls — '{name}' is a {type} value",
    },
    explanation:
      '`!` and `!!` belong to a call and open what it returns. A variable that holds a Result is opened with a match; or ' +
      'put the sign on the call that the value came from.',
    wrong: 'f s:t>R n t;r=num s;v=r!;~v',
    right: 'f s:t>R n t;v=num! s;~v',
  },
} as const satisfies Record<string, DiagnosticRow>;
