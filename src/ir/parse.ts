// Reads the text form of the IR (print.ts), for tests: of passes, which are written as texts, and of printing, which must lose nothing.
// A malformed text ends in an IrSyntaxError with its line; what is well formed but wrong is verify.ts's to find.
import { Shape } from '../core/value/record.ts';
import { IR_OPS, type IrOp, type IrType } from '../spec/ir-ops.ts';
import type { Block, Immediate, Instruction, IrFunction, IrUnit, Target, ValueId } from './ir.ts';

export class IrSyntaxError extends Error {
  override name = 'IrSyntaxError';
  readonly line: number;

  constructor(line: number, problem: string) {
    super(`line ${line}: ${problem}`);
    this.line = line;
  }
}

const TYPES: readonly string[] = ['num', 'int', 'bool', 'any', 'text', 'list', 'record', 'result', 'fn', 'nil'];

/** Parses a whole unit. Throws IrSyntaxError. */
export function parseIr(text: string): IrUnit {
  const functions: IrFunction[] = [];
  const tools: string[] = [];
  const lines = text.split('\n');
  let at = 0;
  while (at < lines.length) {
    const line = lines[at]!;
    if (line.trim() === '') {
      at++;
    } else if (line.startsWith('tool ')) {
      tools.push(line.slice('tool '.length));
      at++;
    } else {
      const end = endOfFunction(lines, at);
      functions.push(new FunctionParser(lines, at, end).parse());
      at = end;
    }
  }
  return { functions, tools };
}

function endOfFunction(lines: readonly string[], start: number): number {
  let end = start + 1;
  while (end < lines.length && !lines[end]!.startsWith('fn ') && !lines[end]!.startsWith('tool ')) end++;
  return end;
}

class FunctionParser {
  private readonly lines: readonly string[];
  private readonly start: number;
  private readonly end: number;
  private readonly types: IrType[] = [];
  private readonly names = new Map<ValueId, string>();
  private scanner: LineScanner;

  constructor(lines: readonly string[], start: number, end: number) {
    this.lines = lines;
    this.start = start;
    this.end = end;
    this.scanner = new LineScanner(lines[start]!, start + 1);
  }

  parse(): IrFunction {
    const header = this.scanner;
    header.expect('fn ');
    const name = header.until('(');
    header.expect('(');
    const params = header.list(')', () => this.promise(header));
    header.expect(' -> ');
    const result = this.promise(header);
    const of = header.take(' of ') ? header.natural() : undefined;
    header.finish();
    const blocks: { params: ValueId[]; code: Instruction[] }[] = [];
    for (let i = this.start + 1; i < this.end; i++) {
      const line = this.lines[i]!;
      if (line.trim() === '') continue;
      this.scanner = new LineScanner(line, i + 1);
      if (line.startsWith('  ')) {
        const block = blocks[blocks.length - 1];
        if (!block) throw this.scanner.error('an instruction stands outside a block');
        this.scanner.expect('  ');
        block.code.push(this.instruction());
      } else {
        this.scanner.expect(`b${blocks.length}(`);
        const blockParams = this.scanner.list(')', () => this.definition());
        this.scanner.expect(':');
        this.scanner.finish();
        blocks.push({ params: blockParams, code: [] });
      }
    }
    if (blocks.length === 0) throw header.error('a function has at least one block');
    for (const block of blocks) {
      if (block.code.length === 0) throw header.error('a block has at least one instruction');
    }
    for (let value = 0; value < this.types.length; value++) this.types[value] ??= 'nil';
    return {
      name,
      params: params.map(param => param.type),
      result: result.type,
      declared: params.map(param => param.declared),
      declaredResult: result.declared,
      of,
      types: this.types,
      names: this.names,
      blocks: blocks as readonly Block[],
    };
  }

  /** A type, and what is promised where that is something else. */
  private promise(scanner: LineScanner): { readonly type: IrType; readonly declared: IrType } {
    const type = this.type(scanner);
    return { type, declared: scanner.take(' as ') ? this.type(scanner) : type };
  }

  private type(scanner: LineScanner): IrType {
    const word = scanner.word();
    if (!TYPES.includes(word)) throw scanner.error(`'${word}' is no type`);
    return word as IrType;
  }

  private definition(): ValueId {
    const { scanner } = this;
    const value = this.value();
    if (scanner.take(':')) this.names.set(value, scanner.until(' '));
    scanner.expect(' ');
    this.types[value] = this.type(scanner);
    return value;
  }

  private value(): ValueId {
    this.scanner.expect('v');
    const value = this.scanner.natural();
    // A number far beyond the text's own length can only be damage; it must not size an array.
    if (value > 1e7) throw this.scanner.error(`v${value} is too large a value number`);
    return value;
  }

  private instruction(): Instruction {
    const { scanner } = this;
    const result = scanner.looksLikeDefinition() ? this.definition() : undefined;
    if (result !== undefined) scanner.expect(' = ');
    const word = scanner.word();
    if (!Object.hasOwn(IR_OPS, word)) throw scanner.error(`'${word}' is no instruction`);
    const op = word as IrOp;
    const row = IR_OPS[op];
    const args: ValueId[] = [];
    const targets: Target[] = [];
    let imm: Immediate;
    let first = true;
    while (!scanner.peek(' @')) {
      scanner.expect(first ? ' ' : ', ');
      if (first && row.imm !== 'none') imm = this.immediate(row.imm);
      else if (scanner.peek('b')) targets.push(this.target());
      else args.push(this.value());
      first = false;
    }
    if (row.imm !== 'none' && imm === undefined) throw scanner.error(`${op} needs an immediate`);
    scanner.expect(' @');
    const start = scanner.natural();
    scanner.expect(':');
    const end = scanner.natural();
    scanner.finish();
    return { op, result, args, imm, targets, span: { start, end } };
  }

  private target(): Target {
    this.scanner.expect('b');
    const block = this.scanner.natural();
    this.scanner.expect('(');
    return { block, args: this.scanner.list(')', () => this.value()) };
  }

  private immediate(kind: Exclude<(typeof IR_OPS)[IrOp]['imm'], 'none'>): Immediate {
    const { scanner } = this;
    switch (kind) {
      case 'number':
        return scanner.number();
      case 'integer':
        return scanner.integer();
      case 'function':
      case 'tool':
        return scanner.natural();
      case 'boolean': {
        const word = scanner.word();
        if (word !== 'true' && word !== 'false') throw scanner.error(`'${word}' is not true or false`);
        return word === 'true';
      }
      case 'callee': {
        const callee = scanner.number();
        scanner.expect(':');
        return { callee, name: scanner.json('string') as string };
      }
      case 'shape': {
        const [typeName, ...names] = scanner.json('texts') as string[];
        return new Shape(typeName ?? '', names);
      }
      case 'names':
        return scanner.json('texts') as string[];
      default:
        return scanner.json('string') as string;
    }
  }
}

/** One line and a place in it. */
class LineScanner {
  private readonly text: string;
  private readonly line: number;
  private at = 0;

  constructor(text: string, line: number) {
    this.text = text;
    this.line = line;
  }

  error(problem: string): IrSyntaxError {
    return new IrSyntaxError(this.line, problem);
  }

  peek(text: string): boolean {
    return this.text.startsWith(text, this.at);
  }

  take(text: string): boolean {
    if (!this.peek(text)) return false;
    this.at += text.length;
    return true;
  }

  expect(text: string): void {
    if (!this.take(text)) throw this.error(`expected '${text}' at column ${this.at + 1}`);
  }

  finish(): void {
    if (this.at !== this.text.length) throw this.error(`nothing may follow at column ${this.at + 1}`);
  }

  until(stop: string): string {
    const end = this.text.indexOf(stop, this.at);
    if (end < 0) throw this.error(`expected '${stop}'`);
    const found = this.text.slice(this.at, end);
    this.at = end;
    return found;
  }

  word(): string {
    return this.match(/[a-z.]+/y, 'a word');
  }

  natural(): number {
    return Number(this.match(/\d{1,9}/y, 'a number'));
  }

  /** A whole number of 64 bits. */
  integer(): bigint {
    const value = BigInt(this.match(/-?\d{1,20}/y, 'a whole number'));
    if (BigInt.asIntN(64, value) !== value) throw this.error(`${value} has more than 64 bits`);
    return value;
  }

  number(): number {
    const text = this.match(/-?(?:inf|nan|\d+(?:\.\d+)?(?:e[+-]\d+)?)/y, 'a number');
    if (text === 'nan') return Number.NaN;
    if (text.endsWith('inf')) return text === 'inf' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    return Number(text);
  }

  looksLikeDefinition(): boolean {
    return /v\d/y.test(this.text.slice(this.at, this.at + 2));
  }

  list<Item>(close: string, item: () => Item): Item[] {
    const items: Item[] = [];
    if (this.take(close)) return items;
    for (;;) {
      items.push(item());
      if (this.take(close)) return items;
      this.expect(', ');
    }
  }

  /** A JSON string, or a JSON array of strings. */
  json(shape: 'string' | 'texts'): unknown {
    const string = /"(?:[^"\\]|\\.)*"/y;
    const texts = /\[(?:"(?:[^"\\]|\\.)*"(?:,"(?:[^"\\]|\\.)*")*)?\]/y;
    const text = this.match(shape === 'string' ? string : texts, shape === 'string' ? 'a text' : 'a list of texts');
    try {
      return JSON.parse(text);
    } catch {
      throw this.error(`${text} is damaged`);
    }
  }

  private match(pattern: RegExp, what: string): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) throw this.error(`expected ${what} at column ${this.at + 1}`);
    this.at += found.length;
    return found;
  }
}
