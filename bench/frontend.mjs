// Lexing, parsing and verifying: bytes per second beside acorn parsing JavaScript, and growth with the size of the input.
import { parse as acornParse } from 'acorn';
import { median, sideBySide, spread, time, verdict } from './measure.mjs';
import { SHAPES } from './shapes.mjs';

const MIB = 1024 * 1024;

/** The same small functions in both languages, about `size` bytes of each. */
function corpora(size) {
  const ilo = [];
  const js = [];
  let iloSize = 0;
  let jsSize = 0;
  const letters = i => i.toString(26).replace(/[0-9]/g, d => 'qrstuvwxyz'[d]);
  for (let i = 0; iloSize < size; i++) {
    const n = letters(i);
    const text = `-- totals of one order, then a class for it\ntot${n} p:n q:n r:n>n;s=*p q;t=*s r;+s t\ncls${n} sp:n>t;>=sp ${i} "gold";>=sp 5 "silver";"bronze"\nsum${n} xs:L n>n;s=0;@x xs{>x 3{s=+s x}};+s 0`;
    ilo.push(text);
    iloSize += text.length + 1;
  }
  for (let i = 0; jsSize < size; i++) {
    const n = letters(i);
    const text = `// totals of one order, then a class for it\nfunction tot${n}(p, q, r) { const s = p * q; const t = s * r; return s + t; }\nfunction cls${n}(sp) { if (sp >= ${i}) return "gold"; if (sp >= 5) return "silver"; return "bronze"; }\nfunction sum${n}(xs) { let s = 0; for (const x of xs) { if (x > 3) s += x; } return s; }`;
    js.push(text);
    jsSize += text.length + 1;
  }
  return { ilo: ilo.join('\n'), js: js.join('\n') };
}

export function benchFrontEnd({ parse, verify, BUILTINS }, quick) {
  const front = source => {
    const { program, diagnostics } = parse(source);
    const all = [...diagnostics, ...verify(program, BUILTINS).diagnostics];
    const error = all.find(each => each.severity === 'error');
    if (error) throw new Error(`${error.code}: ${error.message}`);
  };
  console.log('\nLexing, parsing and verifying');
  const { ilo, js } = corpora(MIB);
  for (let i = 0; i < 3; i++) sideBySide([() => front(ilo), () => acornParse(js, { ecmaVersion: 'latest' })], 2);
  const [iloTimes, jsTimes] = sideBySide(
    [() => front(ilo), () => acornParse(js, { ecmaVersion: 'latest' })],
    quick ? 5 : 15,
  );
  const rate = (text, times) => text.length / MIB / (median(times) / 1000);
  const iloRate = rate(ilo, iloTimes);
  const jsRate = rate(js, jsTimes);
  console.log(
    `     ilo ${iloRate.toFixed(1)} MiB/s (spread ${spread(iloTimes).toFixed(2)}), acorn ${jsRate.toFixed(1)} MiB/s (spread ${spread(jsTimes).toFixed(2)})`,
  );
  const results = [verdict('acorn bytes/s over ilo bytes/s', jsRate / iloRate, 2)];
  const large = quick ? 2 * MIB : 10 * MIB;
  for (const [shape, make] of Object.entries(SHAPES)) {
    const half = make(large / 2);
    const whole = make(large);
    // Collecting what the shapes before left behind must not be charged to this one.
    const clean = source => () => {
      globalThis.gc?.();
      return time(() => front(source));
    };
    clean(make(MIB / 4))();
    const rounds = [clean(half), clean(whole)];
    const times = rounds.map(() => []);
    for (let i = 0; i < 3; i++) for (const [side, round] of rounds.entries()) times[side].push(round());
    const ratio = median(times[1]) / median(times[0]);
    results.push(verdict(`twice the input, ${shape}`, ratio, 2.5));
  }
  return results;
}
