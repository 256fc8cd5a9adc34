// `ilo ir`: the intermediate representation of a program, as text that the IR's own parser reads back.
import { parseSimple } from './arguments.ts';
import { type Console, EXIT, refuse, report } from './console.ts';
import { dumpText } from './dump.ts';
import { readSource } from './source.ts';

/** `ilo ir FILE|CODE [--optimised | --pass NAME]`. */
export async function irCommand(args: readonly string[], console: Console): Promise<number> {
  const parsed = parseSimple(args, ['--optimised', '-O'], ['--pass']);
  if ('problem' in parsed) return refuse(console, parsed.problem, parsed.advice);
  const { operands, flags, values, options } = parsed.ok;
  const dump = operands.find(each => each.startsWith('--dump='));
  if (dump !== undefined) return refuse(console, '--dump belongs to ilo run', `ilo FILE|CODE ${dump}`);
  const [operand, ...more] = operands;
  if (operand === undefined || more.length > 0) {
    return refuse(console, 'one program is needed', 'ilo ir FILE|CODE [--optimised|--pass NAME]');
  }
  const pass = values.get('--pass');
  if (flags.size > 0 && pass !== undefined) return refuse(console, '--optimised and --pass are mutually exclusive');
  const source = readSource(operand, false);
  if ('diagnostic' in source) {
    await report([source.diagnostic], () => undefined, options, console);
    return EXIT.refused;
  }
  const stage = pass !== undefined ? `ir:${pass}` : flags.size > 0 ? 'ir:opt' : 'ir';
  return dumpText(source.text, source.file, [stage], options, console);
}
