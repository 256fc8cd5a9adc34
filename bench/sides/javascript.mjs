// Hand-written JavaScript as a side of a comparison: see measured.mjs for what a side does. Arguments: the module, n.
import { pathToFileURL } from 'node:url';
import { answer } from './answer.mjs';

const [, , file, n] = process.argv;
const { run } = await import(pathToFileURL(file).href);
await answer(() => run(Number(n)), String);
