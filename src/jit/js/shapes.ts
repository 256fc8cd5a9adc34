// The shapes of records that a program makes itself. Where all those with a field have the same shape, a place that reads the field need not
// remember what it saw: the shape and the index stand in the source. Records from elsewhere, from JSON say, are read the long way.
import { Shape } from '../../core/value/record.ts';
import type { IrFunction } from '../../ir/ir.ts';

/** Answers which shape all records of the functions with certain fields have; undefined when there are several, or none. */
export function findShapes(functions: readonly IrFunction[]): (fields: readonly string[]) => Shape | undefined {
  const byField = new Map<string, Set<Shape>>();
  for (const fn of functions) {
    for (const block of fn.blocks) {
      for (const { op, imm } of block.code) {
        if (op !== 'record.new' || !(imm instanceof Shape)) continue;
        for (const name of imm.names) {
          const shapes = byField.get(name);
          if (shapes === undefined) byField.set(name, new Set([imm]));
          else shapes.add(imm);
        }
      }
    }
  }
  return fields => {
    const [first, ...rest] = fields.map(field => byField.get(field) ?? new Set<Shape>());
    const common = [...(first ?? [])].filter(shape => rest.every(shapes => shapes.has(shape)));
    return common.length === 1 ? common[0] : undefined;
  };
}
