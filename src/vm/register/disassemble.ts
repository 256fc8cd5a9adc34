// Register code as text: one line per instruction, with what indexes stand for, and which words it takes.
import { REGISTER_OPS, type RegisterOperand, readOperand } from '../../spec/register-ops.ts';
import type { RegisterFunction, RegisterUnit } from './code.ts';

/** All functions of a unit. */
export function disassemble(unit: RegisterUnit): string {
  return unit.functions.map(fn => disassembleFunction(unit, fn)).join('\n');
}

export function disassembleFunction(unit: RegisterUnit, fn: RegisterFunction): string {
  const lines = [`${fn.name}: ${fn.params} arguments, ${fn.frame} registers`];
  for (let pc = fn.start; pc < fn.end; ) {
    const row = REGISTER_OPS[unit.code[pc]! & 255];
    lines.push(`  ${String(pc).padStart(4)}  ${disassembleAt(unit, pc)}`);
    pc += row?.width ?? 1;
  }
  return `${lines.join('\n')}\n`;
}

/** One instruction. */
export function disassembleAt(unit: RegisterUnit, pc: number): string {
  const row = REGISTER_OPS[unit.code[pc]! & 255];
  if (row === undefined) return `? ${unit.code[pc]! >>> 0}`;
  const shown = row.operands.filter(({ role }) => role !== 'size' && role !== 'site');
  const operands = shown.map(operand => showOperand(unit, operand, readOperand(unit.code, pc, operand.place)));
  return `${row.name.padEnd(14)} ${operands.join(', ')}`.trimEnd();
}

function showOperand(unit: RegisterUnit, operand: RegisterOperand, value: number): string {
  switch (operand.role) {
    case 'def':
    case 'use':
    case 'slot':
      return `r${value}`;
    case 'target':
      return `-> ${value}`;
    case 'list': {
      const count = unit.lists[value] ?? 0;
      const registers = [...unit.lists.subarray(value + 1, value + 1 + count)];
      return `(${registers.map(register => `r${register}`).join(' ')})`;
    }
    case 'constant':
      return JSON.stringify(unit.constants[value]) ?? '?';
    case 'name':
      return JSON.stringify(unit.names[value]) ?? '?';
    case 'names':
      return (unit.fieldLists[value] ?? []).join(' ');
    case 'shape':
      return unit.shapes[value]?.typeName ?? '?';
    case 'entry':
      return unit.functions.find(fn => fn.start === value)?.name ?? '?';
    case 'closure':
      return unit.closures[value] ?? '?';
    case 'builtin':
      return unit.builtins[value] ?? '?';
    case 'tool':
      return unit.tools[value] ?? '?';
    default:
      return String(value);
  }
}
