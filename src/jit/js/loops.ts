// `map`, `flt` and `fld` with a function of the program that is plain to see: the builtin's loop is written in place, so that V8 sees one loop
// with a direct call. What is no list is left to the builtin. Only in code without limits, as in intrinsics.ts.
import type { CalleeImmediate, Instruction } from '../../ir/ir.ts';
import type { IrType } from '../../spec/ir-ops.ts';
import { beforeDot, textLiteral } from './literals.ts';
import type { Scope } from './scope.ts';

/** What loops need to know besides. */
export interface LoopScope extends Scope {
  /** The instruction that makes a value. */
  readonly definition: (value: number) => Instruction | undefined;
  readonly isBuiltin: (name: string) => boolean;
  readonly arity: (callee: number) => number;
  /** The typed version of a function. */
  readonly versionOf: (callee: number) => Version | undefined;
}

export interface Version {
  readonly index: number;
  readonly params: readonly IrType[];
  readonly result: IrType;
}

/** Items and accumulators that the function takes before its captured values. */
const OWN_ARGUMENTS: ReadonlyMap<string, number> = new Map([
  ['map', 1],
  ['flt', 1],
  ['fld', 2],
]);

/** The lines of a call of a builtin that sets `result`; `otherwise` calls the builtin. Undefined when it is not written in place. */
export function writeLoop(
  { imm, args }: Instruction,
  result: string,
  otherwise: () => string,
  scope: LoopScope,
): readonly string[] | undefined {
  const builtin = imm as string;
  const own = OWN_ARGUMENTS.get(builtin);
  if (own === undefined || args.length !== own + 1) return undefined;
  const made = scope.definition(args[0]!);
  if (made?.op !== 'fn.new') return undefined;
  const { callee, name } = made.imm as CalleeImmediate;
  if (callee < 0 || scope.isBuiltin(name) || scope.arity(callee) !== own + made.args.length) return undefined;
  const list = beforeDot(scope.name(args[1]!));
  const [item, index, items, gathered] = Array.from({ length: 4 }, scope.temporary) as [string, string, string, string];
  const captures = made.args.map(scope.name);
  const given = builtin === 'fld' ? [gathered, item, ...captures] : [item, ...captures];
  const version = scope.versionOf(callee);
  return [
    `if (${list} instanceof ${scope.helper('List')}) {`,
    `${gathered} = ${builtin === 'fld' ? scope.name(args[2]!) : '[]'};`,
    `for (${index} = 0; ${index} < ${list}.length; ${index} = ${index} + 1) {`,
    `${item} = (${items} = ${list}.items) !== undefined ? ${items}[${index}] : ${list}.get(${index});`,
    ...gather(builtin, gathered, item, callOf(callee, version, given, scope), version, scope),
    '}',
    `var ${result} = ${builtin === 'fld' ? gathered : `new ${scope.helper('List')}(${gathered})`};`,
    '} else {',
    `var ${result} = ${otherwise()};`,
    '}',
  ];
}

/** A call that goes to the typed version of a function when the arguments fit. */
function callOf(callee: number, version: Version | undefined, given: readonly string[], scope: Scope): string {
  const general = scope.call(callee, given);
  if (version === undefined) return general;
  const tests = version.params.flatMap((type, i) => {
    if (type === 'num') return `typeof ${given[i]} === "number"`;
    return type === 'bool' ? `typeof ${given[i]} === "boolean"` : [];
  });
  const typed = scope.call(version.index, given);
  return tests.length === 0 ? typed : `${tests.join(' && ')} ? ${typed} : ${general}`;
}

/** What is done with the result of a call. */
function gather(
  builtin: string,
  gathered: string,
  item: string,
  call: string,
  version: Version | undefined,
  scope: Scope,
): readonly string[] {
  if (builtin === 'map') return [`${gathered}.push(${call});`];
  if (builtin === 'fld') return [`${gathered} = ${call};`];
  const isSure = version?.result === 'bool' && version.params.every(type => type !== 'num' && type !== 'bool');
  if (isSure) return [`if (${call}) ${gathered}.push(${item});`];
  const holds = scope.temporary();
  return [
    `${holds} = ${call};`,
    `if (${holds} === true) ${gathered}.push(${item});`,
    `else if (${holds} !== false) ${scope.helper('noTruth')}(${textLiteral(builtin)}, ${holds});`,
  ];
}
