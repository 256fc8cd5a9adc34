import { expect, test } from 'vitest';
import { formatProgram } from '../../src/lang/ilo/format/format.ts';
import type { Style } from '../../src/lang/ilo/format/printer.ts';
import { parse } from '../../src/lang/ilo/parse.ts';

const SOURCE = `-- A header.

-- About f.
f x:n>n -- first line
  -- doubles
  y=*x 2 -- twice
  >y 9{ -- big
    -- inside
    ret 9 -- nine
    -- at the end of the block
  }
  ?y{ -- cases
    -- one
    1:2 -- two
    -- the rest
    _:3
  }
  zs=[1 -- in a list
    2]
  -- last
  y -- result

g>n;1 -- behind g
-- The end.
`;

function format(source: string, style: Style): string {
  const { program, diagnostics } = parse(source);
  expect(diagnostics).toEqual([]);
  return formatProgram(program, style);
}

test('expanded: comments stay with their statements', () => {
  expect(format(SOURCE, 'expanded')).toBe(`-- A header.

-- About f.
f x:n > n
  -- first line
  -- doubles
  y = * x 2 -- twice
  > y 9 { -- big
    -- inside
    ret 9 -- nine
    -- at the end of the block
  }
  ?y { -- cases
    -- one
    1: 2 -- two
    -- the rest
    _: 3
  }
  -- in a list
  zs = [1 2]
  -- last
  y -- result

g > n
  1 -- behind g

-- The end.
`);
});

test('dense: comments inside a function move before it', () => {
  const lines = format(SOURCE, 'dense').split('\n');
  expect(lines[0]).toBe('-- A header.');
  expect(lines.indexOf('-- About f.')).toBeLessThan(lines.indexOf('-- twice'));
  expect(lines.indexOf('-- twice')).toBeLessThan(lines.indexOf('-- in a list'));
  expect(lines).toContain('f x:n>n;y=*x 2;>y 9{ret 9};?y{1:2;_:3};zs=[1 2];y -- result');
  expect(lines.slice(-3)).toEqual(['g>n;1 -- behind g', '-- The end.', '']);
});

test('no comment is lost, and formatting again changes nothing', () => {
  const texts = (source: string) => parse(source).program.comments.map(({ text }) => text);
  for (const style of ['dense', 'expanded'] as const) {
    const once = format(SOURCE, style);
    expect(texts(once)).toEqual(texts(SOURCE));
    expect(format(once, style)).toBe(once);
  }
});

test('comments in types and between parameters', () => {
  const source = 'type p{ -- a point\n  x:n -- across\n  -- up\n  y:n\n}\nf a:n -- first\n  b:n>n;+a b\n';
  for (const style of ['dense', 'expanded'] as const) {
    const parsed = parse(source);
    const once = formatProgram(parsed.program, style);
    expect(parse(once).program.comments.map(({ text }) => text)).toEqual(
      parsed.program.comments.map(({ text }) => text),
    );
    expect(formatProgram(parse(once).program, style)).toBe(once);
  }
});

test('comments around a declaration that is kept verbatim are not doubled', () => {
  const source = '-- before\nodd>n -1 -- behind\n-- after\n';
  expect(format(source, 'dense')).toBe(source);
  const broken = '-- before\nbad>n;+ -- inside\n  )\n-- after\n';
  expect(formatProgram(parse(broken).program, 'dense')).toBe(broken);
});
