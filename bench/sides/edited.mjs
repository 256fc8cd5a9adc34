// A side that runs a workload on `js` with pieces of the generated code left out: the workload and how many edits, then as for ilo.mjs.
import { edited } from './edits.mjs';

const [workload, count] = process.argv.splice(2, 2);
const Generated = globalThis.Function;
globalThis.Function = new Proxy(Generated, {
  construct: (_, args) => {
    const source = args.at(-1);
    const isProgram = source.includes('X.deeper');
    return new Generated(...args.slice(0, -1), isProgram ? edited(source, workload, Number(count)) : source);
  },
});
await import('./ilo.mjs');
