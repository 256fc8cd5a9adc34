// Runs programs on ilo and on a binary of the original, through `serv` of both, and prints where the answers differ:
//
//     node scripts/compare-original.mjs BINARY [PATH] [--count N] [--seed S]
//
// Half of the programs are those of PATH (tests/programs/ilo) as they stand, with the arguments of their `-- run:` lines; the others have a
// token or two changed. Answers are the same when both give the same value, or end in the same phase with the same first code. Differences
// are a list to read, not a failure: docs/architecture.md says which are on purpose.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = resolve(fileURLToPath(import.meta.url), '../..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { count: { type: 'string', default: '2000' }, seed: { type: 'string', default: '1' } },
});
const [binary, path = join(root, 'tests/programs/ilo')] = positionals;
const count = Number(values.count);
let state = Number(values.seed);
if (binary === undefined || !(count > 0) || !Number.isInteger(state)) {
  console.error('usage: node scripts/compare-original.mjs BINARY [PATH] [--count N] [--seed S]');
  process.exit(2);
}

/** What reaches outside or is never twice the same, may not end, or would write between the answers. */
const APART = /\b(rdj?l?|wrl?|get(-many)?|post|env|sleep|wh|rndn?|random|now|prnt|print|use|tool)\b|\$/;
const TOKEN =
  /"(?:[^"\\]|\\.)*"|--[^\n]*|-?\d+(?:\.\d+)?|[a-z][a-z0-9]*(?:-[a-z0-9]+)*|[<>!+=]=|>>|\?\?|!!|\.\.|\s+|[\s\S]/g;
const OPERATORS = ['+', '-', '*', '/', '=', '!=', '<', '>', '<=', '>=', '&', '|'];
const LITERALS = ['0', '1', '-1', '2.5', '""', '"a"', '[]', '[1 2]', 'nil', 'true', 'false', '{', '}', '^', '~', '??'];

const seeds = programsIn(path);
const requests = Array.from({ length: count }, (_, index) => requestFrom(seeds[next(seeds.length)], index % 2 === 1));
const original = answersOf(binary, ['serv']);
const ours = answersOf(process.execPath, [join(root, 'dist/cli.cjs'), 'serv', '--jobs', '1']);

let same = 0;
const kinds = new Map();
for (const [index, request] of requests.entries()) {
  const [theirs, mine] = [gist(original[index]), gist(ours[index])];
  if (theirs === mine) {
    same++;
    continue;
  }
  const kind = 'ok' in original[index] && 'ok' in ours[index] ? 'other values' : `${theirs} | ${mine}`.slice(0, 60);
  kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  console.log(`${JSON.stringify(request)}\n  original: ${theirs}\n  ilo:      ${mine}`);
}
console.log(`${requests.length} programs of ${seeds.length}, seed ${values.seed}: ${same} the same`);
for (const [kind, times] of [...kinds].sort((a, b) => b[1] - a[1]).slice(0, 20)) console.log(`${times} × ${kind}`);

/** A small generator (mulberry32): the same seed gives the same programs everywhere. */
function next(bound) {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
}

function programsIn(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ilo'))
    .sort()
    .map(name => readFileSync(join(folder, name), 'utf8'))
    .map(text => ({
      text: text.replace(/^--.*\n?/gm, ''),
      runs: [...text.matchAll(/^-- run:(.*)$/gm)].map(([, words]) => words.match(/"[^"]*"|'[^']*'|\S+/g) ?? []),
    }))
    .filter(({ text, runs }) => runs.length > 0 && !APART.test(text));
}

function requestFrom({ text, runs }, changed) {
  const [func, ...args] = runs[next(runs.length)];
  const program = changed ? change(text) : text;
  return { program, ...(func === undefined ? {} : { func }), args: args.map(word => word.replace(/^'(.*)'$/, '$1')) };
}

function change(text) {
  const tokens = text.match(TOKEN);
  const names = tokens.filter(token => /^[a-z]/.test(token));
  for (let times = 1 + next(2); times > 0; times--) {
    const at = next(tokens.length);
    const token = tokens[at];
    if (OPERATORS.includes(token)) tokens[at] = OPERATORS[next(OPERATORS.length)];
    else if (/^[a-z]/.test(token)) tokens[at] = names[next(names.length)];
    else if (/\S/.test(token)) tokens[at] = LITERALS[next(LITERALS.length)];
    else tokens.splice(at, 1);
  }
  return tokens.join('');
}

/** The answers to all requests, in order. A server that dies is started again behind the request that it died of. */
function answersOf(command, args) {
  const answers = [];
  while (answers.length < requests.length) {
    const input = requests.slice(answers.length).map(request => `${JSON.stringify(request)}\n`);
    const { stdout } = spawnSync(command, args, { input: input.join(''), encoding: 'utf8', maxBuffer: 1 << 30 });
    const lines = (stdout ?? '').split('\n').filter(line => /^\{"(ok|error|ms)"/.test(line));
    answers.push(...lines.map(line => JSON.parse(line)));
    if (answers.length < requests.length) answers.push({ error: { phase: 'the process died' } });
  }
  return answers;
}

/** What has to be the same: the value, or how it ended. Keys of objects have no order in the original. */
function gist(answer) {
  if ('ok' in answer) return sorted(answer.ok);
  const { phase, value, diagnostics = [] } = answer.error;
  const code = diagnostics.find(({ severity }) => severity === 'error')?.code ?? '';
  return `${phase} ${code}${value === undefined ? '' : sorted(value)}`.trim();
}

function sorted(value) {
  const inOrder = (_, part) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part;
  return JSON.stringify(value, inOrder);
}
