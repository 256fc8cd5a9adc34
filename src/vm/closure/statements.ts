// Statements and blocks as pieces: an action where control always goes on after them, else a step that says how it ended.
// Whether a piece leaves is known when its parts are compiled, so a loop or a condition of plain statements asks nothing.
import type { CondArm, CoreStmt } from '../../core/core.ts';
import { fault } from '../../core/fault.ts';
import { RecordValue } from '../../core/value/record.ts';
import { describe } from '../../core/value/show.ts';
import { at } from '../calls.ts';
import { type Action, BREAK, CONTINUE, type Compiler, type Frame, type Piece, RETURN } from './code.ts';
import { compileForeach, compileRange, compileWhile } from './loops.ts';
import { compileBranch, compileSetPrimitive } from './primitives.ts';
import { compileSelect } from './select.ts';
import { asStep, plain, sequence } from './sequence.ts';

const doBreak: Piece = { leaves: true, returns: false, run: () => BREAK };
const doContinue: Piece = { leaves: true, returns: false, run: () => CONTINUE };

/** Statements one after the other. */
export function compileBlock(block: readonly CoreStmt[], compiler: Compiler): Piece {
  return sequence(block.map(stmt => compileStatement(stmt, compiler)));
}

/** A statement. */
export function compileStatement(stmt: CoreStmt, compiler: Compiler): Piece {
  switch (stmt.kind) {
    case 'set':
      return plain(compileSet(stmt, compiler));
    case 'eval':
      return plain(compiler.value(stmt.value));
    case 'return': {
      const { state } = compiler;
      const code = compiler.value(stmt.value);
      return {
        leaves: true,
        returns: true,
        run: f => {
          state.returned = code(f);
          return RETURN;
        },
      };
    }
    case 'cond':
      return compileCond(stmt, compiler);
    case 'while':
      return compileWhile(stmt, compiler);
    case 'range':
      return compileRange(stmt, compiler);
    case 'foreach':
      return compileForeach(stmt, compiler);
    case 'destructure':
      return plain(compileDestructure(stmt, compiler));
    case 'break':
      return doBreak;
    case 'continue':
      return doContinue;
  }
}

function compileSet(stmt: CoreStmt & { kind: 'set' }, compiler: Compiler): Action {
  const { slot, value } = stmt;
  if (value.kind === 'const') {
    const constant = value.value;
    return f => {
      f[slot] = constant;
    };
  }
  const fused = value.kind === 'prim' ? compileSetPrimitive(slot, value, compiler) : undefined;
  if (fused) return fused;
  const code = compiler.value(value);
  return f => {
    f[slot] = code(f);
  };
}

function compileDestructure(stmt: CoreStmt & { kind: 'destructure' }, compiler: Compiler): Action {
  const { names, slots, span } = stmt;
  const code = compiler.value(stmt.value);
  return f => {
    const record = code(f);
    if (!(record instanceof RecordValue)) {
      throw at(fault('ILO-R005', 'destructure', { value: describe(record) }), span);
    }
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!;
      const value = record.get(name);
      if (value === undefined) throw at(fault('ILO-R005', 'missing', { name }), span);
      f[slots[i]!] = value;
    }
  };
}

function compileCond(stmt: CoreStmt & { kind: 'cond' }, compiler: Compiler): Piece {
  const bodies = stmt.arms.map(arm => compiler.block(arm.body));
  const otherwise = compiler.block(stmt.otherwise);
  const ways = [...bodies, otherwise];
  if (ways.every(way => !way.leaves))
    return plain(
      choose(
        stmt.arms,
        ways.map(way => way.run as Action),
        compiler,
      ),
    );
  const returns = ways.some(way => way.leaves && way.returns);
  return { leaves: true, returns, run: choose(stmt.arms, ways.map(asStep), compiler) };
}

/** `ways` has one for each arm and the one for when no test holds. */
function choose<Result>(
  arms: readonly CondArm[],
  ways: readonly ((frame: Frame) => Result)[],
  compiler: Compiler,
): (frame: Frame) => Result {
  if (arms.length === 1) return compileBranch(arms[0]!.test, ways[0]!, ways[1]!, compiler);
  const select = compileSelect(
    arms.map(arm => arm.test),
    compiler,
  );
  return f => ways[select(f)]!(f);
}
