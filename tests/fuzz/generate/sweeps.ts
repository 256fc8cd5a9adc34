// Loops that go over a list, read and change it, and come to something unusual in the middle: an index that is not whole or not there, an older version, a
// part or another name of the list. An engine that has a short way for the usual rounds (jit/js/fast-loops.ts) must come off it without a trace.
import { listOf, NUM } from '../../../src/core/type.ts';
import { type Context, freshName, inner } from './context.ts';
import { assemble, type Node } from './tree.ts';

/** A list, a loop that sweeps over it, and what it has become. */
export function sweep(context: Context): readonly Node[] {
  const { world } = context;
  const { choose } = world;
  const name = (): string => freshName(world, 'v');
  const [xs, held, spare, k, s, x, i] = [name(), name(), name(), name(), name(), name(), freshName(world, 'i')];
  const count = 1 + choose.below(choose.chance(50) ? 6 : 45);
  const odd = choose.below(count);
  const made = choose.pick([`range 0 ${count}`, `range 0 ${count}`, `tl (range 0 ${count + 1})`]);
  const kept = choose.pick([xs, `lst ${xs} 0 ${choose.below(9)}`, '[]', '[]']);
  const swapped = choose.chance(20) && kept !== '[]' ? `;${spare}=${xs};${xs}=${held};${held}=${spare}` : '';
  const place = (): string => choose.pick([i, i, i, k, `(mod ${i} ${count})`, '0']);
  const step = (): string =>
    choose.pick([
      `${x}=at ${xs} ${place()}`,
      `${xs}=lst ${xs} ${place()} (+ ${s} ${choose.below(5)})`,
      `${xs}=lst ${xs} ${place()} (+ 1 at ${xs} ${place()})`,
      `${xs}=lst ${xs} ${place()} ${x}`,
      `${s}=+ ${s} ${x}`,
      `=${i} ${odd}{${choose.pick([`${held}=${xs}`, `${k}=0.5`, `${s}=0`])}}`,
      `>${s} 40{${s}=0}`,
    ]);
  const again = `${xs}=lst ${xs} ${i} (+ ${1 + choose.below(5)} at ${xs} ${k})`;
  const change = choose.pick([
    again,
    again,
    again,
    `${xs}=lst ${xs} ${place()} (+ ${choose.below(5)} at ${xs} ${k})`,
    `${s}=+ ${s} at ${xs} ${k};${xs}=lst ${xs} ${i} ${s}`,
    `${xs}=lst ${xs} ${i} ${choose.below(9)};${x}=at ${xs} ${k}`,
  ]);
  const turn = `>${i} ${odd}{${k}=+ ${k} ${choose.pick(['0.5', '0.5', '0.5', '1', String(count)])}}`;
  // Where the change comes last, all that may go wrong in a round comes before it.
  const isLast = choose.chance(50);
  const some = choose.chance(85) ? (isLast ? [turn, change] : [change, turn]) : [];
  for (let more = choose.below(3); more > 0; more--)
    some.splice(choose.below(some.length + (isLast ? 0 : 1)), 0, step());
  if (some.length === 0) some.push(change);
  const steps = some.join(';');
  const rounds = choose.chance(85) ? count : count + 1 + choose.below(3);
  const start = `${xs}=${made};${held}=${kept}${swapped};${k}=0;${s}=0;${x}= `;
  const loop = `@${i} 0..${rounds}{${steps}}`;
  const first = assemble('statement', 'sweep', undefined, [start, ''], [inner(context, NUM)]);
  context.variables.push({ name: xs, type: listOf(NUM), fixed: false }, { name: s, type: NUM, fixed: false });
  // Where it is printed, there is no machine code; where it is not, perhaps nobody sees it.
  const shown = choose.chance(70) ? `;prnt [${s} ${xs}]` : '';
  const seen = `${s}=+ (len ${held}) (fld (a:n b:n>n;+ *a 1.25 b) ${xs} ${s})${shown}`;
  return [
    first,
    assemble('statement', 'sweeping', undefined, [loop], []),
    assemble('statement', 'swept', undefined, [seen], []),
  ];
}
