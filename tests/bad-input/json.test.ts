// JSON that is cut off, nested too deeply, or full of names that mean something in JavaScript.
import { afterAll, describe, expect, test } from 'vitest';
import { ilo } from '../cli/spawn.ts';
import { expectNoTrace, expectOutcome, workshop } from './outcome.ts';

const { folder, put, remove } = workshop();
afterAll(remove);

const WHOLE = '{"name":"Ada","list":[1,-2.5e3,true,false,null,"\\u00e9\\n"],"deep":{"__proto__":{"x":1}}}';
const READ = 'f p:t>R _ t;rd p "json"';

describe('through a file', () => {
  test('cut off after any character', () => {
    // One program reads all of them, so that this is one process and not ninety.
    for (let end = 0; end < WHOLE.length; end++) put(`cut${end}.json`, WHOLE.slice(0, end));
    const program = `main>n;c=0;@i 0..${WHOLE.length}{p=fmt "cut{}.json" i;r=rd p "json";?r{^e:c=+c 1;~v:prnt v}};c`;
    const ran = ilo(['-t', '-nh', program], { cwd: folder });
    expect(ran).toEqual({ code: 0, signal: null, out: `${WHOLE.length}\n`, err: '' });
  });

  test('a hundred thousand levels', () => {
    const level = 100_000;
    for (const text of [
      '['.repeat(level) + ']'.repeat(level),
      '['.repeat(level),
      '{"a":'.repeat(level) + '1' + '}'.repeat(level),
      '[{"a":'.repeat(level),
    ]) {
      const ran = ilo([READ, put('deep.json', text)]);
      expectNoTrace(ran);
      expect(ran).toMatchObject({ code: 1, out: '' });
      expect(ran.err).toMatch(/^\^recursion limit exceeded at line 1 column [0-9]+\n$/);
    }
  });

  test('what is no JSON', () => {
    const texts = [
      '',
      ' ',
      'nul',
      '{',
      '{"a"}',
      '{"a":1,}',
      '[1,]',
      "{'a':1}",
      '01',
      '1.',
      '+1',
      'NaN',
      '"\u0001"',
      '"\\x"',
      '"\\ud800"',
      '\u{1f600}',
      '\ufeff1',
      '1 2',
    ];
    for (const [i, text] of texts.entries()) put(`bad${i}.json`, text);
    const program = `main>n;@i 0..${texts.length}{p=fmt "bad{}.json" i;r=rd p "json";?r{^e:prnt e;~v:prnt v}};0`;
    const ran = ilo(['-t', '-nh', program], { cwd: folder });
    expectNoTrace(ran);
    const lines = ran.out.split('\n').slice(0, texts.length);
    for (const [i, line] of lines.entries()) expect(line, texts[i]).toMatch(/^\D.+ at line 1 column [0-9]+$/);
  });
});

describe('names of JavaScript are names like any other', () => {
  const NAMES = [
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    '__defineGetter__',
    'valueOf',
    'then',
  ];

  test.each(NAMES)('%s', name => {
    const text = `{"${name}":{"polluted":1},"x":2}`;
    put('names.json', text);
    const program =
      'f>t;m=rd!! "names.json" "json";jdmp m\ng>_;m=rd!! "names.json" "json";m.polluted\nh>_;m=rd!! "names.json" "json";m.x';
    const at = { cwd: folder };
    expect(ilo(['-nh', program, 'f'], at)).toMatchObject({ code: 0, out: `${JSON.stringify(JSON.parse(text))}\n` });
    expectOutcome(ilo(['-t', '-nh', program, 'g'], at), { code: 1, diagnostic: 'ILO-R005', place: '2:[0-9]+' });
    expect(ilo(['-nh', program, 'h'], at)).toMatchObject({ code: 0, out: '2\n' });
  });

  test('as keys of maps', () => {
    const keys = NAMES.map(name => `m=mset m "${name}" 1;`).join('');
    expect(ilo(['-nh', `f>n;m=mmap;${keys}len (mkeys m)`])).toMatchObject({ code: 0, out: `${NAMES.length}\n` });
    expect(ilo(['-nh', 'f>b;m=mmap;mhas m "__proto__"'])).toMatchObject({ code: 0, out: 'false\n' });
  });

  test('as names of a program', () => {
    for (const name of ['constructor', 'prototype', 'tostring', 'valueof', 'hasown']) {
      const ran = ilo(['-nh', '-t', `${name} x:n>n;${name}-y=x;+${name}-y 1`, '1']);
      expect(ran).toEqual({ code: 0, signal: null, out: '2\n', err: '' });
      const unknown = ilo(['-nh', '-t', `f>n;${name}`]);
      expectOutcome(unknown, { code: 2, diagnostic: 'ILO-T004', place: '1:5' });
    }
  });
});
