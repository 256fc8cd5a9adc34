// Numbers the case labels of the stack machine by the table of its instructions: `case 0: /* load */` gets the number of `load`.
//
//     node scripts/stack-labels.mjs
//
// Run it after a change of the table. The tests compare labels and table, and say to run this when they differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const { outputFiles } = await build({
  entryPoints: ['src/spec/stack-ops.ts'],
  bundle: true,
  format: 'esm',
  write: false,
});
const { STACK_OP_NUMBERS } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);

for (const path of ['src/vm/stack/loop.ts', 'src/vm/stack/cold.ts']) {
  const text = readFileSync(path, 'utf8');
  const numbered = text.replace(/case \d+(:?) \/\* ([\w.]+) \*\//g, (_, colon, name) => {
    const number = STACK_OP_NUMBERS[name];
    if (number === undefined) throw new Error(`${path}: there is no instruction ${name}`);
    return `case ${number}${colon} /* ${name} */`;
  });
  if (numbered !== text) writeFileSync(path, numbered);
}
