// The parser's list of builtins and the table of builtins say the same.
import { expect, test } from 'vitest';
import { BUILTINS } from '../../src/lang/ilo/builtins/table.ts';
import { BUILTIN_NAMES, builtinOfAlias, isBuiltinName } from '../../src/spec/builtin-names.ts';

test('the same names and aliases', () => {
  const parser = BUILTIN_NAMES.map(({ name, aliases }) => [name, ...(aliases ?? [])].join(' ')).sort();
  const table = [...BUILTINS.names()].map(name => [name, ...(BUILTINS.get(name)?.aliases ?? [])].join(' ')).sort();
  expect(parser).toEqual(table);
});

test('operands and functions fit a signature', () => {
  for (const { name, operands, functions } of BUILTIN_NAMES) {
    if (operands === undefined) continue;
    const signatures = BUILTINS.get(name)!.signatures.map(signature => {
      const [params] = signature.split(' > ');
      return params!.match(/\S+?:/g) ?? [];
    });
    expect([name, signatures.some(params => params.length === operands)]).toEqual([name, true]);
    for (const position of functions ?? []) expect(position).toBeLessThan(operands);
  }
});

test('look-up', () => {
  expect(isBuiltinName('flt')).toBe(true);
  expect(isBuiltinName('filter')).toBe(false);
  expect(builtinOfAlias('filter')).toBe('flt');
  expect(builtinOfAlias('flt')).toBeUndefined();
  expect(isBuiltinName('constructor')).toBe(false);
});
