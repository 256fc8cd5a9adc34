// Proves the machine-code encoders against GNU binutils: every form of the tables, with all registers and the edges of immediates, gives
// the bytes that GNU as gives for our text of it, and objdump reads those bytes as the same text.
//
//     node scripts/encoder-proof.mjs [x64] [arm64] [--only=TEXT] [--verbose]
//
// Prints the count of cases by form (with --verbose) and in all, and the first differences. Needs `as` and `objdump`, for arm64 those of
// the aarch64-linux-gnu binutils.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const TOOLS = {
  x64: {
    prefix: '',
    as: ['--64'],
    header: '.intel_syntax noprefix\n',
    proof: 'x64Proof',
    entry: 'tests/jit/native/proof-x64.ts',
  },
  arm64: {
    prefix: 'aarch64-linux-gnu-',
    as: ['-march=armv8.5-a'],
    header: '',
    proof: 'arm64Proof',
    entry: 'tests/jit/native/proof-arm64.ts',
  },
};
/** Lines for one run of the assembler: enough that starting it costs nothing, few enough to hold in memory. */
const BATCH_LINES = 150_000;

const folder = mkdtempSync(join(tmpdir(), 'ilo-encoders-'));

async function load(entry) {
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, format: 'esm', write: false });
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
}

/** Assembles lines; gives all bytes, and offset and text of every instruction as objdump reads them. */
function assemble(tools, lines, group) {
  const [source, object, binary] = ['in.s', 'out.o', 'out.bin'].map(name => join(folder, name));
  writeFileSync(source, `${tools.header}${lines.join('\n')}\n`);
  execFileSync(`${tools.prefix}as`, [...tools.as, '-o', object, source], { stdio: ['ignore', 'inherit', 'pipe'] });
  execFileSync(`${tools.prefix}objcopy`, ['-O', 'binary', '-j', '.text', object, binary]);
  const listing = execFileSync(
    `${tools.prefix}objdump`,
    ['-d', '-z', '-w', '--no-show-raw-insn', '-M', group, object],
    {
      encoding: 'utf8',
      maxBuffer: 1 << 30,
    },
  );
  const read = [];
  for (const line of listing.split('\n')) {
    const match = /^ *([0-9a-f]+):\t(.*)$/.exec(line);
    if (match) read.push({ offset: Number.parseInt(match[1], 16), text: match[2].replace(/[\t ]+(#|\/\/) .*$/, '') });
  }
  return { bytes: readFileSync(binary), read };
}

/** objdump separates by tabs or by spaces. */
const spaced = text => text.replace(/\s+/g, ' ').trim();
const hex = bytes => Buffer.from(bytes).toString('hex');

/** Compares a batch of forms; gives how many cases differ. */
function compare(tools, batch, report) {
  const { bytes, read } = assemble(
    tools,
    batch.flatMap(form => form.source),
    batch[0].group,
  );
  let differences = 0;
  let index = 0;
  for (const form of batch) {
    let ofForm = 0;
    for (let i = 0; i < form.source.length; i++, index++) {
      const theirs = hex(bytes.subarray(read[index].offset, read[index + 1]?.offset ?? bytes.length));
      const ours = hex(form.bytes.subarray(form.offsets[i], form.offsets[i + 1] ?? form.bytes.length));
      if (theirs === ours && spaced(read[index].text) === spaced(form.texts[i])) continue;
      differences++;
      if (++ofForm > 2) continue;
      report(`${form.name}: ${form.source[i]}\n  ours ${ours} ${form.texts[i]}\n  as   ${theirs} ${read[index].text}`);
    }
  }
  if (index !== read.length) report(`${index} instructions became ${read.length}`);
  return differences + (index !== read.length ? 1 : 0);
}

async function prove(architecture, only, verbose) {
  const tools = TOOLS[architecture];
  const started = Date.now();
  const forms = (await load(tools.entry))[tools.proof]();
  let [cases, count, differences] = [0, 0, 0];
  let batch = [];
  let lines = 0;
  const flush = () => {
    if (batch.length > 0) differences += compare(tools, batch, text => console.log(text));
    batch = [];
    lines = 0;
  };
  for (const form of forms) {
    if (!form.name.includes(only)) continue;
    if (batch.length > 0 && batch[0].group !== form.group) flush();
    batch.push(form);
    lines += form.source.length;
    cases += form.source.length;
    count++;
    if (verbose) console.log(`${String(form.source.length).padStart(7)}  ${form.name}`);
    if (lines >= BATCH_LINES) flush();
  }
  flush();
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`${architecture}: ${count} forms, ${cases} cases, ${differences} differences, ${seconds} s`);
  return differences;
}

const words = process.argv.slice(2);
const only = words.find(word => word.startsWith('--only='))?.slice(7) ?? '';
const chosen = Object.keys(TOOLS).filter(name => words.includes(name));
let failed = 0;
try {
  for (const name of chosen.length > 0 ? chosen : Object.keys(TOOLS)) {
    failed += await prove(name, only, words.includes('--verbose'));
  }
} finally {
  rmSync(folder, { recursive: true });
}
process.exitCode = failed > 0 ? 1 : 0;
