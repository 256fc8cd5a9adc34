// What the benchmarks reach inside the package: bundled by run.mjs, never shipped.
export { exp, log, log2, log10 } from '../src/core/math/exponential.ts';
export { acos, asin, atan, atan2 } from '../src/core/math/inverse.ts';
export { pow } from '../src/core/math/power.ts';
export { cos, sin, tan } from '../src/core/math/trigonometric.ts';
export { List } from '../src/core/value/list.ts';
export { showValue } from '../src/core/value/show.ts';
export { compile } from '../src/embed/main.ts';
export { DEFAULT_LIMITS } from '../src/embed/options.ts';
export { disposeNative, nativeUnitOf } from '../src/jit/native/code.ts';
export { BUILTINS } from '../src/lang/ilo/builtins/table.ts';
export { parse } from '../src/lang/ilo/parse.ts';
export { verify } from '../src/lang/ilo/verify.ts';
export { ENGINES } from '../src/runtime/engines.ts';
export { createVirtualHost } from '../src/runtime/host/virtual-host.ts';
export { loadProgram, MACHINES, runProgram } from '../src/runtime/program.ts';
export { makeServices } from '../src/runtime/services.ts';
export { entryOf } from '../src/vm/engine.ts';
export { ENDLESS, HUGE } from '../tests/bad-input/huge-programs.ts';
