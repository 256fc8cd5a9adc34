// A host whose prototypes were written to, by others in the same process: runs a program on every engine and level under each of these and prints how
// all ended, as JSON. A process of its own, because a test runner does not stand what is done here.
import { createRequire } from 'node:module';

const [, , bundle, secret] = process.argv;
const { compile, drainPools } = createRequire(import.meta.url)(bundle);
const LEVELS = ['in-process', 'worker', 'process'];
const ENGINES = ['tree', 'closure', 'stack', 'js', 'vm', 'vm-fresh', 'jit', 'auto'];
const LIMITS = ['fuel', 'timeout', 'alloc', 'depth', 'output'];

function define(target, name, how) {
  const before = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, Object.assign(Object.create(null), { configurable: true }, how));
  return () => {
    if (before === undefined) delete target[name];
    else Object.defineProperty(target, name, before);
  };
}

function all(undo) {
  return () => {
    for (let i = undo.length - 1; i >= 0; i--) undo[i]();
  };
}

const named = (names, value) => () =>
  all(names.map(name => define(Object.prototype, name, { value, writable: true, enumerable: true })));
const swallowing = (names, value) => () =>
  all(names.map(name => define(Object.prototype, name, { get: () => value, set: () => {} })));
const wrapped = (target, name) => () => {
  const original = target[name];
  return define(target, name, {
    writable: true,
    value(...args) {
      return Reflect.apply(original, this, args);
    },
  });
};

// Written to while nothing else runs; the length of Array.prototype goes with its elements.
function elements(target, at, enumerable = true) {
  const undo = define(target, String(at), { value: secret, writable: true, enumerable });
  return () => {
    undo();
    if (target === Array.prototype) target.length = 0;
  };
}

const POLLUTIONS = {
  'limits without end': named(LIMITS, Number.POSITIVE_INFINITY),
  'limits of nothing': named(LIMITS, 0),
  'limits that swallow what is set': swallowing(LIMITS, Number.POSITIVE_INFINITY),
  'a result': named(['ok', 'err'], secret),
  'capabilities of everything': named(['read', 'write', 'env', 'hosts'], ['/']),
  'grants': named(['allowPrivate', 'clock', 'random', 'net'], true),
  'functions that throw': named(['print', 'onRequest', 'onTrace', 'readSource', 'call'], () => {
    throw new Error(secret);
  }),
  'other options': named(['engine', 'isolation', 'file', 'signature', 'memory'], 'turbo'),
  'a signal that is aborted': named(['signal', 'aborted', 'reason'], true),
  'words of messages': named(['kind', 'id', 'code', 'message', 'place', 'calls', 'stats', 'known', 'names'], secret),
  'words of values': named(['values', 'shape', 'items', 'type', 'of', 'params', 'result'], 7),
  'half of a property': named(['value'], secret),
  'a getter for every property': named(['get'], () => secret),
  'toJSON': named(['toJSON'], () => secret),
  'then, which is no function': named(['then'], secret),
  'more of its own on arrays': () => define(Array.prototype, 'last', { value: secret, writable: true, enumerable: true }),
  'elements of every array': () => elements(Array.prototype, 0),
  'an element of every array, far behind': () => elements(Array.prototype, 5000),
  'elements of everything': () => elements(Object.prototype, 0),
  'an element that is not shown': () => elements(Object.prototype, 3, false),
  'return, which every loop calls': named(['return'], secret),
  'words of the engines': named(['target', 'source', 'slots', 'size', 'index', 'start', 'end', 'name', 'done', 'next'], true),
  'another then': wrapped(Promise.prototype, 'then'),
  'another catch': wrapped(Promise.prototype, 'catch'),
  'another get of maps': wrapped(Map.prototype, 'get'),
  'another push': wrapped(Array.prototype, 'push'),
  'another map': wrapped(Array.prototype, 'map'),
  'another iterator of arrays': wrapped(Array.prototype, Symbol.iterator),
  'another slice': wrapped(String.prototype, 'slice'),
};

const SOURCE = `tool m"" x:n>n
f>n;prnt "x";wh true{1};1
g r:R n t>t;?r{~v:str v;^e:e}
h>_;[1,2]
k x:n>R n t;y=m x;~y
r>R t t;rd "/proc/self/environ"`;

const ended = async run => {
  try {
    return await run();
  } catch (error) {
    return error?.code ?? `not an error of ilo: ${error?.stack}`;
  }
};

async function answers(isolation, engine) {
  const program = compile(SOURCE, {
    isolation,
    engine,
    limits: { fuel: 20_000, timeout: 20_000 },
    tools: { m: { signature: 'x:n>n', call: x => x + 1 } },
  });
  const said = [
    await ended(() => program.runAsync('f')),
    await ended(() => program.runAsync('g', { err: 'mine' })),
    await ended(() => program.runAsync('r')),
    await ended(() => program.runAsync('h')),
    await ended(() => program.runAsync('k', 1)),
  ];
  if (isolation === 'in-process') said[said.length] = await ended(() => program.run('f'));
  if (isolation === 'in-process') said[said.length] = await ended(() => program.fn.k(1));
  return said;
}

const results = [];
let done = 0;
for (const what of Object.keys(POLLUTIONS)) {
  for (const level of LEVELS) {
    for (const engine of ENGINES) {
      // Undone before anything is written down, and done anew for each: also what is started in between is started under it.
      const undo = POLLUTIONS[what]();
      const began = performance.now();
      let said;
      try {
        said = await answers(level, engine);
      } catch (error) {
        said = [error?.code ?? `not an error of ilo: ${error?.stack}`];
      } finally {
        undo();
      }
      results.push({ what, level, engine, said, milliseconds: performance.now() - began });
    }
  }
  if (++done % 6 === 0) drainPools();
}
drainPools();
process.stdout.write(JSON.stringify(results));
