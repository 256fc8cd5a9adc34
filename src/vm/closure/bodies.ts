// The body of a function as code that gives its value. Where control ends in a `return`, nothing has to be passed back through
// completions: statements run, guards choose, and the expression of the `return` is the code that is called last.
import type { CoreExpr, CoreStmt } from '../../core/core.ts';
import { type Action, type Code, type Compiler, RETURN } from './code.ts';
import { compileBranch } from './primitives.ts';
import { compileSelect } from './select.ts';
import { joinActions } from './sequence.ts';
import { compileStatement } from './statements.ts';

/** One part of a body: something to do, or a way out when a test holds. */
type Part =
  | { readonly kind: 'actions'; readonly actions: Action[] }
  | { readonly kind: 'guards'; readonly guards: Guard[] };

interface Guard {
  readonly test: CoreExpr;
  readonly then: Code;
}

/** Bodies of more alternating parts are run as blocks, so that what they nest does not grow with their length. */
const MOST_PARTS = 12;

/** The body of a function: gives what it returns, nil where it returns nothing. */
export function compileBody(block: readonly CoreStmt[], compiler: Compiler): Code {
  const parts: Part[] = [];
  for (const stmt of straightened(block)) {
    if (parts.length > MOST_PARTS) return withCompletions(block, compiler);
    if (stmt.kind === 'return') return chain(parts, compiler.value(stmt.value), compiler);
    if (isGuard(stmt)) {
      addGuards(
        parts,
        stmt.arms.map(arm => ({ test: arm.test, then: compileBody(arm.body, compiler) })),
      );
    } else {
      const piece = compileStatement(stmt, compiler);
      if (piece.leaves) return withCompletions(block, compiler);
      addAction(parts, piece.run);
    }
  }
  return chain(parts, () => null, compiler);
}

/** The statements of a block; after a guard those of its `otherwise`, since they run when the guard lets control through. */
function straightened(block: readonly CoreStmt[]): Iterable<CoreStmt> {
  return block.some(isGuard) ? withGuardsOpened(block) : block;
}

function* withGuardsOpened(block: readonly CoreStmt[]): Generator<CoreStmt> {
  const open = [block.values()];
  for (let statements = open.at(-1); statements !== undefined; statements = open.at(-1)) {
    const { value: stmt, done } = statements.next();
    if (done) {
      open.pop();
    } else {
      yield stmt;
      if (isGuard(stmt)) open.push(stmt.otherwise.values());
    }
  }
}

/** A condition whose arms all return. */
function isGuard(stmt: CoreStmt): stmt is CoreStmt & { kind: 'cond' } {
  return stmt.kind === 'cond' && stmt.arms.every(arm => alwaysReturns(arm.body));
}

/** The parts one after the other, then `end`. */
function chain(parts: readonly Part[], end: Code, compiler: Compiler): Code {
  return parts.reduceRight(
    (rest, part) => (part.kind === 'actions' ? thenCode(part.actions, rest) : guarded(part.guards, rest, compiler)),
    end,
  );
}

function addAction(parts: Part[], action: Action): void {
  const last = parts.at(-1);
  if (last?.kind === 'actions') last.actions.push(action);
  else parts.push({ kind: 'actions', actions: [action] });
}

function addGuards(parts: Part[], guards: Guard[]): void {
  const last = parts.at(-1);
  if (last?.kind !== 'guards') parts.push({ kind: 'guards', guards });
  else for (const guard of guards) last.guards.push(guard);
}

/** Looks at last statements only, so it is quick on long blocks. */
function alwaysReturns(block: readonly CoreStmt[]): boolean {
  const last = block.at(-1);
  if (last?.kind === 'cond') return alwaysReturns(last.otherwise) && last.arms.every(arm => alwaysReturns(arm.body));
  return last?.kind === 'return';
}

/** A body as a block, for where `return` stands inside loops or between other statements. */
function withCompletions(block: readonly CoreStmt[], compiler: Compiler): Code {
  const { state } = compiler;
  const piece = compiler.block(block);
  const { run } = piece;
  return f => (run(f) === RETURN ? state.returned : null);
}

function thenCode(actions: readonly Action[], rest: Code): Code {
  const [a, b, c] = actions;
  if (b === undefined) {
    return f => {
      a!(f);
      return rest(f);
    };
  }
  if (c === undefined) {
    return f => {
      a!(f);
      b(f);
      return rest(f);
    };
  }
  if (actions.length === 3) {
    return f => {
      a!(f);
      b(f);
      c(f);
      return rest(f);
    };
  }
  const all = joinActions(actions);
  return f => {
    all(f);
    return rest(f);
  };
}

/** One guard is a branch; several try their tests in one function, which is quicker than to nest branches (measured). */
function guarded(guards: readonly Guard[], rest: Code, compiler: Compiler): Code {
  const [first, second, third] = guards;
  if (second === undefined) return compileBranch(first!.test, first!.then, rest, compiler);
  if (third === undefined) {
    const test = compiler.test(first!.test);
    const testSecond = compiler.test(second.test);
    const { then } = first!;
    const { then: thenSecond } = second;
    return f => (test(f) ? then(f) : testSecond(f) ? thenSecond(f) : rest(f));
  }
  const select = compileSelect(
    guards.map(guard => guard.test),
    compiler,
  );
  const ways = [...guards.map(guard => guard.then), rest];
  return f => ways[select(f)]!(f);
}
