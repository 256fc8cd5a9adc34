// Writes docs/builtins.md from the rows of the builtins. A test compares the page with what this makes of the present rows.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = resolve(fileURLToPath(import.meta.url), '../..');
const PAGE = 'docs/builtins.md';

/** What a call needs besides its arguments, in words. `pure` needs nothing. */
const EFFECTS = {
  clock: 'reads the clock',
  random: 'draws random numbers',
  print: 'prints',
  sleep: 'waits',
  env: 'reads the environment',
  read: 'reads files',
  write: 'writes files',
  net: 'uses the network',
};

/** The rows, in the order of the table. */
async function loadRows() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    stdin: {
      contents: `import { BUILTINS } from './src/lang/ilo/builtins/table.ts';
        export const rows = [...BUILTINS.names()].map(name => BUILTINS.get(name));`,
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
  });
  const source = Buffer.from(outputFiles[0].contents).toString('base64');
  return (await import(`data:text/javascript;base64,${source}`)).rows;
}

const anchor = topic => topic.replaceAll(' ', '-');
const title = topic =>
  ['json', 'http'].includes(topic) ? topic.toUpperCase() : topic[0].toUpperCase() + topic.slice(1);
const fence = (kind, lines) => ['```' + kind, ...lines, '```'].join('\n');

/** An argument as one would type it in a shell. */
const shellWord = text => (/^[\w.,:/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

function example({ code, args = [], out }) {
  const call = ['ilo', shellWord(code), ...args.map(shellWord)].join(' ');
  return fence('sh', [`$ ${call}`, ...(out === undefined ? [] : out.split('\n'))]);
}

function entry(row) {
  const aliases = row.aliases?.length ? ` (also \`${row.aliases.join('`, `')}\`)` : '';
  const effect = row.effect === 'pure' ? '' : ` *${title(EFFECTS[row.effect])}.*`;
  return [
    `### \`${row.name}\`${aliases}`,
    fence('text', row.signatures),
    `${row.doc}${effect}`,
    example(row.example),
  ].join('\n\n');
}

/** The page as text. */
export async function builtinsPage() {
  const rows = await loadRows();
  const topics = [...new Set(rows.map(row => row.topic))];
  const parts = [
    '<!-- Written by scripts/builtins-doc.mjs from src/lang/ilo/builtins; do not edit. `npm run docs` writes it again. -->',
    '# Builtins',
    `The ${rows.length} functions that every ilo program has, by topic. \`ilo help NAME\` prints one of them.`,
    [
      'Signatures are written like headers of functions: parameters with their types, then `>` and the type of the result.',
      'Small letters other than `n`, `t` and `b` stand for any type, the same letter for the same type; `|` separates types',
      'of which any will do; `...` marks arguments of which there may be any number. Calls that do not fit are refused before',
      'the program runs where types are known, and end it with `ILO-R009` where they are not.',
    ].join('\n'),
    topics.map(topic => `* [${title(topic)}](#${anchor(topic)}): ${names(rows, topic)}`).join('\n'),
  ];
  for (const topic of topics) {
    parts.push(`## ${title(topic)}`, ...rows.filter(row => row.topic === topic).map(entry));
  }
  return `${parts.join('\n\n')}\n`;
}

function names(rows, topic) {
  return rows
    .filter(row => row.topic === topic)
    .map(row => `\`${row.name}\``)
    .join(' ');
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const page = await builtinsPage();
  const path = join(root, PAGE);
  let before;
  try {
    before = readFileSync(path, 'utf8');
  } catch {
    // There was no page yet.
  }
  if (page !== before) {
    writeFileSync(`${path}.new`, page);
    renameSync(`${path}.new`, path);
  }
  console.log(`${PAGE}: ${page === before ? 'up to date' : 'written'}`);
}
