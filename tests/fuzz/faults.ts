// Faults that are put into a copy of the sources on purpose, one at a time, to see whether the fuzzer finds them:
// `npm run fuzz:faults`. Each is a mistake that somebody could make: operands swapped, a bound off by one, a charge forgotten, a register
// used again too early. `find` stands exactly once in its file, which a test holds; whoever changes such a line moves the fault along.

export interface SeededFault {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** What is wrong then. */
  readonly what: string;
}

/** The engines that a file is for: those on which to look. */
export function enginesOf({ file }: SeededFault): readonly string[] {
  const [, , folder] = file.split('/');
  if (file.startsWith('src/jit/native/batch/')) return ['batch'];
  if (file.startsWith('src/ir/')) return ['vm', 'js'];
  return [{ register: 'vm', native: 'jit' }[folder!] ?? folder!];
}

export const FAULTS: readonly SeededFault[] = [
  // ---- the IR's passes: vm and js
  {
    file: 'src/ir/passes/fold.ts',
    find: 'return b === 0 ? undefined : a / b;',
    replace: 'return a / b;',
    what: 'a division by a constant zero is folded to infinity',
  },
  {
    file: 'src/ir/passes/fold.ts',
    find: 'return Math.abs(a - b) < Number.EPSILON;',
    replace: 'return a === b;',
    what: 'constants that are nearly equal are folded to unequal',
  },
  {
    file: 'src/ir/passes/fold.ts',
    find: 'return Object.is(right, -0);',
    replace: 'return right === 0;',
    what: 'x + 0 is folded to x, so that -0 stays -0',
  },
  {
    file: 'src/ir/passes/fold.ts',
    find: 'Math.trunc(n)',
    replace: 'Math.round(n)',
    what: 'a constant bound of a range is rounded, not cut',
  },
  {
    file: 'src/ir/passes/simplify.ts',
    find: "(op === 'is.ok') === (made === 'new.ok')",
    replace: "(op === 'is.err') === (made === 'new.ok')",
    what: 'a match on a result made in sight takes the other arm',
  },
  {
    file: 'src/ir/passes/simplify.ts',
    find: 'const outcome = end.targets[0]!.block === id;',
    replace: 'const outcome = end.targets[0]!.block !== id;',
    what: 'behind a branch its condition is taken for the opposite',
  },
  {
    file: 'src/ir/passes/simplify.ts',
    find: "return op === 'charge.copy' ? kind !== 'record' : kind !== 'text' && kind !== 'list';",
    replace: "return op === 'charge.copy' ? kind !== 'record' : kind !== 'text';",
    what: 'joining lists that are known to be lists is not charged',
  },
  {
    file: 'src/ir/passes/common.ts',
    find: "return `${key} = ${typeof each.imm === 'bigint' ? each.imm : JSON.stringify(each.imm)}`;",
    replace: 'return key;',
    what: 'two reads of different fields of one record are shared',
  },
  {
    file: 'src/ir/passes/dead.ts',
    find: "return effect === 'pure' || effect === 'alloc';",
    replace: "return effect === 'pure' || effect === 'alloc' || effect === 'fault';",
    what: 'a fault does not happen when nobody uses the result',
  },
  {
    file: 'src/ir/passes/unbox.ts',
    find: 'for (const next of flowsTo.get(param) ?? []) struck.push(next);',
    replace: '',
    what: 'a variable counts as a number although a text can flow into it on a detour',
  },
  {
    file: 'src/ir/passes/roles.ts',
    find: "  'charge.join',\n  'charge.copy',\n]);",
    replace: "  'charge.join',\n  'charge.copy',\n  'list.new',\n  'record.new',\n]);",
    what: 'a list that is also an item of another list is changed in place',
  },
  {
    file: 'src/ir/passes/inline.ts',
    find: 'into.push({ ...each, imm: (each.imm as number) + 1, span });',
    replace: 'into.push({ ...each, span });',
    what: 'a call in a function that was inlined counts as less deep',
  },
  // ---- closure
  {
    file: 'src/vm/closure/arithmetic.ts',
    find: 'const subtract: ArithmeticForms = {\n  localLocal: (a, b, slow) => f => {\n    const x = f[a]!;\n    const y = f[b]!;',
    replace:
      'const subtract: ArithmeticForms = {\n  localLocal: (a, b, slow) => f => {\n    const y = f[a]!;\n    const x = f[b]!;',
    what: 'a difference of two variables has its operands swapped',
  },
  {
    file: 'src/vm/closure/objects.ts',
    find: 'if (record.shape === shape) return record.at(index);',
    replace: 'if (shape !== undefined) return record.at(index);',
    what: 'the cache of a field does not look at the shape',
  },
  {
    file: 'src/vm/closure/objects.ts',
    find: 'values[order[i]!] = given[i]!;',
    replace: 'values[i] = given[i]!;',
    what: 'fields written in another order than declared get each other’s values',
  },
  {
    file: 'src/vm/closure/loops.ts',
    find: '      f[slot] = i;\n      const completion = run(f);',
    replace: '      f[slot] = i + (i > 2 ? 1 : 0);\n      const completion = run(f);',
    what: 'the counter of a loop that may be left is wrong from its fourth round on',
  },
  // ---- stack
  {
    file: 'src/vm/stack/compile.ts',
    find: 'const state = fn.slots + 2 * scope.depth;',
    replace: 'const state = fn.slots;',
    what: 'a loop inside a loop uses the same places',
  },
  {
    file: 'src/vm/stack/expressions.ts',
    find: '  compileExpression(right, out, unit);\n  out.emit(expr.op, expr.span);',
    replace: '  compileExpression(right, out, unit);\n  out.emit(expr.op, right.span);',
    what: 'a fault of an operator points at its right operand',
  },
  {
    file: 'src/vm/stack/expressions.ts',
    find: "out.jump(expr.kind === 'and' ? 'jump.unless.keep' : expr.kind === 'or' ? 'jump.if.keep' : 'jump.some.keep', end);",
    replace: "out.jump(expr.kind === 'and' ? 'jump.unless.keep' : 'jump.if.keep', end);",
    what: '`??` takes 0, "" and false for nil',
  },
  {
    file: 'src/vm/stack/loop.ts',
    find: "const holds = typeof a === 'number' ? a <= b : operations.lessOrEqual(a, b);",
    replace: "const holds = typeof a === 'number' ? a < b : operations.lessOrEqual(a, b);",
    what: 'a branch on <= with a constant is false for equal numbers',
  },
  // ---- vm
  {
    file: 'src/vm/register/assign.ts',
    find: 'if (overlap(this.parts[first]!, this.parts[second]!)) return;',
    replace: '',
    what: 'values that are alive together share a register',
  },
  {
    file: 'src/vm/register/moves.ts',
    find: 'pending.set(reader.to, { ...reader, from: aside });',
    replace: 'pending.set(reader.to, reader);',
    what: 'variables that swap their values both get the same one',
  },
  {
    file: 'src/vm/register/loop.ts',
    find: 'case 15 /* add_ni */:\n            F[a] = F[b]! + (word >> 24);',
    replace: 'case 15 /* add_ni */:\n            F[a] = F[b]! + (word >>> 24);',
    what: 'a negative constant is added as if it were positive',
  },
  {
    file: 'src/vm/register/select-tables.ts',
    find: "'num.gt': { nn: 'lt', swapped: true, right: 'gt', left: 'lt' },",
    replace: "'num.gt': { nn: 'le', swapped: true, right: 'gt', left: 'lt' },",
    what: 'a branch on > is true for equal numbers',
  },
  {
    file: 'src/vm/register/select.ts',
    find: 'value >= min && value <= max && !Object.is(value, -0)',
    replace: 'value >= min && value <= max',
    what: 'the constant -0 becomes 0',
  },
  {
    file: 'src/vm/register/select.ts',
    find: 'const MAX_BYTE = 127;',
    replace: 'const MAX_BYTE = 128;',
    what: 'the constant 128 does not fit its byte and becomes -128',
  },
  {
    file: 'src/vm/register/straight.ts',
    find: 'F[a] = F[b]! - (word >> 24);',
    replace: 'F[a] = F[b]! - (word >>> 24);',
    what: 'a function of nothing but arithmetic subtracts a negative constant as if it were positive',
  },
  {
    file: 'src/vm/register/straight.ts',
    find: 'if (F[c] === 0) return Number.NaN;',
    replace: '',
    what: 'a division by zero in a function of nothing but arithmetic gives infinity',
  },
  // ---- js
  {
    file: 'src/jit/js/literals.ts',
    find: 'if (n < 0 || Object.is(n, -0))',
    replace: 'if (n < 0)',
    what: 'the constant -0 becomes 0',
  },
  {
    file: 'src/jit/js/intrinsics.ts',
    find: 'const whole = scope.isInteger(at) ? [] : [`${index} % 1 === 0`];',
    replace: 'const whole: string[] = [];',
    what: '`at` with an index that is not whole finds nothing',
  },
  {
    file: 'src/jit/js/moves.ts',
    find: 'return (readers.get(to) ?? 0) <= own;',
    replace: 'return (readers.get(to) ?? 0) <= own + 1;',
    what: 'a variable is set while another one still needs its old value',
  },
  {
    file: 'src/jit/js/function-emitter.ts',
    find: "if (form === 'placed') this.setPlace(each);",
    replace: "if (form === 'placed' && this.knownPlace === 0) this.setPlace(each);",
    what: 'the place of a fault is that of an operation before it',
  },
  {
    file: 'src/jit/js/fast-form.ts',
    find: 'if (this.isChanged) this.hasFailed = true;',
    replace: '',
    what: 'a round that has changed something is made again',
  },
  {
    file: 'src/jit/js/fast-form.ts',
    find: 'for (const param of this.moved()) this.write(`var v${param} = w${param};`);',
    replace: '',
    what: 'a loop that breaks off begins anew',
  },
  {
    file: 'src/jit/js/fast-form.ts',
    find: ', `${name}.changes === 0`];',
    replace: '];',
    what: 'a list that an older version leads to is changed in place',
  },
  {
    file: 'src/jit/js/helpers.ts',
    find: 'return value instanceof List ? BYTES_PER_ITEM * value.length : 0;',
    replace: 'return 0;',
    what: 'joining lists is not charged',
  },
  // ---- jit
  {
    file: 'src/jit/native/lower.ts',
    find: "if (op === 'div') this.checkZero(args[1]!, 'division', each.span);",
    replace: '',
    what: 'a division by zero in machine code gives infinity',
  },
  {
    file: 'src/jit/native/lower.ts',
    find: "return this.ownership.get(value) ?? this.constant('i', 0);",
    replace: "return this.ownership.get(value) ?? this.constant('i', 1);",
    what: 'machine code changes in place what others have, too',
  },
  {
    file: 'src/jit/native/lower.ts',
    find: "return round('even');",
    replace: "return round('floor');",
    what: '`rou` in machine code rounds down',
  },
  {
    file: 'src/jit/native/lower-values.ts',
    find: 'return this.materialise(this.isAlternative(value, flag));',
    replace: "return this.constant('i', 0);",
    what: 'what is passed on is never nil, nor an error',
  },
  {
    file: 'src/jit/native/lower-values.ts',
    find: 'this.opposite({ register: registers[flags.length - 1]! });',
    replace: '{ register: registers[flags.length - 1]! };',
    what: 'the first of two alternatives is there when the second is',
  },
  {
    file: 'src/jit/native/refine.ts',
    find: 'return { value, yes: opposite ? ANY_ALTERNATIVE : yes, no: opposite ? yes : ANY_ALTERNATIVE };',
    replace: 'return { value, yes: opposite ? ONLY.nil : yes, no: opposite ? yes : ONLY.nil };',
    what: 'what is false is taken for nil',
  },
  {
    file: 'src/jit/native/refine.ts',
    find: 'const both = alternatives | (b.get(value) ?? ANY_ALTERNATIVE);',
    replace: 'const both = alternatives;',
    what: 'what is known on one way is believed where ways meet',
  },
  // ---- code for columns
  {
    file: 'src/jit/native/batch/masks.ts',
    find: 'return sense ? this.writer.select(condition, yes, no) : this.writer.select(condition, no, yes);',
    replace: 'return this.writer.select(condition, yes, no);',
    what: 'rows get what the others have where ways meet',
  },
  {
    file: 'src/jit/native/batch/widen.ts',
    find: "carried.next = this.write({ op: 'lane.select' }, [mask, value, carried.param]);",
    replace: 'carried.next = value;',
    what: 'a row that has left a loop gets values of later rounds',
  },
  {
    file: 'src/jit/native/batch/widen.ts',
    find: "if (mask.kind === 'all') {",
    replace: "if (mask.kind !== 'register') {",
    what: 'rows are charged for ways that they do not take',
  },
  {
    file: 'src/jit/native/batch/widen.ts',
    find: "this.effect({ op: 'lane.leave' }, [this.masks.both(mask, isZero)]);",
    replace: '',
    what: 'a division by zero on lanes gives infinity',
  },
  {
    file: 'src/jit/native/batch/widen.ts',
    find: "{ op: 'lane.without' }, [inside.next, inside.param]",
    replace: "{ op: 'lane.and' }, [inside.next, inside.param]",
    what: 'what is used behind a loop is from the round before the one in which a row left',
  },
  {
    file: 'src/jit/native/batch/lane-numbers.ts',
    find: "op === 'min' ? 'lane.or' : 'lane.and', a, b",
    replace: "'lane.and', a, b",
    what: 'the smaller one of -0 and 0 is 0 on lanes',
  },
  {
    file: 'src/jit/native/batch/rows.ts',
    find: 'for (let lane = 0; lane < lanes; lane++) fuel +=',
    replace: 'for (let lane = 1; lane < lanes; lane++) fuel +=',
    what: 'what the first of the rows uses is not counted',
  },
  {
    file: 'src/jit/native/batch/rows.ts',
    find: 'maxDepth > batch.depth ?',
    replace: 'maxDepth >= batch.depth ?',
    what: 'a call on columns may nest one deeper than the limit',
  },
];
