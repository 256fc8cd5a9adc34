// Numbers the case labels of the register machine by the table of its instructions: `case 0: /* move */` gets the opcode of `move`.
//
//     node scripts/register-labels.mjs
//
// Run it after a change of the table. The tests compare labels and table, and say to run this when they differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const { outputFiles } = await build({
  entryPoints: ['src/spec/register-ops.ts'],
  bundle: true,
  format: 'esm',
  write: false,
});
const { OPCODE_OF } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);

for (const path of ['src/vm/register/loop.ts', 'src/vm/register/straight.ts', 'src/vm/register/cold.ts']) {
  const text = readFileSync(path, 'utf8');
  const numbered = text.replace(/case \d+(:?) \/\* (\w+) \*\//g, (_, colon, name) => {
    const opcode = OPCODE_OF[name];
    if (opcode === undefined) throw new Error(`${path}: there is no instruction ${name}`);
    return `case ${opcode}${colon} /* ${name} */`;
  });
  if (numbered !== text) writeFileSync(path, numbered);
}
