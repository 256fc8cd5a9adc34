// Putting pieces one after the other: up to four in one function, more in a loop.
import { type Action, NORMAL, type Piece, type Step } from './code.ts';

/** A piece that control always goes on after. */
export function plain(run: Action): Piece {
  return { leaves: false, run };
}

/** A piece as a step. */
export function asStep(piece: Piece): Step {
  if (piece.leaves) return piece.run;
  const { run } = piece;
  return f => {
    run(f);
    return NORMAL;
  };
}

/** Actions one after the other. */
export function joinActions(actions: readonly Action[]): Action {
  const [a, b, c, d] = actions;
  if (a === undefined) return () => {};
  if (b === undefined) return a;
  if (c === undefined) {
    return f => {
      a(f);
      b(f);
    };
  }
  if (d === undefined) {
    return f => {
      a(f);
      b(f);
      c(f);
    };
  }
  if (actions.length === 4) {
    return f => {
      a(f);
      b(f);
      c(f);
      d(f);
    };
  }
  return f => {
    for (let i = 0; i < actions.length; i++) actions[i]!(f);
  };
}

/** Pieces one after the other, until one leaves. */
export function sequence(pieces: readonly Piece[]): Piece {
  if (pieces.length === 1) return pieces[0]!;
  const steps: Step[] = [];
  let returns = false;
  let actions: Action[] = [];
  for (const piece of pieces) {
    if (!piece.leaves) {
      actions.push(piece.run);
    } else {
      steps.push(actions.length === 0 ? piece.run : actionThenStep(joinActions(actions), piece.run));
      returns ||= piece.returns;
      actions = [];
    }
  }
  if (steps.length === 0) return plain(joinActions(actions));
  if (actions.length > 0) steps.push(stepThenAction(steps.pop()!, joinActions(actions)));
  return { leaves: true, returns, run: joinSteps(steps) };
}

function actionThenStep(action: Action, step: Step): Step {
  return f => {
    action(f);
    return step(f);
  };
}

function stepThenAction(step: Step, action: Action): Step {
  return f => {
    const completion = step(f);
    if (completion === NORMAL) action(f);
    return completion;
  };
}

function joinSteps(steps: readonly Step[]): Step {
  const [a, b] = steps;
  if (b === undefined) return a!;
  if (steps.length === 2) {
    return f => {
      const completion = a!(f);
      return completion === NORMAL ? b(f) : completion;
    };
  }
  return f => {
    for (let i = 0; i < steps.length; i++) {
      const completion = steps[i]!(f);
      if (completion !== NORMAL) return completion;
    }
    return NORMAL;
  };
}
