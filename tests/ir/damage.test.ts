// IR text with any one bit wrong: refused with an error of its own, or still a program, which then runs to an end within its limits: as register
// code before and after the passes, and as JavaScript.
import { describe, expect, test } from 'vitest';
import { buildIr } from '../../src/ir/build.ts';
import type { IrUnit } from '../../src/ir/ir.ts';
import { IrSyntaxError, parseIr } from '../../src/ir/parse.ts';
import { optimise } from '../../src/ir/passes/pipeline.ts';
import { printIr } from '../../src/ir/print.ts';
import { irOf } from '../../src/ir/unit.ts';
import { verifyIr } from '../../src/ir/verify.ts';
import { createJsMachine } from '../../src/jit/js/machine.ts';
import { checkCode } from '../../src/vm/register/check.ts';
import { encodeUnit } from '../../src/vm/register/encode.ts';
import { RegisterMachine } from '../../src/vm/register/machine.ts';
import { load, type MakeMachine, observe } from '../vm/register-kit.ts';

const CORPUS = [
  'f n:n>n;s=0;@i 0..n{s=+s i};s',
  'f n:n>n;<n 2{ret n};a=f -n 1;b=f -n 2;+a b',
  'f n:n>L t;xs=["a" "b"];t=str n;xs=+=xs t;map (x:t>t;+t x) xs',
  'type p{x:n;y:n}\nf n:n>n;a=p x:n y:2;b=a with x:3;+b.x b.y',
  'f n:n>R n t;>n 3{^"big"}{~*n 1.5}',
];

/** The text with each of its bits wrong in turn. */
function* flips(text: string): Iterable<string> {
  for (let i = 0; i < text.length; i++) {
    for (let bit = 0; bit < 8; bit++) {
      yield `${text.slice(0, i)}${String.fromCharCode(text.charCodeAt(i) ^ (1 << bit))}${text.slice(i + 1)}`;
    }
  }
}

/** The unit that a text stands for; undefined when it is refused, which nothing but an IrSyntaxError or a sentence may do. */
function readIr(text: string): IrUnit | undefined {
  try {
    const ir = parseIr(text);
    return verifyIr(ir).length === 0 ? ir : undefined;
  } catch (error) {
    if (error instanceof IrSyntaxError) return undefined;
    throw error;
  }
}

describe('any one bit of the text of a program', () => {
  test.each(CORPUS)('%s', source => {
    const unit = load(source);
    const text = printIr(buildIr(unit));
    const run = (make: MakeMachine): void => {
      const call = { label: source, unit, callee: 0, args: [4] };
      // Throws what is no Fault.
      observe(call, make, { limits: { fuel: 2000, alloc: 100_000 }, maxDepth: 50 });
    };
    const onRegisters = (ir: IrUnit): MakeMachine => {
      const code = encodeUnit(ir, { metered: true });
      expect(checkCode(code)).toBeUndefined();
      return (_, services) => new RegisterMachine(unit, services, { fresh: true }, code);
    };
    const asJavaScript = (ir: IrUnit): MakeMachine => {
      const changed = { ...unit };
      Object.assign(irOf(changed), { built: ir });
      return (_, services) => createJsMachine(changed, services);
    };
    let refused = 0;
    const ran = new Set<string>();
    for (const damaged of flips(text)) {
      const ir = readIr(damaged);
      if (ir === undefined) {
        refused++;
        continue;
      }
      // Another place in the source makes no other program.
      const program = damaged.replaceAll(/ @\d+:\d+$/gm, '');
      if (ran.has(program)) continue;
      ran.add(program);
      try {
        run(onRegisters(ir));
        run(onRegisters(optimise(ir)));
        run(asJavaScript(ir));
      } catch (error) {
        throw new Error(`after this text was accepted:\n${damaged}`, { cause: error });
      }
    }
    expect(refused).toBeGreaterThan(text.length * 6);
    expect(ran.size).toBeGreaterThan(20);
  });
});
