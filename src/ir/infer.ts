// Which kind of value each value of a function is, found optimistically: everything begins as "nothing has come here yet" and only ever
// rises, to one kind and then to "anything", so that what goes round a loop is known when all that enters the loop is. What other
// functions give is asked of the caller (versions.ts), which comes back when an answer has risen.
//
// A kind is claimed of a value wherever it is used: a sum with one operand that is a number is a number, because otherwise there is a
// fault and no sum. A variable that may not be set yet has the kind of what it is set to, because only `check.set` looks at it.
import { kindOfBuiltin } from '../spec/builtin-kinds.ts';
import { IR_OPS, type IrOp, type IrType } from '../spec/ir-ops.ts';
import { buildCfg } from './cfg.ts';
import { endOf, type Instruction, type IrFunction, type ValueId } from './ir.ts';

/** `never`: no value comes here, as far as is known. `any`: values of several kinds do. */
export type Kind = IrType | 'never';

/** What a call gives, when its arguments are of these kinds. */
export type ResultOf = (call: Instruction, args: readonly Kind[]) => Kind;

export interface Inferred {
  /** The kind of each value. */
  readonly kinds: readonly Kind[];
  /** The kind of what the function gives. */
  readonly result: Kind;
}

/** Ops that give one of their operands. */
const PASSES_ON: ReadonlySet<IrOp> = new Set(['check.set']);

export function joinKinds(a: Kind, b: Kind): Kind {
  if (a === b || b === 'never') return a;
  return a === 'never' ? b : 'any';
}

/** Finds the kinds of all values. Linear in the size of the function. */
export function inferKinds(fn: IrFunction, resultOf: ResultOf): Inferred {
  const { order } = buildCfg(fn);
  const kinds: Kind[] = new Array(fn.types.length).fill('never');
  const readers: (Instruction[] | undefined)[] = new Array(fn.types.length).fill(undefined);
  const flowsTo: (ValueId[] | undefined)[] = new Array(fn.types.length).fill(undefined);
  const risen: ValueId[] = [];
  let result: Kind = 'never';
  const raise = (value: ValueId, kind: Kind): void => {
    const after = joinKinds(kinds[value]!, kind);
    if (after === kinds[value]) return;
    kinds[value] = after;
    risen.push(value);
  };
  const note = <Item>(table: (Item[] | undefined)[], value: ValueId, item: Item): void => {
    const known = table[value];
    if (known === undefined) table[value] = [item];
    else known.push(item);
  };
  const look = (each: Instruction): void => {
    if (each.op === 'return') result = joinKinds(result, kinds[each.args[0]!]!);
    else if (each.result !== undefined) raise(each.result, kindOf(each, fn, kinds, resultOf));
  };
  fn.blocks[0]!.params.forEach((param, i) => {
    raise(param, fn.params[i]!);
  });
  for (const id of order) {
    for (const each of fn.blocks[id]!.code) {
      if (each.result === undefined && each.op !== 'return') continue;
      for (const arg of each.args) note(readers, arg, each);
      look(each);
    }
    for (const target of endOf(fn.blocks[id]!).targets) {
      target.args.forEach((arg, i) => {
        const param = fn.blocks[target.block]!.params[i]!;
        note(flowsTo, arg, param);
        raise(param, kinds[arg]!);
      });
    }
  }
  for (let value = risen.pop(); value !== undefined; value = risen.pop()) {
    for (const each of readers[value] ?? []) look(each);
    for (const param of flowsTo[value] ?? []) raise(param, kinds[value]!);
  }
  return { kinds, result };
}

function kindOf(each: Instruction, fn: IrFunction, kinds: readonly Kind[], resultOf: ResultOf): Kind {
  const { op, args } = each;
  const type = fn.types[each.result!]!;
  if (type !== 'any') return type;
  if (op === 'box.num') return 'num';
  if (op === 'box.bool') return 'bool';
  if (op === 'const.empty') return 'never';
  if (PASSES_ON.has(op)) return kinds[args[0]!]!;
  if (op === 'call') {
    return resultOf(
      each,
      args.map(arg => kinds[arg]!),
    );
  }
  if (op === 'call.builtin') return kindOfBuiltin(each.imm as string) ?? 'any';
  if (op === 'any.add') return sumOf(kinds[args[0]!]!, kinds[args[1]!]!);
  const row = IR_OPS[op].result;
  return row === 'none' || row === 'signature' ? 'any' : row;
}

/** Numbers, texts and lists are added to their like only. */
function sumOf(left: Kind, right: Kind): Kind {
  if (left === 'never' || right === 'never') return 'never';
  if (left !== 'any') return left;
  return right;
}
