// Patterns of match arms, and how a match recognises that a `;` begins the next arm and not the next statement.
import type { Pattern } from './ast.ts';
import { atEnd, expectIdentifier, fail, nameAt, type Parser, showToken, spanFrom, startOf } from './cursor.ts';
import { numberValue, textValue } from './literals.ts';
import { Kind, Role } from './tokens.ts';

/** `~name`, `^name`, `_`, a literal, `n name` (and `t`, `b`, `l`), or the bare name of a sum type's variant. */
export function parsePattern(p: Parser): Pattern {
  const start = startOf(p);
  const index = p.position;
  switch (p.kinds[index]) {
    case Kind.tilde:
    case Kind.caret: {
      p.position++;
      const name = parseBinding(p);
      const kind = p.kinds[index] === Kind.tilde ? 'ok' : 'err';
      return { kind, name, span: spanFrom(p, start) };
    }
    case Kind.underscore:
      p.position++;
      return { kind: 'wildcard', span: spanFrom(p, start) };
    case Kind.number:
      p.position++;
      return { kind: 'literal', value: numberValue(p, index), span: spanFrom(p, start) };
    case Kind.minus: {
      if (p.kinds[index + 1] !== Kind.number) return fail(p, 'ILO-P011', 'pattern', { got: showToken(p, index) });
      p.position += 2;
      return { kind: 'literal', value: -numberValue(p, index + 1), span: spanFrom(p, start) };
    }
    case Kind.text:
      p.position++;
      return { kind: 'literal', value: textValue(p, index), span: spanFrom(p, start) };
    case Kind.true:
    case Kind.false:
      p.position++;
      return { kind: 'literal', value: p.kinds[index] === Kind.true, span: spanFrom(p, start) };
    case Kind.nil:
      p.position++;
      return { kind: 'literal', value: null, span: spanFrom(p, start) };
    case Kind.invalid:
      p.position++;
      return { kind: 'wildcard', span: spanFrom(p, start) };
    case Kind.identifier:
      return namePattern(p, start, index);
    default:
      if (atEnd(p)) return fail(p, 'ILO-P012', 'pattern', {});
      return fail(p, 'ILO-P011', 'pattern', { got: showToken(p, index) });
  }
}

function namePattern(p: Parser, start: number, index: number): Pattern {
  const name = nameAt(p, index);
  if (p.kinds[index + 1] === Kind.colon) {
    p.position++;
    return { kind: 'literal', value: name, span: spanFrom(p, start) };
  }
  const type = typeLetter(p.tokens.roles[index]!);
  if (type === undefined) return fail(p, 'ILO-P011', 'pattern', { got: showToken(p, index) });
  p.position++;
  return { kind: 'is', type, name: parseBinding(p), span: spanFrom(p, start) };
}

function typeLetter(role: number): 'num' | 'text' | 'bool' | 'list' | undefined {
  if (role === Role.n) return 'num';
  if (role === Role.t) return 'text';
  if (role === Role.b) return 'bool';
  return role === Role.l ? 'list' : undefined;
}

function parseBinding(p: Parser): string {
  if (p.kinds[p.position] === Kind.underscore) {
    p.position++;
    return '_';
  }
  return nameAt(p, expectIdentifier(p));
}

/** Whether a pattern and its `:` stand at `index`. */
export function startsArm(p: Parser, index: number): boolean {
  const { kinds } = p;
  const next = kinds[index + 1];
  const bindingThenColon = (next === Kind.identifier || next === Kind.underscore) && kinds[index + 2] === Kind.colon;
  switch (kinds[index]) {
    case Kind.caret:
    case Kind.tilde:
      return bindingThenColon;
    case Kind.minus:
      return next === Kind.number && kinds[index + 2] === Kind.colon;
    case Kind.underscore:
    case Kind.number:
    case Kind.text:
    case Kind.true:
    case Kind.false:
    case Kind.nil:
      return next === Kind.colon;
    case Kind.identifier:
      return next === Kind.colon || (bindingThenColon && typeLetter(p.tokens.roles[index]!) !== undefined);
    default:
      return false;
  }
}
