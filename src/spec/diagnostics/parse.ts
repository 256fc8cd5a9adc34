// What can be wrong with the structure of a program, and with the files it imports.
import type { DiagnosticRow } from './row.ts';

export const PARSE_ROWS = {
  'ILO-P001': {
    severity: 'error',
    title: 'no declaration here',
    texts: { declaration: 'expected declaration, got {got}' },
    explanation:
      'Outside of functions only declarations may stand: a function (`name param:type>type;body`), `type`, `alias`, `tool` or ' +
      '`use`. The usual cause is a value that the function before it does not take in: a third operand behind `+a b`, or a ' +
      'statement without the `;` before it.',
    wrong: 'main>n;+1 2 3',
    right: 'main>n;+1 +2 3',
  },
  'ILO-P002': {
    severity: 'error',
    title: 'empty program',
    texts: { empty: 'expected declaration, got EOF' },
    explanation:
      'The file holds no declaration: it is empty, or has nothing but comments. A program needs at least one function.',
    wrong: '-- nothing yet',
    right: '-- the answer\nmain>n;42',
  },
  'ILO-P003': {
    severity: 'error',
    title: 'unexpected token',
    texts: {
      token: 'expected {expected}, got {got}',
      lambdaEnd: 'expected `)` to close inline lambda body, got {got}',
      colonBeforeResult: 'unexpected `:>` after `{name}`: no colon stands before the result type',
      compoundOperator: '`{found}` is not an ilo operator; compound prefix forms do not compose',
      doubledOperator: "unexpected '{found}': ilo uses single '{instead}' for {word}",
      chain: 'prefix chain `{chain}` needs {needed} operands but found {found}',
    },
    explanation:
      'Something else must stand here for the line to be ilo. The message names both. Often a bracket is missing, a block ' +
      'does not open on the line of its head, an operator of another language is used (`&&`, `=>`, `->`), or a run of prefix ' +
      'operators has too few operands: n operators take n+1.',
    wrong: 'main>n;xs=[1 2 3];@x xs;prnt x',
    right: 'main>n;xs=[1 2 3];@x xs{prnt x};len xs',
  },
  'ILO-P004': {
    severity: 'error',
    title: 'unexpected end of file',
    texts: { token: 'expected {expected}, got EOF' },
    explanation:
      'The file ends inside a construct that is still open, most often because a closing bracket is missing.',
    wrong: 'main>n;(+1 2',
    right: 'main>n;(+1 2)',
  },
  'ILO-P005': {
    severity: 'error',
    title: 'name expected',
    texts: { name: 'expected identifier, got {got}' },
    explanation:
      'A name belongs here: of a declaration, a parameter, a loop variable, a binding, or a field behind a dot. A position that is ' +
      'computed is no field: `at xs (+i 1)`.',
    wrong: 'main>n;xs=[1 2];i=0;xs.(+i 1)',
    right: 'main>n;xs=[1 2];i=0;at xs (+i 1)',
  },
  'ILO-P006': {
    severity: 'error',
    title: 'name expected at the end of the file',
    texts: { name: 'expected identifier, got EOF' },
    explanation: 'The file ends where a name belongs, for example behind `type`, `alias`, `@` or a dot.',
    wrong: 'main>n;1\ntype',
    right: 'main>n;1\ntype point{x:n;y:n}',
  },
  'ILO-P007': {
    severity: 'error',
    title: 'type expected',
    texts: { type: 'expected type, got {got}', endOfLine: 'expected type, got end of line' },
    explanation:
      'A type belongs here: `n`, `t`, `b`, `_`, `L type`, `O type`, `M key value`, `R ok error`, `S variant…`, `F parameter… ' +
      'result`, or the name of a record. `R` and `M` need two types behind them.',
    wrong: 'half x:>n;/x 2\nmain>n;half 4',
    right: 'half x:n>n;/x 2\nmain>n;half 4',
  },
  'ILO-P008': {
    severity: 'error',
    title: 'type expected at the end of the file',
    texts: { type: 'expected type, got EOF' },
    explanation: 'The file ends where a type belongs. `R` and `M` need two types behind them, `L` and `O` one.',
    wrong: 'main>n;1\nload p:t>R t',
    right: 'main>n;1\nload p:t>R t t;~p',
  },
  'ILO-P009': {
    severity: 'error',
    title: 'expression expected',
    texts: {
      expression: 'expected expression, got {got}',
      reserved: '`{word}` is a reserved word and cannot start an expression',
      listSeparator: '`;` is not a list separator inside `[...]`',
      functionType: 'F type requires at least a return type',
      mapLiteral: '`{name}={block}`: ilo has no map literal',
    },
    explanation:
      'A value belongs here: a literal, a name, a call, an operator with its operands, a list, or parentheses. Words such as ' +
      '`fn` or `if` begin none; an inline function is `(x:n>n;body)`, a choice is `?condition{a}{b}`. Maps are built with ' +
      '`mmap` and `mset`.',
    wrong: 'main>n;x=;+x 1',
    right: 'main>n;x=2;+x 1',
  },
  'ILO-P010': {
    severity: 'error',
    title: 'expression expected at the end of the file',
    texts: {
      expression: 'expected expression, got EOF',
      variants: 'S type requires at least one variant',
    },
    explanation: 'The file ends where a value belongs, for example behind an operator that still lacks an operand.',
    wrong: 'main>n;+1',
    right: 'main>n;+1 2',
  },
  'ILO-P011': {
    severity: 'error',
    title: 'reserved name, or no pattern',
    texts: {
      pattern: 'expected pattern, got {got}',
      reserved: '`{word}` is a reserved word and cannot be used as an identifier',
      statementWord: '`{word}` is reserved for {use} and cannot be used as an identifier',
      builtinBinding: '`{name}` is a builtin and cannot be used as a binding name',
      builtinFunction: '`{name}` is a builtin and cannot be used as a function name',
      statementInMatch: '`?{subject}{block}` is match syntax: its body holds arms, not statements',
    },
    explanation:
      'Names of builtins and a few reserved words cannot be given to functions or bindings, because calls would go to the builtin ' +
      'and the mistake would show somewhere else. In a match the same code means that an arm does not begin with a pattern: ' +
      'a literal, `_`, `~name`, `^name`, or `n name`, `t name`, `b name`, `l name`.',
    wrong: 'main>n;len=3;+len 1',
    right: 'main>n;ln=3;+ln 1',
  },
  'ILO-P012': {
    severity: 'error',
    title: 'pattern expected at the end of the file',
    texts: { pattern: 'expected pattern, got EOF' },
    explanation: 'The file ends inside a match, where the next arm or the closing brace belongs.',
    wrong: 'main>t;x=1;?x{',
    right: 'main>t;x=1;?x{1:"one";_:"more"}',
  },
  'ILO-P013': {
    severity: 'error',
    title: 'number expected',
    texts: { number: 'expected number, got {got}' },
    explanation: 'The options of a tool, `timeout:` and `retry:`, take a literal number.',
    wrong: 'tool look"Looks a word up" w:t>t timeout:soon\nmain>n;1',
    right: 'tool look"Looks a word up" w:t>t timeout:5\nmain>n;1',
  },
  'ILO-P014': {
    severity: 'error',
    title: 'number expected at the end of the file',
    texts: { number: 'expected number, got EOF' },
    explanation: 'The file ends behind `timeout:` or `retry:`, where a literal number belongs.',
    wrong: 'main>n;1\ntool look"Looks a word up" w:t>t retry:',
    right: 'main>n;1\ntool look"Looks a word up" w:t>t retry:2',
  },
  'ILO-P015': {
    severity: 'error',
    title: 'description of a tool expected',
    texts: { description: 'expected tool description string' },
    explanation: 'A tool says in a text directly behind its name what it does; whoever calls it reads that.',
    wrong: 'tool look w:t>t\nmain>n;1',
    right: 'tool look"Looks a word up" w:t>t\nmain>n;1',
  },
  'ILO-P016': {
    severity: 'error',
    title: 'something is left over behind a guard, or a `use` is incomplete',
    texts: {
      guardBody: 'unexpected token after braceless guard body',
      usePath: 'expected a string path after `use`, got {got}',
      useUnclosed: 'unclosed `[` in use statement',
      useEmpty: 'use `[...]` list must not be empty',
    },
    explanation:
      'A guard without braces (`>x 9 "big"`) returns one plain value. A call there would leave its arguments over, because ' +
      'nothing says where they end: put it into braces. The same code marks a `use` without a path in quotes, or whose list of ' +
      'names is empty or open.',
    wrong: 'name x:n>t;>x 9 fmt "{}!" x;"small"\nmain>t;name 10',
    right: 'name x:n>t;>x 9{ret fmt "{}!" x};"small"\nmain>t;name 10',
  },
  'ILO-P017': {
    severity: 'error',
    title: 'imported file not found',
    texts: {
      missing: 'use "{path}": file not found',
      unreadable: 'use "{path}": {reason}',
      noFile: '`use` requires a file path context: not supported in inline code',
    },
    explanation:
      'The path behind `use` is taken relative to the file it stands in, and that file must exist and be readable. A program given on ' +
      'the command line has no place of its own and cannot import.',
    wrong: 'use "no-such-file.ilo"\nmain>n;1',
    right: 'dbl x:n>n;*x 2\nmain>n;dbl 4',
  },
  'ILO-P018': {
    severity: 'error',
    title: 'circular import, or a variadic builtin that is not the last argument',
    texts: {
      variadic: '`{name}` must be the last argument to `{outer}`; wrap in parens to use it earlier',
      cycle: 'use "{path}": circular import',
    },
    explanation:
      '`fmt` takes every value that follows it, so as an argument of another call it must come last, or stand in parentheses. The ' +
      'same code marks a file that imports itself, directly or through others: move what both need into a third file.',
    wrong: 'put a:t b:t>t;+a b\nmain>t;put fmt "{}" 1 "x"',
    right: 'put a:t b:t>t;+a b\nmain>t;put (fmt "{}" 1) "x"',
  },
  'ILO-P019': {
    severity: 'error',
    title: 'imported name not found',
    texts: { name: 'use "{path}": name \'{name}\' not found in imported file' },
    explanation:
      'The list behind a `use` names something that the imported file does not declare. Names are matched exactly. Leave the list ' +
      'out to import everything.',
    wrong: 'use "units.ilo" [to-miles]\nmain>n;to-miles 5',
    right: 'use "units.ilo" [to-feet]\nmain>n;to-feet 5',
    files: { 'units.ilo': 'to-feet m:n>n;*m 3.25' },
  },
  'ILO-P020': {
    severity: 'error',
    title: 'incomplete function header',
    texts: {
      header: 'incomplete function header for `{name}`: header runs off the end of the {end}',
      body: 'incomplete function header for `{name}`: no body before the next declaration',
    },
    explanation:
      'A line that is not indented begins a new declaration, so a header must be complete on its own line, or go on in indented ' +
      'ones: `name param:type>type;body`. It is reported for the function it belongs to, not for the line that follows.',
    wrong: 'area w:n h:n\nmain>n;2',
    right: 'area w:n h:n>n;*w h\nmain>n;area 1 2',
  },
  'ILO-P021': {
    severity: 'error',
    title: 'misleading double minus',
    texts: {
      trap: 'ambiguous double-minus prefix-binop chain: `- -OP a b OP c d` is the negated difference of both parts',
    },
    explanation:
      '`- -*a b *c d` looks like minus a·b, minus c·d. The inner minus takes both products, so it is -(a·b - c·d), and the second ' +
      'product gets the wrong sign without anybody noticing. Negate the sum, or bind the parts first.',
    wrong: 'f a:n b:n>n;- -*a a *b b\nmain>n;f 2 3',
    right: 'f a:n b:n>n;- 0 +*a a *b b\nmain>n;f 2 3',
  },
  'ILO-P022': {
    severity: 'error',
    title: 'nested too deeply, or too long',
    texts: {
      depth: 'nested more than {limit} levels deep',
      length: 'the program is longer than {limit} words, numbers and signs',
      files: 'the program uses more than {limit} files',
    },
    explanation:
      'Parentheses, lists, blocks, operators, types, matches and calls may be nested up to a limit, and so may chains such as ' +
      '`a+b+c+…` or `x>>f>>g…`, whose every link is one level. Programs that people or models write stay far below it. ' +
      'Bind parts to names, or use a list and a fold. A program as a whole may have two million words, numbers and signs; ' +
      'what belongs into a file of data should be read from one. It may use a thousand files, those that its files use included.',
    wrong: `main>n;${'('.repeat(300)}1${')'.repeat(300)}`,
    right: 'main>n;sum [1 2 3 4 5 6]',
  },
} as const satisfies Record<string, DiagnosticRow>;
