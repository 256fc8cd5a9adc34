import { describe, expect, it } from 'vitest';
import {
  ANY,
  listOf,
  mapOf,
  NUM,
  named,
  optionalOf,
  resultOf,
  showType,
  TEXT,
  type Type,
} from '../../src/core/type.ts';
import {
  acceptsCount,
  bindVariables,
  countsInWords,
  paramAt,
  parseSignature,
  signaturesOf,
  substitute,
} from '../../src/lang/ilo/builtins/signature.ts';
import { BUILTINS } from '../../src/lang/ilo/builtins/table.ts';
import { joinClaims } from '../../src/lang/ilo/verify-types.ts';

const shown = (text: string): string => {
  const { params, result } = parseSignature(text);
  const written = params.map(
    ({ name, alternatives, variadic }) => `${name}=${alternatives.map(showType).join('|')}${variadic ? '...' : ''}`,
  );
  return `${written.join(' ')} => ${showType(result)}`;
};

describe('reading signatures', () => {
  it('reads every form that rows use', () => {
    expect(shown('num s:t > R n t')).toBe('s=t => R n t');
    expect(shown('map fn:F a c r ctx:c xs:L a > L r')).toBe('fn=F a c r ctx=c xs=L a => L r');
    expect(shown('len x:t|L _|M _ _ > n')).toBe('x=t|L _|M _ _ => n');
    expect(shown('fmt template:t args:_... > t')).toBe('template=t args=_... => t');
    expect(shown('mmap > M _ _')).toBe(' => M _ _');
    expect(shown('get-many urls:L t > L (R t t)')).toBe('urls=L t => L R t t');
    expect(shown('mapr fn:F a (R r e) xs:L a > R (L r) e')).toBe('fn=F a R r e xs=L a => R L r e');
    expect(shown('log10 x:n > n')).toBe('x=n => n');
  });

  it('reads parentheses as grouping', () => {
    const fn = parseSignature('f fn:F a (L c) > n').params[0]!.alternatives[0]!;
    expect(fn).toEqual({ kind: 'fn', params: [named('a')], result: listOf(named('c')) });
  });

  it.each(['f x > n', 'f x:n', 'f x:n > ', 'f x:L > n', 'f x:n... y:n > n', 'f x:(n > n', 'f x:n > n n', 'f x:? > n'])(
    'refuses %s',
    text => {
      expect(() => parseSignature(text)).toThrow(/malformed signature/);
    },
  );

  it('reads all rows, each under its own name', () => {
    for (const name of BUILTINS.names()) {
      for (const signature of signaturesOf(BUILTINS.get(name)!)) expect(signature.name).toBe(name);
    }
  });

  it('reads a row once', () => {
    const row = BUILTINS.get('len')!;
    expect(signaturesOf(row)).toBe(signaturesOf(row));
  });
});

describe('counting arguments', () => {
  it('knows fixed and open numbers', () => {
    const open = parseSignature('fmt template:t args:_... > t');
    expect([0, 1, 5].map(count => acceptsCount(open, count))).toEqual([false, true, true]);
    expect(paramAt(open, 7).name).toBe('args');
    const none = parseSignature('now > n');
    expect([0, 1].map(count => acceptsCount(none, count))).toEqual([true, false]);
  });

  it('says them in words', () => {
    const words = (...texts: string[]): string => countsInWords(texts.map(parseSignature));
    expect(words('f x:n > n')).toBe('1');
    expect(words('f > n', 'f a:n b:n > n')).toBe('0 or 2');
    expect(words('f a:n b:n c:n > n', 'f a:n > n', 'f a:n b:n > n', 'f a:t b:n > n')).toBe('1, 2, or 3');
    expect(words('f a:n b:n... > n')).toBe('at least 1');
  });
});

describe('binding variables', () => {
  const call = (text: string, ...args: Type[]): string => {
    const signature = parseSignature(text);
    const bindings = new Map<string, Type>();
    for (const [index, arg] of args.entries()) {
      bindVariables(paramAt(signature, index).alternatives[0]!, arg, bindings, joinClaims);
    }
    return showType(substitute(signature.result, bindings));
  };

  it('takes them from lists, maps, results, optionals and callbacks', () => {
    expect(call('hd xs:L a > a', listOf(TEXT))).toBe('t');
    expect(call('f m:M k v > L v', mapOf(TEXT, NUM))).toBe('L n');
    expect(call('f r:R a e > M t e', resultOf(NUM, TEXT))).toBe('M t t');
    expect(call('f x:O a > a', optionalOf(NUM))).toBe('n');
    expect(call('map fn:F a r xs:L a > L r', { kind: 'fn', params: [NUM], result: TEXT }, listOf(NUM))).toBe('L t');
  });

  it('joins what one variable meets twice', () => {
    expect(call('zip xs:L a ys:L a > L (L a)', listOf(NUM), listOf(NUM))).toBe('L L n');
    expect(call('zip xs:L a ys:L a > L (L a)', listOf(NUM), listOf(TEXT))).toBe('L L _');
  });

  it('leaves unknown what it cannot see', () => {
    expect(call('hd xs:L a > a', ANY)).toBe('_');
    expect(call('flat xs:L (L a) > L a', listOf(NUM))).toBe('L _');
    expect(call('f > L a')).toBe('L _');
  });

  it('makes keys of maps text or numbers', () => {
    expect(call('frq xs:L k > M k n', listOf(TEXT))).toBe('M t n');
    expect(call('frq xs:L k > M k n', listOf({ kind: 'bool' }))).toBe('M t n');
    expect(call('frq xs:L k > M k n', listOf(listOf(NUM)))).toBe('M _ n');
  });
});
