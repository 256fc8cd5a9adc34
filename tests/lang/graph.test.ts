import { expect, test } from 'vitest';
import { parseGraphFlags, renderGraph } from '../../src/lang/ilo/graph.ts';
import { parse } from '../../src/lang/ilo/parse.ts';

const SOURCE = `type item{name:t;price:n}
type cart{items:L item;owner:person}
type person{name:t}
tax x:n>n;*x 0.2
dbl x:n>n;*x 2
net i:item>n;- i.price tax i.price
total c:cart>n;sum map net c.items
report c:cart>t;t=total c;map (x:n>n;dbl x) [1];str t
lonely dbl:n>n;dbl
again n:n>n;<n 1 0;again -n 1
`;

const { program } = parse(SOURCE.replace('- i.price tax i.price', '- i.price (tax i.price)'));

function query(...flags: string[]): ReturnType<typeof JSON.parse> {
  const options = parseGraphFlags(flags);
  if ('error' in options) throw new Error(options.error);
  const result = renderGraph(program, options);
  return 'error' in result ? result : JSON.parse(result.text);
}

test('the whole graph', () => {
  const graph = query();
  expect(Object.keys(graph)).toEqual(['functions', 'types']);
  expect(Object.keys(graph.functions)).toEqual(['again', 'dbl', 'lonely', 'net', 'report', 'tax', 'total']);
  expect(graph.functions.total).toEqual({
    sig: 'total c:cart>n',
    calls: ['net'],
    called_by: ['report'],
    types_used: ['cart'],
  });
  expect(graph.functions.again).toMatchObject({ calls: ['again'], called_by: ['again'] });
  expect(graph.types.cart).toEqual({
    fields: [
      ['items', 'L item'],
      ['owner', 'person'],
    ],
    refs: ['item', 'person'],
  });
});

test('names of functions handed over count, locals of that name do not', () => {
  const { functions } = query();
  expect(functions.total.calls).toEqual(['net']);
  expect(functions.lonely.calls).toEqual([]);
});

test('what is written in a lambda belongs to its function', () => {
  const { functions } = query();
  expect(functions.report.calls).toEqual(['dbl', 'total']);
});

test('one function, its direct needs by signature', () => {
  expect(query('--fn', 'report')).toEqual({
    root: 'report',
    source: 'report c:cart>t;t=total c;map (x:n>n;dbl x) [1];str t',
    deps: { dbl: { sig: 'dbl x:n>n' }, total: { sig: 'total c:cart>n' } },
    types: { cart: { source: 'type cart{items:L item;owner:person}' } },
  });
});

test('who calls it', () => {
  expect(query('--fn', 'tax', '--reverse')).toEqual({
    function: 'tax',
    sig: 'tax x:n>n',
    callers: [{ name: 'net', sig: 'net i:item>n' }],
  });
});

test('all it needs, with source', () => {
  const { deps, types } = query('--fn', 'report', '--subgraph');
  expect(Object.keys(deps)).toEqual(['dbl', 'net', 'tax', 'total']);
  expect(deps.tax).toEqual({ sig: 'tax x:n>n', source: 'tax x:n>n;*x 0.2' });
  expect(Object.keys(types)).toEqual(['cart', 'item']);
});

test('a budget is kept', () => {
  const all = query('--fn', 'report', '--budget', '1000');
  expect(all.budget).toMatchObject({ limit: 1000, truncated: [] });
  expect(Object.keys(all.deps)).toEqual(['dbl', 'net', 'tax', 'total']);
  const words = (text: string) => text.split(' ').length;
  const root = words(all.source);
  const some = query('--fn', 'report', '--budget', String(root + words(all.deps.dbl.source)));
  expect(Object.keys(some.deps)).toEqual(['dbl']);
  expect(some.budget.used).toBeLessThanOrEqual(some.budget.limit);
  expect(some.budget.truncated).toEqual(['total', 'cart']);
});

test('drawn for Graphviz', () => {
  const result = renderGraph(program, { dot: true });
  const text = 'text' in result ? result.text : '';
  expect(text.startsWith('digraph ilo {\n  rankdir=LR;\n  node [shape=box];\n')).toBe(true);
  expect(text).toContain('  "net" -> "tax";\n');
  expect(text).toContain('  "net" -> "item" [style=dashed];\n');
  expect(text).toContain('  "person" [shape=record];\n');
  expect(text.endsWith('}\n')).toBe(true);
});

test('mistakes', () => {
  expect(query('--fn', 'nobody')).toEqual({ error: "function 'nobody' not found" });
  expect(query('--fn', '__proto__')).toEqual({ error: "function '__proto__' not found" });
  expect(parseGraphFlags(['--fn'])).toEqual({ error: '--fn requires a function name' });
  expect(parseGraphFlags(['--budget'])).toEqual({ error: '--budget requires a number' });
  expect(parseGraphFlags(['--budget', '-3'])).toEqual({ error: '--budget value must be a positive integer' });
  expect(parseGraphFlags(['--loud'])).toEqual({ error: 'unknown flag: --loud' });
});

test('long chains and cycles of calls', () => {
  const count = 3000;
  const chain = Array.from({ length: count }, (_, index) => `f${index} x:n>n;y=f${(index + 1) % count} x;+1 y`).join(
    '\n',
  );
  const options = parseGraphFlags(['--fn', 'f0', '--subgraph']);
  if ('error' in options) throw new Error(options.error);
  const result = renderGraph(parse(chain).program, options);
  expect('text' in result && Object.keys(JSON.parse(result.text).deps)).toHaveLength(count - 1);
});
