// The text form of the IR. parse.ts reads it back to the same IR, value numbers, names and places included:
//
//     fn tot(num, num, num) -> num of 0
//     b0(v0:p num, v1:q num, v2:r num):
//       fuel 1 @0:36
//       v3:s num = num.mul v0, v1 @22:27
//       jump b1(v3) @30:32
import { unreachable } from '../base/assert.ts';
import { Shape } from '../core/value/record.ts';
import { IR_OPS, type IrType } from '../spec/ir-ops.ts';
import type { CalleeImmediate, Instruction, IrFunction, IrUnit, ValueId } from './ir.ts';

/** All functions of a unit, and its tools. */
export function printIr(unit: IrUnit): string {
  const tools = unit.tools.map(name => `tool ${name}\n`).join('');
  return `${tools}${unit.functions.map(printIrFunction).join('\n')}`;
}

export function printIrFunction(fn: IrFunction): string {
  const params = fn.params.map((type, i) => withPromise(type, fn.declared[i]!));
  const version = fn.of === undefined ? '' : ` of ${fn.of}`;
  const lines = [`fn ${fn.name}(${params.join(', ')}) -> ${withPromise(fn.result, fn.declaredResult)}${version}`];
  const define = (value: ValueId): string => {
    const name = fn.names.get(value);
    return `v${value}${name === undefined ? '' : `:${name}`} ${fn.types[value]}`;
  };
  fn.blocks.forEach((block, i) => {
    lines.push(`b${i}(${block.params.map(define).join(', ')}):`);
    for (const instruction of block.code) lines.push(`  ${printInstruction(instruction, define)}`);
  });
  return `${lines.join('\n')}\n`;
}

/** A type, and what the declaration promises where that is something else. */
function withPromise(type: IrType, declared: IrType): string {
  return declared === type ? type : `${type} as ${declared}`;
}

function printInstruction(instruction: Instruction, define: (value: ValueId) => string): string {
  const { op, result, args, targets, span } = instruction;
  const parts: string[] = [];
  const imm = printImmediate(instruction);
  if (imm !== undefined) parts.push(imm);
  for (const arg of args) parts.push(`v${arg}`);
  for (const target of targets) parts.push(`b${target.block}(${target.args.map(arg => `v${arg}`).join(', ')})`);
  const head = result === undefined ? op : `${define(result)} = ${op}`;
  const body = parts.length === 0 ? '' : ` ${parts.join(', ')}`;
  return `${head}${body} @${span.start}:${span.end}`;
}

function printImmediate(instruction: Instruction): string | undefined {
  const { imm } = instruction;
  const kind = IR_OPS[instruction.op].imm;
  switch (kind) {
    case 'none':
      return undefined;
    case 'number':
      return printNumber(imm as number);
    case 'integer':
    case 'function':
    case 'tool':
    case 'boolean':
      return String(imm);
    case 'text':
    case 'name':
    case 'names':
      return JSON.stringify(imm);
    case 'shape':
      return imm instanceof Shape ? JSON.stringify([imm.typeName, ...imm.names]) : '[]';
    case 'callee': {
      const { callee, name } = imm as CalleeImmediate;
      return `${callee}:${JSON.stringify(name)}`;
    }
    default:
      return unreachable(kind);
  }
}

/** A double such that reading it back gives the same bits; the NaNs of the language are all one. */
export function printNumber(n: number): string {
  if (Object.is(n, -0)) return '-0';
  if (Number.isNaN(n)) return 'nan';
  if (n === Number.POSITIVE_INFINITY) return 'inf';
  if (n === Number.NEGATIVE_INFINITY) return '-inf';
  return String(n);
}
