// What the benchmarks reach inside the package: bundled by run.mjs, never shipped.
export { List } from '../src/core/value/list.ts';
export { BUILTINS } from '../src/lang/ilo/builtins/table.ts';
export { parse } from '../src/lang/ilo/parse.ts';
export { verify } from '../src/lang/ilo/verify.ts';
export { loadProgram, runProgram } from '../src/runtime/program.ts';
export { makeServices } from '../src/runtime/services.ts';
export { TreeMachine } from '../src/vm/tree/machine.ts';
