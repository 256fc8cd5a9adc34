// The arguments of a call of a tool of `ilo mcp`, checked against what its schema promises. What is wrong is said so that a model can mend it.
import type { Data } from '../../embed/api.ts';
import { ENGINES } from '../../runtime/engines.ts';
import { type Limits, LONGEST_PROGRAM } from './definitions.ts';
import type { RunArguments } from './program.ts';
import { RPC, RpcError } from './rpc.ts';

const NAMES: Readonly<Record<string, readonly string[]>> = {
  check: ['program'],
  run: ['program', 'function', 'args', 'limits', 'engine'],
  explain: ['subject'],
  search_builtins: ['query', 'limit'],
};

/** The arguments of a tool, or what is wrong with their names. */
export function readArguments(
  tool: string,
  given: unknown,
): { readonly ok: ArgumentReader } | { readonly problem: string } {
  if (!isObject(given)) return { problem: '`arguments` must be an object' };
  const known = NAMES[tool]!;
  const unknown = Object.keys(given).find(name => !known.includes(name));
  if (unknown !== undefined)
    return { problem: `\`${tool}\` has no argument \`${unknown}\`; it has ${known.join(', ')}` };
  return { ok: new ArgumentReader(given) };
}

/** Reads arguments by name. Throws an RpcError for one of another type. */
export class ArgumentReader {
  private readonly given: Readonly<Record<string, unknown>>;

  constructor(given: Readonly<Record<string, unknown>>) {
    this.given = given;
  }

  text(name: string): string {
    const value = this.own(name);
    if (typeof value !== 'string') return refuse(`\`${name}\` must be a text`);
    if (value.length > LONGEST_PROGRAM) return refuse(`\`${name}\` may have ${LONGEST_PROGRAM} characters`);
    return value.toWellFormed();
  }

  program(): string {
    return this.text('program');
  }

  count(name: string, usual: number, most: number): number {
    const value = this.own(name) ?? usual;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 1)
      return refuse(`\`${name}\` must be a whole number from 1`);
    return Math.min(value, most);
  }

  run(most: Limits): RunArguments {
    const name = this.own('function');
    const engine = this.own('engine');
    const args = this.own('args') ?? [];
    if (name !== undefined && typeof name !== 'string') return refuse('`function` must be a text');
    if (!Array.isArray(args)) return refuse('`args` must be a list with a value for each parameter');
    if (engine !== undefined && !ENGINES.some(known => known.name === engine))
      return refuse(`\`engine\` must be one of ${ENGINES.map(known => known.name).join(', ')}`);
    return {
      program: this.program(),
      function: name,
      args: args as Data[],
      limits: this.limits(most),
      engine: engine as string | undefined,
    };
  }

  private limits(most: Limits): Partial<Limits> {
    const given = this.own('limits') ?? {};
    if (!isObject(given)) return refuse('`limits` must be an object');
    for (const [name, value] of Object.entries(given)) {
      if (!Object.hasOwn(most, name))
        return refuse(`\`limits\` has no \`${name}\`; it has ${Object.keys(most).join(', ')}`);
      const maximum = most[name as keyof Limits];
      if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > maximum)
        return refuse(`\`limits.${name}\` must be a whole number from 1 to ${maximum}`);
    }
    return given as Partial<Limits>;
  }

  private own(name: string): unknown {
    return Object.hasOwn(this.given, name) ? this.given[name] : undefined;
  }
}

function refuse(problem: string): never {
  throw new RpcError(RPC.params, problem);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
