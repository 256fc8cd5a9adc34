// Statements about what several names share: what holds a value, or an older version of it, must not see a change of a newer one.
import { listOf, NUM, TEXT, type Type } from '../../../src/core/type.ts';
import { type Context, freshName, inner, newType } from './context.ts';
import { list, recordNamed } from './leaves.ts';
import { assemble, leaf, type Node } from './tree.ts';

/** Something new that is put into something else, and changed afterwards: what holds it must not see the change. */
export function keptAndChanged(context: Context): readonly Node[] {
  const { choose } = context.world;
  const of = choose.pick([NUM, TEXT, newType(context, 1)]);
  const type = choose.pick<Type>([listOf(of), listOf(of), { kind: 'map', key: TEXT, value: of }]);
  const [held, holder] = [freshName(context.world, 'v'), freshName(context.world, 'v')];
  const key = leaf('text', TEXT, '"a"');
  const change = (): Node =>
    type.kind === 'map'
      ? assemble(
          'statement',
          'put into itself',
          undefined,
          [`${held}=mset ${held} `, ' ', ''],
          [key, inner(context, of)],
        )
      : choose.chance(30)
        ? assemble('statement', 'lst', undefined, [`${held}=lst ${held} 0 `, ''], [inner(context, of)])
        : assemble('statement', 'append to itself', undefined, [`${held}=+=${held} `, ''], [inner(context, of)]);
  const first =
    type.kind === 'map'
      ? assemble('expression', 'mset', type, ['(mset mmap ', ' ', ')'], [key, inner(context, of)])
      : list(type, [inner(context, of)]);
  const made = assemble('statement', 'let', undefined, [`${held}= `, ''], [first]);
  context.variables.push({ name: held, type, fixed: false });
  const open = choose.pick(['[', '(~', '(mset mmap "k" ', '(any ', '']);
  const close = open === '' ? '' : open === '[' ? ']' : ')';
  const kept = assemble('statement', 'kept', undefined, [`${holder}= ${open}${held}${close}`], []);
  const before = choose.chance(50) ? [change()] : [];
  const shown = assemble('statement', 'prnt', undefined, [`prnt ${holder}`], []);
  return [made, ...before, kept, change(), shown];
}

/**
 * Two new versions of a list or a record of numbers, and a number of what is in all three: none may see the change of another. Without
 * output, so that machine code is made of it.
 */
export function versions(context: Context): readonly Node[] | undefined {
  const { choose, records } = context.world;
  const isNumbers = (type: Type): boolean =>
    type.kind === 'list'
      ? type.of.kind === 'num'
      : type.kind === 'named' && recordNamed(records, type.name).fields[0]?.type.kind === 'num';
  const found = context.variables.filter(({ type }) => isNumbers(type));
  if (found.length === 0) return undefined;
  const { name, type } = choose.pick(found);
  const field = type.kind === 'named' ? recordNamed(records, type.name).fields[0]!.name : undefined;
  const version = (of: string): Node => {
    const made = freshName(context.world, 'v');
    context.variables.push({ name: made, type, fixed: false });
    const pieces =
      field !== undefined
        ? [`${made}=${of} with ${field}:`, '']
        : choose.chance(60)
          ? [`${made}=lst ${of} 0 `, '']
          : [`${made}=+=${of} `, ''];
    return assemble('statement', 'version', undefined, pieces, [inner(context, NUM)]);
  };
  const first = version(name);
  const one = context.variables.at(-1)!.name;
  const second = version(choose.pick([name, name, one]));
  const other = context.variables.at(-1)!.name;
  const seen = (of: string): string =>
    field !== undefined ? `${of}.${field}` : choose.chance(60) ? `${of}.0` : `(len ${of})`;
  const total = freshName(context.world, 'v');
  const sum = `${total}=+ ${seen(name)} + ${seen(one)} ${seen(other)}`;
  context.variables.push({ name: total, type: NUM, fixed: false });
  return [first, second, assemble('statement', 'sum of versions', undefined, [sum], [])];
}
