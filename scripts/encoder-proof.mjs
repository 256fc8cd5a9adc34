// Proves the machine-code encoders against GNU binutils: every form of the tables, with all registers and the edges of immediates, gives
// the bytes that GNU as gives for our text of it, and objdump reads those bytes as the same text. Then random programs of jumps at the
// edges of their reach, whose bytes must be the same too.
//
//     node scripts/encoder-proof.mjs [x64] [arm64] [--only=TEXT] [--record] [--verbose]
//
// Prints the count of cases by form (with --verbose) and in all, and the first differences. Needs `as` and `objdump`, for arm64 those of
// the aarch64-linux-gnu binutils. `--record` writes the part of the result that the tests compare with, when there is no difference.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const TOOLS = {
  x64: { prefix: '', as: ['--64'], header: '.intel_syntax noprefix\n' },
  arm64: { prefix: 'aarch64-linux-gnu-', as: ['-march=armv8.5-a'], header: '' },
};
/** Lines for one run of the assembler: enough that starting it costs nothing, few enough to hold in memory. */
const BATCH_LINES = 150_000;

const folder = mkdtempSync(join(tmpdir(), 'ilo-encoders-'));
const { outputFiles } = await build({
  entryPoints: ['tests/jit/native/proof.ts'],
  bundle: true,
  format: 'esm',
  platform: 'node',
  write: false,
});
const ours = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);

/** Assembles lines; gives the file of the object, and its bytes. */
function assemble(tools, lines) {
  const [source, object, binary] = ['in.s', 'out.o', 'out.bin'].map(name => join(folder, name));
  writeFileSync(source, `${tools.header}${lines.join('\n')}\n`);
  execFileSync(`${tools.prefix}as`, [...tools.as, '-o', object, source], { stdio: ['ignore', 'inherit', 'pipe'] });
  execFileSync(`${tools.prefix}objcopy`, ['-O', 'binary', '-j', '.text', object, binary]);
  return { object, bytes: readFileSync(binary) };
}

/** Offset and text of every instruction of an object. */
function disassemble(tools, object, group) {
  const words = ['-d', '-z', '-w', '--no-show-raw-insn', '-M', group, object];
  const listing = execFileSync(`${tools.prefix}objdump`, words, { encoding: 'utf8', maxBuffer: 1 << 30 });
  return listing.split('\n').flatMap(line => {
    const match = /^ *([0-9a-f]+):\t(.*)$/.exec(line);
    if (match === null) return [];
    return [{ offset: Number.parseInt(match[1], 16), text: match[2].replace(/[\t ]+(#|\/\/) .*$/, '') }];
  });
}

const hex = bytes => Buffer.from(bytes).toString('hex');

/** Compares a batch of forms; gives how many cases differ. */
function compareForms(architecture, batch, record) {
  const tools = TOOLS[architecture];
  const lines = batch.flatMap(form => form.source);
  const { object, bytes } = assemble(tools, lines);
  const read = disassemble(tools, object, batch[0].group);
  if (read.length !== lines.length) {
    console.log(`${lines.length} instructions became ${read.length}`);
    return 1;
  }
  let differences = 0;
  let index = 0;
  for (const form of batch) {
    const cases = [];
    let differ = 0;
    for (let i = 0; i < form.source.length; i++, index++) {
      const { offset, text } = read[index];
      const theirs = ours.caseLine(hex(bytes.subarray(offset, read[index + 1]?.offset ?? bytes.length)), text);
      const mine = ours.caseLine(hex(form.bytes.subarray(form.offsets[i], form.offsets[i + 1])), form.texts[i]);
      cases.push(theirs);
      if (theirs === mine) continue;
      if (++differ <= 2) console.log(`${form.name}: ${form.source[i]}\n  ours ${mine}\n  as   ${theirs}`);
    }
    differences += differ;
    const some = ours.selected(cases.filter(ours.isRecordable));
    record.push(ours.formRecord(architecture, form.name, cases.length, some));
  }
  return differences;
}

function proveForms(architecture, only, verbose, record) {
  let [cases, count, differences] = [0, 0, 0];
  let batch = [];
  let lines = 0;
  const flush = () => {
    if (batch.length > 0) differences += compareForms(architecture, batch, record);
    batch = [];
    lines = 0;
  };
  for (const form of ours[`${architecture}Proof`]()) {
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
  console.log(`${architecture}: ${count} forms, ${cases} cases, ${differences} differences`);
  return differences;
}

function proveDistances(architecture, record) {
  const { proven, recorded } = ours.DISTANCE_PROGRAMS[architecture];
  let differences = 0;
  let bytesInAll = 0;
  for (let seed = 0; seed < proven; seed++) {
    const program = ours[`${architecture}DistanceProgram`](seed);
    const { bytes } = assemble(TOOLS[architecture], program.source);
    bytesInAll += bytes.length;
    if (seed < recorded) record.push(ours.distanceRecord(architecture, seed, bytes));
    if (bytes.equals(program.bytes) && program.notMinimal.length === 0) continue;
    if (++differences <= 3) console.log(`program ${seed} of jumps differs ${program.notMinimal.join(', ')}`);
  }
  console.log(`${architecture}: ${proven} programs of jumps, ${bytesInAll} bytes, ${differences} differences`);
  return differences;
}

const words = process.argv.slice(2);
const only = words.find(word => word.startsWith('--only='))?.slice(7) ?? '';
const chosen = Object.keys(TOOLS).filter(name => words.includes(name));
const recording = words.includes('--record');
if (recording && (only !== '' || chosen.length > 0)) throw new Error('only the whole proof can be recorded');
const record = [
  '# What GNU as and objdump make of the encoders’ forms: architecture | form | cases | digest of a selection | some of them.',
  '# Written by `node scripts/encoder-proof.mjs --record`; see recorded.ts.',
];
const started = Date.now();
let failed = 0;
try {
  for (const architecture of chosen.length > 0 ? chosen : Object.keys(TOOLS)) {
    failed += proveForms(architecture, only, words.includes('--verbose'), record);
    if (only === '') failed += proveDistances(architecture, record);
  }
} finally {
  rmSync(folder, { recursive: true });
}
if (recording && failed === 0) writeFileSync(ours.RECORD_PATH, `${record.join('\n')}\n`);
console.log(`${((Date.now() - started) / 1000).toFixed(0)} s`);
process.exitCode = failed > 0 ? 1 : 0;
