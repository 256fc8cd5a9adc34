// Matches, as values and as statements: the same arms with other bodies.
import { ANY, BOOL, NUM, optionalOf, resultOf, TEXT, type Type } from '../../../src/core/type.ts';
import { type Context, freshName, inner, inScope, newType } from './context.ts';
import { assemble, type Node, sequence } from './tree.ts';
import { COLOURS } from './types.ts';

/** What stands behind the colon of an arm. */
type MakeBody = (context: Context) => Node;

/** Subject and arms, without the parentheses around a value. */
function match(context: Context, makeBody: MakeBody): readonly Node[] {
  const { choose } = context.world;
  const armOf = (pattern: string, bound?: Type): Node =>
    inScope(context, around => {
      let text = pattern;
      if (bound !== undefined) {
        const name = freshName(context.world, 'm');
        around.variables.push({ name, type: bound, fixed: false });
        text += name;
      }
      return assemble('arm', `arm ${pattern.trim()}`, undefined, [`${text}:`, ''], [makeBody(around)]);
    });
  const subject = (type: Type, arms: () => readonly Node[]): readonly Node[] => [
    inner(context, type),
    sequence('items', '', ['', ';', ''], arms()),
  ];
  switch (choose.below(7)) {
    case 0: {
      const ok = newType(context);
      return subject(resultOf(ok, TEXT), () => {
        const arms = [armOf('~', ok), armOf('^', TEXT)];
        return choose.chance(30) ? arms.reverse() : arms;
      });
    }
    case 1:
      return subject(optionalOf(NUM), () =>
        choose.chance(50) ? [armOf('n ', NUM), armOf('_')] : [armOf('nil'), armOf('_')],
      );
    case 2:
      return subject(BOOL, () => [armOf('true'), armOf('false')]);
    case 3:
      return subject(NUM, () => [
        ...choose.pick([['0'], ['1', '2'], ['0', '-1', '2.5', '1']]).map(text => armOf(text)),
        armOf('_'),
      ]);
    case 4:
      return subject(TEXT, () => [...choose.pick([['""'], ['"a"', '"b"']]).map(text => armOf(text)), armOf('_')]);
    case 5:
      return subject(COLOURS, () => [armOf('red'), armOf('"green"'), armOf('blue'), armOf('_')]);
    default:
      return subject(ANY, () => {
        const kinds = (
          [
            ['n ', NUM],
            ['t ', TEXT],
            ['b ', BOOL],
            ['l ', { kind: 'list', of: ANY }],
            ['~', ANY],
            ['^', ANY],
          ] as const
        ).filter(() => choose.chance(45));
        return [...kinds.map(([pattern, type]) => armOf(pattern, type)), armOf('_')];
      });
  }
}

export function matchExpression(context: Context, type: Type): Node {
  const [subject, arms] = match(context, around => inner(around, type));
  return assemble('expression', 'match', type, ['(?(', '){', '})'], [subject!, arms!]);
}

/** `makeBlock` makes the statements of an arm. */
export function matchStatement(context: Context, makeBlock: MakeBody): Node {
  const [subject, arms] = match(context, around => assemble('items', '', undefined, ['{', '}'], [makeBlock(around)]));
  return assemble('statement', 'match statement', undefined, ['?(', '){', '}'], [subject!, arms!]);
}
