// Tells `onTrace` of a run that has ended. The run has its result or its error then, and nothing that the hook does may replace it: what it throws
// is reported once for each hook as a warning of the process, which a service can listen to and which ends nothing.
import type { TraceEvent } from './api.ts';
import { messageOf } from './errors.ts';

type Hook = (event: TraceEvent) => unknown;

const reported = new WeakSet<Hook>();

export function trace(hook: Hook | undefined, event: TraceEvent): void {
  if (hook === undefined) return;
  try {
    const answer = hook(event);
    if (answer instanceof Promise) answer.catch(error => report(hook, error));
  } catch (error) {
    report(hook, error);
  }
}

function report(hook: Hook, error: unknown): void {
  if (reported.has(hook)) return;
  reported.add(hook);
  const why = messageOf(error) ?? 'it threw what is no error';
  process.emitWarning(`onTrace failed: ${why}`, { type: 'IloWarning', code: 'ILO-E006' });
}
