// A limit on allocation bounds each single value as well, however it is made: a text of two bytes a unit, a list or map of eight an item.
import { expect, test } from 'vitest';
import { compile, LimitError } from '../../src/embed/main.ts';

const ALLOC = 400_000;

/** Each makes a value of at least `n` parts and tells how many it has. */
const MAKERS: Readonly<Record<string, readonly [bytesOfPart: number, source: string]>> = {
  'a text that is doubled': [2, 'f n:n>n;s="x";wh <len s n{s=+s s};len s'],
  'a text that grows': [2, 'f n:n>n;s="";wh <len s n{s=+s "0123456789012345678901234567890123456789"};len s'],
  'a text that is filled': [2, 'f n:n>n;len (padl "x" n)'],
  'texts that are joined': [2, 'f n:n>n;xs=map (x:n>t;"0123456789") (range 0 (flr /n 10));len (cat xs "")'],
  'a text that is formatted': [2, 'f n:n>n;s="x";wh <len s n{s=fmt "{}{}" s s};len s'],
  'a list that is doubled': [8, 'f n:n>n;xs=[1];wh <len xs n{xs=+xs xs};len xs'],
  'a list that grows': [8, 'f n:n>n;xs=[];@i 0..n{xs=+=xs i};len xs'],
  'a range': [8, 'f n:n>n;len (range 0 n)'],
  'a list that is mapped': [8, 'f n:n>n;len (map (x:n>n;*x 2) (range 0 n))'],
  'a text that is split': [8, 'f n:n>n;len (spl (padl "" n) "")'],
  'a map that grows': [8, 'f n:n>n;m=mmap;@i 0..n{m=mset m (str i) i};len (mkeys m)'],
};

test.each(Object.entries(MAKERS))('%s', (_, [bytesOfPart, source]) => {
  const program = compile(source, { limits: { alloc: ALLOC, timeout: 60_000 } });
  let largest = 0;
  let code = '';
  for (let n = 10; code === '' && n < 1e7; n = Math.ceil(n * 1.3)) {
    try {
      largest = program.run('f', n) as number;
    } catch (error) {
      if (!(error instanceof LimitError)) throw error;
      code = error.code;
    }
  }
  expect(code).toBe('ILO-R045');
  expect(largest).toBeGreaterThan(100);
  expect(largest).toBeLessThanOrEqual(ALLOC / bytesOfPart);
});
