import { expect, test } from 'vitest';
import { SourceText } from '../../src/diag/source.ts';

test('lines and columns of plain text', () => {
  const source = new SourceText('ab\ncd\n\nlast');
  expect(source.lineCount).toBe(4);
  expect(source.place(0)).toEqual({ line: 1, column: 1, byteColumn: 1, byteOffset: 0 });
  expect(source.place(2)).toMatchObject({ line: 1, column: 3 });
  expect(source.place(3)).toMatchObject({ line: 2, column: 1 });
  expect(source.place(6)).toMatchObject({ line: 3, column: 1 });
  expect(source.place(11)).toMatchObject({ line: 4, column: 5 });
  expect([1, 2, 3, 4, 5].map(line => source.lineText(line))).toEqual(['ab', 'cd', '', 'last', '']);
});

test('offsets outside the text move to its nearest end', () => {
  const source = new SourceText('ab');
  expect(source.place(99)).toMatchObject({ line: 1, column: 3, byteOffset: 2 });
  expect(source.place(-1)).toMatchObject({ line: 1, column: 1 });
  expect(new SourceText('').place(0)).toMatchObject({ line: 1, column: 1 });
});

test('a carriage return belongs to the break, not to the line', () => {
  const source = new SourceText('one\r\ntwo\r\n');
  expect(source.lineText(1)).toBe('one');
  expect(source.lineText(2)).toBe('two');
  expect(source.lineCount).toBe(3);
  expect(source.place(5)).toMatchObject({ line: 2, column: 1 });
});

test('characters, bytes and units differ', () => {
  const text = 'é€😀x\nü';
  const source = new SourceText(text);
  // é: 1 unit, 2 bytes; €: 1 unit, 3 bytes; 😀: 2 units, 4 bytes.
  expect(source.place(text.indexOf('x'))).toEqual({ line: 1, column: 4, byteColumn: 10, byteOffset: 9 });
  expect(source.place(text.indexOf('ü'))).toEqual({ line: 2, column: 1, byteColumn: 1, byteOffset: 11 });
  expect(source.byteOffset(text.length)).toBe(Buffer.byteLength(text));
});

test('byte offsets agree with the encoder across checkpoints', () => {
  const text = `${'aé€😀\n'.repeat(1000)}end`;
  const source = new SourceText(text);
  for (let at = 0; at <= text.length; at += 83) {
    if ((text.charCodeAt(at) & 0xfc00) === 0xdc00) continue;
    const before = text.slice(0, at);
    expect(source.byteOffset(at)).toBe(Buffer.byteLength(before));
    expect(source.place(at).line).toBe(before.split('\n').length);
    expect(source.place(at).column).toBe([...before.slice(before.lastIndexOf('\n') + 1)].length + 1);
  }
});

test('a text whose length is a multiple of the checkpoint step', () => {
  const source = new SourceText('é'.repeat(2048));
  expect(source.byteOffset(2048)).toBe(4096);
  expect(source.place(2048).column).toBe(2049);
});
