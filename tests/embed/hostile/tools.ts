// Tools that misbehave: what they do, and how a run ends whose tool may give an error (`x:n>R n t`) and one whose tool may not (`x:n>n`).

export type HostileTool = readonly [what: string, call: (...args: never[]) => unknown, f: RegExp, g: RegExp];

/** An error that cannot be asked for its message. */
const mute = (thrown: unknown): Error =>
  Object.defineProperty(new Error(), 'message', {
    get() {
      throw thrown;
    },
  });

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const throwing = (make: () => unknown) => (): never => {
  throw make();
};

function cycle(): unknown {
  const list: unknown[] = [];
  list.push(list);
  return list;
}

/** Thrown at once. */
export const THROWS: readonly HostileTool[] = [
  ['throws null', throwing(() => null), /ok/, /E006/],
  ['throws undefined', throwing(() => undefined), /ok/, /E006/],
  ['throws a text', throwing(() => 'x'), /ok/, /E006/],
  ['throws a symbol', throwing(() => Symbol('x')), /ok/, /E006/],
  ['throws an error', throwing(() => new Error('x')), /ok/, /E006/],
  [
    'throws an error whose message is a number',
    throwing(() => Object.assign(new Error(), { message: 42 })),
    /ok/,
    /E006/,
  ],
  ['throws an error whose message throws null', throwing(() => mute(null)), /ok/, /E006/],
  ['throws an error whose message throws nothing to print', throwing(() => mute(Object.create(null))), /ok/, /E006/],
  [
    'throws a proxy',
    throwing(() => new Proxy(new Error('x'), { getPrototypeOf: throwing(() => Object.create(null)) })),
    /ok/,
    /E006/,
  ],
  ['throws a proxy that was revoked', throwing(revoked), /ok/, /E006/],
  ['throws what has no prototype', throwing(() => Object.create(null)), /ok/, /E006/],
  ['throws a promise that is rejected', throwing(() => Promise.reject(new Error('x')).catch(() => {})), /ok/, /E006/],
  ['throws halves of surrogate pairs', throwing(() => new Error('\ud800')), /ok/, /E006/],
  ['throws a message of a million units', throwing(() => new Error('x'.repeat(2 ** 20))), /ok/, /E006/],
];

/** Given at once, and taken for data. */
export const GIVES: readonly HostileTool[] = [
  ['gives a proxy', () => new Proxy({}, { get: () => 'planted' }), /E001/, /E001/],
  ['gives a proxy of a function', () => new Proxy(() => 1, {}), /E001/, /E001/],
  ['gives a proxy that was revoked', revoked, /E001/, /E001/],
  [
    'gives itself',
    function itself(): unknown {
      return itself;
    },
    /E001/,
    /E001/,
  ],
  ['gives a symbol', () => Symbol('x'), /E001/, /E001/],
  ['gives a bigint', () => 10n, /E001/, /E001/],
  ['gives nothing', () => undefined, /E001/, /E001/],
  ['gives a text for a number', () => '1', /E001/, /E001/],
  ['gives a cycle', cycle, /E001/, /E001/],
  [
    'gives a getter that throws',
    () => ({
      get ok(): never {
        throw new Error('getter');
      },
    }),
    /ok/,
    /E00|R0/,
  ],
  [
    'gives a getter of then that throws',
    () => ({
      get then(): never {
        throw null;
      },
    }),
    /ok/,
    /E006/,
  ],
  ['gives both ok and err', () => ({ ok: 1, err: 'x' }), /E001/, /E001/],
  ['gives an array that says it is a result', () => Object.assign([], { ok: 1 }), /E001/, /E001/],
];

/** Waited for, where a run can wait. */
export const WAITS: readonly HostileTool[] = [
  ['rejects with null', () => Promise.reject(null), /ok/, /E006/],
  ['rejects with what has no prototype', () => Promise.reject(Object.create(null)), /ok/, /E006/],
  ['rejects with a mute error', () => Promise.reject(mute(Object.create(null))), /ok/, /E006/],
  ['rejects with an error', () => Promise.reject(new Error('x')), /ok/, /E006/],
  ['gives a promise of a proxy', async () => new Proxy({}, {}), /E001/, /E001/],
  [
    'gives a promise whose class throws',
    () => Object.defineProperty(Promise.resolve(1), 'constructor', { get: throwing(() => null) }),
    /ok/,
    /E006/,
  ],
  [
    'gives a promise whose then is another',
    () => Object.assign(Promise.resolve(1), { then: throwing(() => null) }),
    /ok/,
    /E006/,
  ],
  ['gives a thenable that throws', () => ({ then: throwing(() => new Error('then')) }), /ok/, /E006/],
  [
    'gives a thenable that gives itself',
    () => ({
      then(give: (x: unknown) => void) {
        give(this);
      },
    }),
    /E001/,
    /E001/,
  ],
  [
    'gives a thenable that gives another without end',
    function more() {
      return {
        then(give: (x: unknown) => void) {
          give(more());
        },
      };
    },
    /E001/,
    /E001/,
  ],
  [
    'gives a thenable that settles twice and throws',
    () => ({
      then(give: (x: unknown) => void, fail: (x: unknown) => void) {
        give(1);
        give(2);
        fail(3);
        throw null;
      },
    }),
    /ok/,
    /ok/,
  ],
];
