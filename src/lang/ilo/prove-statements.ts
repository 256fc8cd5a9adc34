// Blocks for the prover. The value of a block is that of the last statement that gave one, so a statement that may give
// none lets the value before it through.
import { ANY, NIL, NUM, type Type } from '../../core/type.ts';
import type { Arm, Pattern, Stmt } from './ast.ts';
import { join, NEVER } from './prove-types.ts';
import { assign, exit, exitLoop, type Prover, readField, type Unit, withExit } from './prove-units.ts';
import { TESTED } from './verify-match.ts';

/** The proven type of a block's value. */
export function proveBlock(prover: Prover, unit: Unit, statements: readonly Stmt[]): Type {
  let last: Type = NIL;
  for (const statement of statements) {
    last = proveStatement(prover, unit, statement, last);
    if (statement.kind === 'return' || statement.kind === 'break') break;
  }
  return unit.givenUp ? ANY : last;
}

function proveStatement(prover: Prover, unit: Unit, statement: Stmt, before: Type): Type {
  switch (statement.kind) {
    case 'let':
      assign(prover, statement.name, prover.infer(prover, unit, statement.value));
      return before;
    case 'destructure': {
      const value = prover.infer(prover, unit, statement.value);
      for (const { name } of statement.names) {
        const type = value.kind === 'named' ? readField(prover, unit, value.name, name) : value === NEVER ? NEVER : ANY;
        assign(prover, name, unit.givenUp ? ANY : type);
      }
      return before;
    }
    case 'guard': {
      prover.infer(prover, unit, statement.condition);
      const { otherwise } = statement;
      if (otherwise) {
        const { value, left } = withExit(prover, false, () =>
          join(proveBlock(prover, unit, statement.body), proveBlock(prover, unit, otherwise)),
        );
        return join(value, left);
      }
      const then = proveBlock(prover, unit, statement.body);
      if (!statement.braceless) return join(before, then);
      exit(prover, then);
      return before;
    }
    case 'match': {
      const subject = statement.subject ? prover.infer(prover, unit, statement.subject) : ANY;
      return proveArms(prover, unit, statement.arms, subject, before);
    }
    case 'foreach': {
      const list = prover.infer(prover, unit, statement.collection);
      assign(prover, statement.name, list.kind === 'list' ? list.of : list === NEVER ? NEVER : ANY);
      return proveLoop(prover, unit, statement.body);
    }
    case 'range':
      prover.infer(prover, unit, statement.from);
      prover.infer(prover, unit, statement.to);
      assign(prover, statement.name, unit.givenUp ? ANY : NUM);
      return proveLoop(prover, unit, statement.body);
    case 'while':
      prover.infer(prover, unit, statement.condition);
      return proveLoop(prover, unit, statement.body);
    case 'return': {
      const value = prover.infer(prover, unit, statement.value);
      exit(prover, value);
      return value;
    }
    case 'break': {
      const value = statement.value ? prover.infer(prover, unit, statement.value) : NIL;
      exitLoop(prover, value);
      return value;
    }
    case 'continue':
      return NIL;
    case 'expr':
      return prover.infer(prover, unit, statement.value);
  }
}

function proveLoop(prover: Prover, unit: Unit, statements: readonly Stmt[]): Type {
  const { value, left } = withExit(prover, true, () => proveBlock(prover, unit, statements));
  return join(NIL, join(value, left));
}

/** The value of a match: of any arm, or `otherwise` when none of them need fit. */
export function proveArms(prover: Prover, unit: Unit, arms: readonly Arm[], subject: Type, otherwise: Type): Type {
  let type = coversAll(arms, subject) ? NEVER : otherwise;
  for (const arm of arms) {
    bindPattern(prover, unit, arm.pattern, subject);
    type = join(type, proveBlock(prover, unit, arm.body));
  }
  return type;
}

function coversAll(arms: readonly Arm[], subject: Type): boolean {
  const has = (test: (pattern: Pattern) => boolean): boolean => arms.some(arm => test(arm.pattern));
  if (has(({ kind }) => kind === 'wildcard')) return true;
  if (subject.kind === 'result') return has(({ kind }) => kind === 'ok') && has(({ kind }) => kind === 'err');
  const hasLiteral = (value: boolean): boolean => has(pattern => pattern.kind === 'literal' && pattern.value === value);
  return subject.kind === 'bool' && hasLiteral(true) && hasLiteral(false);
}

/** Notes what the names of a pattern may hold. */
function bindPattern(prover: Prover, unit: Unit, pattern: Pattern, subject: Type): void {
  const bind = (name: string, type: Type): void => assign(prover, name, unit.givenUp ? ANY : type);
  switch (pattern.kind) {
    case 'ok':
      bind(pattern.name, subject.kind === 'result' ? subject.ok : subject === NEVER ? NEVER : ANY);
      return;
    case 'err':
      bind(pattern.name, subject.kind === 'result' ? subject.err : subject === NEVER ? NEVER : ANY);
      return;
    case 'wildcard':
      bind('_', subject);
      return;
    case 'is':
      bind(pattern.name, TESTED[pattern.type]);
      return;
    case 'literal':
      return;
  }
}
