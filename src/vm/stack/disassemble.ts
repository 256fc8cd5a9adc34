// Stack bytecode as text, for `--dump=bc` and tests: one instruction a line behind the index of its first word. Slots are written
// `%0`, constants as JSON, targets `-> 12`, everything that has a name by its name.
import type { StackOperand } from '../../spec/stack-ops.ts';
import { STACK_OP_NAMES } from '../../spec/stack-ops.ts';
import { ROWS, type StackCode } from './code.ts';

/** All functions of a bytecode that the checker accepts. */
export function disassembleStack(code: StackCode): string {
  return code.functions.map((_, index) => disassembleFunction(code, index)).join('\n');
}

function disassembleFunction(code: StackCode, index: number): string {
  const fn = code.functions[index]!;
  const end = code.functions[index + 1]?.entry ?? code.words.length;
  const lines = [`fn ${fn.name} params ${fn.params} slots ${fn.slots}`];
  for (let pc = fn.entry; pc < end; ) {
    const number = code.words[pc]!;
    const { operands } = ROWS[number]!;
    const words = operands.map((kind, i) => showOperand(code, kind, code.words[pc + 1 + i]!));
    lines.push(`${String(pc).padStart(6)}  ${[STACK_OP_NAMES[number], ...words].join(' ')}`);
    pc += 1 + operands.length;
  }
  return `${lines.join('\n')}\n`;
}

function showOperand(code: StackCode, kind: StackOperand, word: number): string {
  switch (kind) {
    case 'constant':
    case 'number': {
      const value = code.constants[word]!;
      if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
      return JSON.stringify(value);
    }
    case 'name':
      return code.names[word]!;
    case 'names':
      return `{${code.nameLists[word]!.join(' ')}}`;
    case 'layout': {
      const { shape, order } = code.layouts[word]!;
      return `${shape.typeName}{${order.map(place => shape.names[place]).join(' ')}}`;
    }
    case 'slot':
    case 'loop':
      return `%${word}`;
    case 'target':
      return `-> ${word}`;
    case 'function':
      return code.functions[word]!.name;
    case 'tool':
      return code.tools[word]!.name;
    case 'count':
    case 'index':
    case 'bytes':
      return String(word);
  }
}
