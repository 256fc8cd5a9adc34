// Reading and replacing real files in a temporary directory, and what the system says about everything that is not one.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTextFile, writeTextFile } from '../../src/runtime/host/files.ts';
import { decodeUtf8 } from '../../src/runtime/host/utf8.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilo-files-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);
/** Permissions do not bind the superuser. */
const asUser = test.skipIf(process.getuid?.() === 0);

function put(name: string, contents: string | Uint8Array): string {
  writeFileSync(at(name), contents);
  return at(name);
}

describe('reading', () => {
  test('text, an empty file, a byte order mark, line ends and NUL as they are', () => {
    expect(readTextFile(put('plain', 'größe ✓ 🎉\r\n\0x'))).toEqual({ ok: 'größe ✓ 🎉\r\n\0x' });
    expect(readTextFile(put('empty', ''))).toEqual({ ok: '' });
    expect(readTextFile(put('bom', '\ufeffx'))).toEqual({ ok: '\ufeffx' });
  });

  test('what is not there, not a file, or not a path', () => {
    expect(readTextFile(at('missing'))).toEqual({ err: 'No such file or directory (os error 2)' });
    expect(readTextFile('')).toEqual({ err: 'No such file or directory (os error 2)' });
    expect(readTextFile(folder)).toEqual({ err: 'Is a directory (os error 21)' });
    expect(readTextFile(`${put('file', 'x')}/below`)).toEqual({ err: 'Not a directory (os error 20)' });
    expect(readTextFile('a\0b')).toEqual({ err: 'file name contained an unexpected NUL byte' });
    expect(readTextFile(at('x'.repeat(300)))).toEqual({ err: 'File name too long (os error 36)' });
  });

  asUser('what may not be read', () => {
    chmodSync(put('secret', 'x'), 0);
    expect(readTextFile(at('secret'))).toEqual({ err: 'Permission denied (os error 13)' });
  });

  test('a circle of links', () => {
    symlinkSync(at('circle-b'), at('circle-a'));
    symlinkSync(at('circle-a'), at('circle-b'));
    expect(readTextFile(at('circle-a'))).toEqual({ err: 'Too many levels of symbolic links (os error 40)' });
  });

  test('bytes that are not UTF-8', () => {
    expect(readTextFile(put('latin1', new Uint8Array([99, 97, 102, 0xe9])))).toEqual({
      err: 'stream did not contain valid UTF-8',
    });
  });

  test('more than the cap, exactly the cap, and a file whose size the system does not know', () => {
    put('five', '12345');
    expect(readTextFile(at('five'), 5)).toEqual({ ok: '12345' });
    expect(readTextFile(at('five'), 4)).toEqual({ err: 'file is larger than 0 MiB' });
    const proc = readTextFile('/proc/self/status');
    expect('ok' in proc && proc.ok).toMatch(/^Name:/);
  });

  test('100 MB', () => {
    put('large', Buffer.alloc(100_000_000, 'x'));
    const text = readTextFile(at('large'));
    rmSync(at('large'));
    expect('ok' in text && text.ok.length).toBe(100_000_000);
  });

  test('a pipe or a device is refused, and never waited for', () => {
    execFileSync('mkfifo', [at('pipe')]);
    expect(readTextFile(at('pipe'))).toEqual({ err: 'not a regular file' });
    expect(readTextFile('/dev/zero')).toEqual({ err: 'not a regular file' });
    expect(readTextFile('/dev/null')).toEqual({ ok: '' });
  });
});

describe('writing', () => {
  const leftovers = (): string[] => readdirSync(folder).filter(name => name.endsWith('.tmp'));

  test('makes and replaces a file, and leaves nothing else behind', () => {
    expect(writeTextFile(at('new'), 'größe ✓')).toEqual({ ok: true });
    expect(readFileSync(at('new'), 'utf8')).toBe('größe ✓');
    expect(writeTextFile(at('new'), '')).toEqual({ ok: true });
    expect(readFileSync(at('new'), 'utf8')).toBe('');
    expect(leftovers()).toEqual([]);
  });

  test('keeps the mode of an existing file; a new one gets the usual', () => {
    put('script', 'old');
    chmodSync(at('script'), 0o750);
    writeTextFile(at('script'), 'new');
    expect(statSync(at('script')).mode & 0o777).toBe(0o750);
    writeFileSync(at('usual-node'), '');
    writeTextFile(at('usual-ours'), '');
    expect(statSync(at('usual-ours')).mode).toBe(statSync(at('usual-node')).mode);
  });

  test('replaces the file: whoever has the old one open or linked keeps it', () => {
    put('shared', 'old');
    linkSync(at('shared'), at('shared-too'));
    writeTextFile(at('shared'), 'new');
    expect(readFileSync(at('shared-too'), 'utf8')).toBe('old');
    expect(statSync(at('shared')).ino).not.toBe(statSync(at('shared-too')).ino);
  });

  test('follows links, relative ones and ones to nothing yet', () => {
    mkdirSync(at('sub'));
    put('sub/target', 'old');
    symlinkSync('sub/target', at('link'));
    symlinkSync('../made', at('sub/dangling'));
    writeTextFile(at('link'), 'new');
    writeTextFile(at('sub/dangling'), 'made');
    expect(readFileSync(at('sub/target'), 'utf8')).toBe('new');
    expect(lstatSync(at('link')).isSymbolicLink()).toBe(true);
    expect(readFileSync(at('made'), 'utf8')).toBe('made');
  });

  test('where no file can be', () => {
    expect(writeTextFile(folder, 'x')).toEqual({ err: 'Is a directory (os error 21)' });
    expect(writeTextFile(`${at('nothing')}/`, 'x')).toEqual({ err: 'Is a directory (os error 21)' });
    expect(writeTextFile(at('no/such/folder'), 'x')).toEqual({ err: 'No such file or directory (os error 2)' });
    expect(writeTextFile('', 'x')).toEqual({ err: 'No such file or directory (os error 2)' });
    expect(writeTextFile('a\0b', 'x')).toEqual({ err: 'file name contained an unexpected NUL byte' });
    expect(writeTextFile(at('x'.repeat(300)), 'x')).toEqual({ err: 'File name too long (os error 36)' });
    symlinkSync(at('ring-b'), at('ring-a'));
    symlinkSync(at('ring-a'), at('ring-b'));
    expect(writeTextFile(at('ring-a'), 'x')).toEqual({ err: 'Too many levels of symbolic links (os error 40)' });
    expect(leftovers()).toEqual([]);
  });

  test('devices: nothing swallows, a full one reports, a pipe is refused', () => {
    execFileSync('mkfifo', [at('sink')]);
    expect(writeTextFile(at('sink'), 'x')).toEqual({ err: 'not a regular file' });
    expect(writeTextFile('/dev/null', 'x')).toEqual({ ok: true });
    expect(writeTextFile('/dev/full', 'x')).toEqual({ err: 'No space left on device (os error 28)' });
  });

  asUser('a read-only file is not replaced', () => {
    chmodSync(put('locked', 'old'), 0o444);
    expect(writeTextFile(at('locked'), 'new')).toEqual({ err: 'Permission denied (os error 13)' });
    expect(readFileSync(at('locked'), 'utf8')).toBe('old');
  });
});

describe('UTF-8', () => {
  const decode = (...bytes: number[]) => decodeUtf8(new Uint8Array(bytes));

  test.each([
    [[0xff], 'invalid utf-8 sequence of 1 bytes from index 0'],
    [[0x61, 0xc3, 0x28], 'invalid utf-8 sequence of 1 bytes from index 1'],
    [[0xc0, 0x80], 'invalid utf-8 sequence of 1 bytes from index 0'],
    [[0xe2, 0x82, 0x28], 'invalid utf-8 sequence of 2 bytes from index 0'],
    [[0xed, 0xa0, 0x80], 'invalid utf-8 sequence of 1 bytes from index 0'],
    [[0xf0, 0x9f, 0x8e, 0x61], 'invalid utf-8 sequence of 3 bytes from index 0'],
    [[0xf4, 0x90, 0x80, 0x80], 'invalid utf-8 sequence of 1 bytes from index 0'],
    [[0x61, 0xe2, 0x82], 'incomplete utf-8 byte sequence from index 1'],
  ])('%j', (bytes, err) => {
    expect(decode(...bytes)).toEqual({ err });
  });

  test('whatever is text comes out whole', () => {
    const text = 'aé✓🎉\ufeff\0';
    expect(decodeUtf8(new TextEncoder().encode(text))).toEqual({ ok: text });
  });
});
