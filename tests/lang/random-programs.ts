// Random programs that mix types wherever the verifier lets them: variables assigned several types in loops and guards,
// matches that fall through, callbacks, closures, records updated through unknown values. For tests of the prover.

/** A generator of numbers below a bound (mulberry32). */
export function makeRandom(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return bound => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % bound;
  };
}

/**
 * One program. Its functions `fa`, `fb` and `fc` take two arguments of any type. It parses
 * and uses no unknown name, but hardly ever verifies.
 */
export function randomProgram(seed: number): string {
  const random = makeRandom(seed);
  const pick = <T>(items: readonly T[]): T => items[random(items.length)]!;
  // Few kinds of value and little from outside leave something to prove; the more there is, the less.
  const palette = Array.from({ length: 1 + random(3) }, () => pick(['0', '1', '7', '"a"', 'true', 'nil', '[]', '[1]']));
  const VARIABLES = ['va', 'vb', 'vc', 'vd'].slice(0, 2 + random(3));
  const outside = random(3);
  const name = (): string => (random(6) < outside ? pick(['pa', 'pb']) : pick(VARIABLES));
  const literal = (): string => pick(palette);
  const atom = (): string => pick([name, literal])();

  const expression = (depth: number): string => {
    if (depth === 0) return atom();
    const inner = (): string => `(${expression(depth - 1)})`;
    return pick([
      atom,
      atom,
      () => `${pick(['+', '+', '-', '*'])} ${inner()} ${inner()}`,
      () => `(${pick(['=', '>', '<', '&', '|'])} ${inner()} ${inner()})`,
      () => `[${atom()} ${atom()}]`,
      () => `~${inner()}`,
      () => `^${inner()}`,
      () => `!${inner()}`,
      () => `?? ${inner()} ${inner()}`,
      () => `?${atom()} ${inner()} ${inner()}`,
      () => `${pick(['fa', 'fb', 'fc'])} ${inner()} ${inner()}`,
      () => `hd ${inner()}`,
      () => `rev ${inner()}`,
      () => `len ${inner()}`,
      () => `+=${inner()} ${inner()}`,
      () => `mget (mset mmap "k" ${inner()}) "k"`,
      () => `mset ${inner()} "k" ${inner()}`,
      () => `map (x:_>_;${pick(['x', 'pa', 'va', '[x]', '~x', '+ x x'])}) ${inner()}`,
      () => `map ${pick(['ga', 'str', 'len'])} ${inner()}`,
      () => `fld (a:_ x:_>_;${pick(['a', 'x', '+ a x', '[a x]', 'va'])}) ${inner()} ${inner()}`,
      () => `(rc one:${inner()} two:${inner()})`,
      () => `${name()}.one`,
      () => `${name()}.?two`,
      () => `(${inner()} with one:${inner()})`,
      () => `ga ${inner()}`,
      () => `num (str 5)`,
      () => `zip ${inner()} ${inner()}`,
      () => `flat ${inner()}`,
    ])();
  };

  const block = (depth: number, inLoop: boolean): string => {
    const count = 1 + random(3);
    return Array.from({ length: count }, () => statement(depth, inLoop)).join(';');
  };

  const statement = (depth: number, inLoop: boolean): string => {
    const simple = [
      () => `${pick(VARIABLES)}=${expression(2)}`,
      () => `${pick(VARIABLES)}=${expression(1)}`,
      () => `${pick(VARIABLES)}=${name()}`,
    ];
    if (depth === 0) return pick(simple)();
    const exits = inLoop ? ['cnt', 'brk', `brk ${name()}`] : [];
    return pick([
      ...simple,
      () => `${name()}{${block(depth - 1, inLoop)}}`,
      () => `!${name()}{${block(depth - 1, inLoop)}}`,
      () => `@it ${pick(['[1 "a"]', '[1 2]', name()])}{${block(depth - 1, true)};${pick(VARIABLES)}=it}`,
      () => `@ix 0..3{${block(depth - 1, true)};${pick(VARIABLES)}=${pick(['ix', name()])}}`,
      () => `wc=0;wh <wc 3{wc=+wc 1;${block(depth - 1, true)}}`,
      () => `?${name()}{n kn:${block(depth - 1, inLoop)};t kt:va=kt;_:vb=_}`,
      () => `?${name()}{~ok:va=ok;^er:vb=er;_:${block(depth - 1, inLoop)}}`,
      () => `${name()}{ret ${expression(1)}}`,
      () => `${name()}{ret ${literal()}}`,
      () => `${name()} ${literal()}`,
      () => `${pick(VARIABLES)}=${pick(['fa', 'fb', 'fc', 'fd'])} ${literal()} ${literal()}`,
      () => `${pick(VARIABLES)}=rc one:${atom()} two:${atom()}`,
      () => `${pick(VARIABLES)}=${name()}.?one`,
      () => `${pick(VARIABLES)}=${name()}.two`,
      () => `${pick(VARIABLES)}=?${name()}{1:${expression(1)};n kn:kn;_:${name()}}`,
      ...exits.map(exit => () => `${name()}{${exit}}`),
    ])();
  };

  const body = (): string => {
    const start = VARIABLES.map(variable => `${variable}=${random(6) < outside ? 'pa' : literal()}`);
    const middle = Array.from({ length: random(5) }, () => statement(2, false));
    const end = pick([
      () => expression(1),
      () => atom(),
      () => `${literal()};${name()}{${literal()}}`,
      () => `${literal()};${name()}{${literal()}}{${literal()}}`,
      () => `${literal()};?${name()}{1:${literal()};n kn:${literal()}}`,
      () => `?${name()}{1:${literal()};_:${literal()}}`,
      () => `@it ${pick(['[]', '[1 2]'])}{${literal()}}`,
      () => `@ix 0..2{${name()}{brk ${literal()}};${literal()}}`,
      () => `${name()} ${literal()};${literal()}`,
      () => `va=${literal()}`,
    ])();
    return [...start, ...middle, end].join(';');
  };

  const functions = ['fa', 'fb', 'fc'].map(fn => `${fn} pa:_ pb:_>_;${body()}`);
  const read = pick(['va.one', 'va.?two']);
  const reader = `fd pa:_ pb:_>_;va=rc one:${literal()} two:${literal()};pa{va=nil};vb=${read};vb`;
  return ['type rc{one:_;two:_}', 'ga x:_>_;x', reader, ...functions].join('\n');
}
