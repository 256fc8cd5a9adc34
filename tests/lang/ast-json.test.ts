import { expect, test } from 'vitest';
import { doubleText, programJson } from '../../src/lang/ilo/ast-json.ts';
import { parse } from '../../src/lang/ilo/parse.ts';

function ast(source: string): { declarations: unknown[] } {
  const { program, diagnostics } = parse(source);
  expect(diagnostics).toEqual([]);
  return JSON.parse(programJson(program));
}

/** The statements of the first function. */
function body(source: string): unknown[] {
  const [first] = ast(source).declarations as { Function: { body: unknown[] } }[];
  return first!.Function.body;
}

const ref = (name: string) => ({ Ref: name });
const number = (value: number) => ({ Literal: { Number: value } });
const call = (name: string, args: unknown[], unwrap = 'None') => ({ Call: { function: name, args, unwrap } });

test('the exact text', () => {
  const { program } = parse('half x:n>n;/x 2');
  expect(programJson(program)).toBe(`{
  "declarations": [
    {
      "Function": {
        "name": "half",
        "params": [
          {
            "name": "x",
            "ty": "Number"
          }
        ],
        "return_type": "Number",
        "body": [
          {
            "Expr": {
              "BinOp": {
                "op": "Divide",
                "left": {
                  "Ref": "x"
                },
                "right": {
                  "Literal": {
                    "Number": 2.0
                  }
                }
              }
            }
          }
        ]
      }
    }
  ]
}`);
});

test('empty lists have no lines, missing parts are null', () => {
  const { program } = parse('f>L n;brk;[]');
  const text = programJson(program);
  expect(text).toContain('"params": [],');
  expect(text).toContain('"Break": null');
  expect(text).toContain('"List": []');
});

test('declarations', () => {
  const source =
    'type p{x:n;y:L t}\nalias id M t n\ntool get-it"Gets" u:t>R _ t timeout:1.5\nuse "other.ilo"\n' +
    'f a:O b b:S u v c:F n t d:p>_;nil';
  expect(ast(source).declarations).toEqual([
    {
      TypeDef: {
        name: 'p',
        fields: [
          { name: 'x', ty: 'Number' },
          { name: 'y', ty: { List: 'Text' } },
        ],
      },
    },
    { Alias: { name: 'id', target: { Map: ['Text', 'Number'] } } },
    {
      Tool: {
        name: 'get-it',
        description: 'Gets',
        params: [{ name: 'u', ty: 'Text' }],
        return_type: { Result: ['Any', 'Text'] },
        timeout: 1.5,
        retry: null,
      },
    },
    {
      Function: {
        name: 'f',
        params: [
          { name: 'a', ty: { Optional: 'Bool' } },
          { name: 'b', ty: { Sum: ['u', 'v'] } },
          { name: 'c', ty: { Fn: [['Number'], 'Text'] } },
          { name: 'd', ty: { Named: 'p' } },
        ],
        return_type: 'Any',
        body: [{ Expr: { Literal: 'Nil' } }],
      },
    },
  ]);
});

test('statements', () => {
  expect(body('f x:n>n;y=1;{a;b}=x;>x 1 2;!x{ret 1}{cnt};@v xs{v};@i 0..3{brk i};wh true{x};x')).toEqual([
    { Let: { name: 'y', value: number(1) } },
    { Destructure: { bindings: ['a', 'b'], value: ref('x') } },
    {
      Guard: {
        condition: { BinOp: { op: 'GreaterThan', left: ref('x'), right: number(1) } },
        negated: false,
        body: [{ Expr: number(2) }],
        else_body: null,
        braceless: true,
      },
    },
    {
      Guard: {
        condition: ref('x'),
        negated: true,
        body: [{ Return: number(1) }],
        else_body: ['Continue'],
        braceless: false,
      },
    },
    { ForEach: { binding: 'v', collection: ref('xs'), body: [{ Expr: ref('v') }] } },
    { ForRange: { binding: 'i', start: number(0), end: number(3), body: [{ Break: ref('i') }] } },
    { While: { condition: { Literal: { Bool: true } }, body: [{ Expr: ref('x') }] } },
    { Expr: ref('x') },
  ]);
});

test('matches and their patterns', () => {
  const arm = (pattern: unknown) => ({ pattern, body: [{ Expr: number(1) }] });
  expect(body('f x:_>n;?x{~v:1;^_:1;"a":1;2:1;n w:1;l w:1;_:1}')).toEqual([
    {
      Match: {
        subject: ref('x'),
        arms: [
          arm({ Ok: 'v' }),
          arm({ Err: '_' }),
          arm({ Literal: { Text: 'a' } }),
          arm({ Literal: { Number: 2 } }),
          arm({ TypeIs: { ty: 'Number', binding: 'w' } }),
          arm({ TypeIs: { ty: { List: 'Text' }, binding: 'w' } }),
          arm('Wildcard'),
        ],
      },
    },
  ]);
});

test('expressions', () => {
  const source =
    'f x:n i:n>n;x.a.?0;xs.i;rd!! "p";x>>str>>cat ys;$!u;-x;!x;~x;(^x);[1 "a"];p a:1;x??2;x with a:1;?=x 1 2 3;length xs';
  expect(body(source)).toEqual(
    [
      { Index: { object: { Field: { object: ref('x'), field: 'a', safe: false } }, index: 0, safe: true } },
      call('at', [ref('xs'), ref('i')]),
      call('rd', [{ Literal: { Text: 'p' } }], 'Panic'),
      call('cat', [ref('ys'), call('str', [ref('x')])]),
      call('get', [ref('u')], 'Propagate'),
      { UnaryOp: { op: 'Negate', operand: ref('x') } },
      { UnaryOp: { op: 'Not', operand: ref('x') } },
      { Ok: ref('x') },
      { Err: ref('x') },
      { List: [number(1), { Literal: { Text: 'a' } }] },
      { Record: { type_name: 'p', fields: [['a', number(1)]] } },
      { NilCoalesce: { value: ref('x'), default: number(2) } },
      { With: { object: ref('x'), updates: [['a', number(1)]] } },
      {
        Ternary: {
          condition: { BinOp: { op: 'Equals', left: ref('x'), right: number(1) } },
          then_expr: number(2),
          else_expr: number(3),
        },
      },
      call('len', [ref('xs')]),
    ].map(value => ({ Expr: value })),
  );
});

test('lambdas become functions at the end, inner ones first', () => {
  const { declarations } = ast('f k:n>L n;map (x:n>n;sum map (y:n>n;+y k) [x]) [1]\ng>n;map (z:n>n;z) []');
  const functions = declarations.map(decl => (decl as { Function: { name: string; params: unknown[] } }).Function);
  expect(functions.map(({ name }) => name)).toEqual(['f', 'g', '__lit_0', '__lit_1', '__lit_2']);
  expect(functions[2]!.params).toEqual([
    { name: 'y', ty: 'Number' },
    { name: 'k', ty: 'Any' },
  ]);
  const text = JSON.stringify(declarations);
  expect(text).toContain('{"MakeClosure":{"fn_name":"__lit_1","captures":[{"Ref":"k"}]}}');
  expect(text).toContain('{"Ref":"__lit_2"}');
});

test('numbers always look like doubles', () => {
  const cases: readonly (readonly [number, string])[] = [
    [1, '1.0'],
    [-0, '-0.0'],
    [0.1, '0.1'],
    [1234.5, '1234.5'],
    [1e15, '1000000000000000.0'],
    [1e16, '1e16'],
    [1.5e300, '1.5e300'],
    [0.00001, '0.00001'],
    [0.0000015, '1.5e-6'],
    [5e-324, '5e-324'],
    [Number.POSITIVE_INFINITY, 'null'],
  ];
  for (const [value, text] of cases) expect(doubleText(value)).toBe(text);
});

test('text is escaped as JSON', () => {
  expect(body('f>t;"a\\"b\\n\\\\"')).toEqual([{ Expr: { Literal: { Text: 'a"b\n\\' } } }]);
});
