// Records that are nowhere but in registers, one for each field: such as are made in a function, and of which nothing is done but reading fields,
// replacing some, and passing them to other blocks, which get them in the same way. Any other use (a result, an argument, an item, a field of
// another record, a comparison) needs the record in memory. A record with replaced fields may need it while what it was made of does not.
import type { Instruction, IrFunction, ValueId } from '../../ir/ir.ts';
import type { Shaped } from './infer.ts';
import { isRecord, type RecordLayout, type Shape } from './shapes.ts';

/** More fields than this are not worth a register each. */
const MOST_FIELDS = 8;

const NONE: ReadonlyMap<ValueId, RecordLayout> = new Map();

/** The values that are records in registers, with the fields that each has. */
export function findScattered(
  fn: IrFunction,
  { shapes, reached }: Shaped,
  layoutOf: (record: Shape) => RecordLayout,
): ReadonlyMap<ValueId, RecordLayout> {
  const blocks = fn.blocks.filter((_, id) => reached.has(id));
  if (!blocks.some(({ code }) => code.some(({ op }) => op === 'record.new'))) return NONE;
  const scattered = new Map<ValueId, RecordLayout>();
  /** When the first is in memory, the others have to be. */
  const together = new Map<ValueId, ValueId[]>();
  const inMemory: ValueId[] = [];
  const tie = (one: ValueId, other: ValueId): void => {
    const others = together.get(one);
    if (others === undefined) together.set(one, [other]);
    else others.push(other);
  };
  const add = (value: ValueId): void => {
    const shape = shapes[value]!;
    const layout = isRecord(shape) ? layoutOf(shape) : undefined;
    if (layout !== undefined && layout.fields.length <= MOST_FIELDS) scattered.set(value, layout);
    else inMemory.push(value);
  };
  for (const block of blocks) {
    // What comes from outside is in memory.
    if (block !== fn.blocks[0]) block.params.forEach(add);
    for (const each of block.code) {
      const { result, args, targets } = each;
      if (result !== undefined && MAKES.has(each.op)) add(result);
      args.forEach((arg, i) => {
        if (i > 0 || !READS.has(each.op)) inMemory.push(arg);
      });
      if (result !== undefined && DERIVES.has(each.op)) {
        tie(args[0]!, result);
        if (each.op !== 'record.with') tie(result, args[0]!);
      }
      for (const target of targets) {
        target.args.forEach((arg, i) => {
          const param = fn.blocks[target.block]!.params[i]!;
          tie(arg, param);
          tie(param, arg);
          if (!reached.has(target.block)) inMemory.push(arg);
        });
      }
    }
  }
  // Whatever is no candidate was never in registers, and what is tied to it neither.
  for (const value of together.keys()) if (!scattered.has(value)) inMemory.push(value);
  const known = new Set<ValueId>();
  for (let value = inMemory.pop(); value !== undefined; value = inMemory.pop()) {
    if (known.has(value)) continue;
    known.add(value);
    scattered.delete(value);
    inMemory.push(...(together.get(value) ?? []));
  }
  return scattered;
}

type Op = Instruction['op'];

const MAKES: ReadonlySet<Op> = new Set<Op>(['record.new', 'record.with', 'record.check', 'owned']);
/** What is made of a record that has to be in registers, too. */
const DERIVES: ReadonlySet<Op> = new Set<Op>(['record.with', 'record.check', 'owned']);
/** Only looks at the fields of its first operand. */
const READS: ReadonlySet<Op> = new Set<Op>(['field', 'record.with', 'record.check', 'owned', 'charge.copy']);
