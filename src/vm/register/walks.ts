// Builtins that call functions, in runs by instructions: they are taken apart as on the stack machine (../stack/walks.ts, which runs them
// here too), so that what they call has its frame like any other function, and a run can be suspended in it. The run loop knows nothing of
// that: it stops before such an instruction as if it were suspended (machine.ts), and leaves what the builtin calls as it leaves any function
// that was called from outside. So runs to the end, which call back in loops of their own, pay nothing.
import { FunctionValue } from '../../core/value/function.ts';
import type { Value } from '../../core/value/value.ts';
import { OPCODE_OF } from '../../spec/register-ops.ts';
import { ELSEWHERE } from '../stack/state.ts';
import { capturesOf, type WalkCalls, type WalkMaker, Walks } from '../stack/walks.ts';
import { enterFunction, readList } from './cold.ts';
import { putAt, valueAt } from './objects.ts';
import type { RegisterState } from './state.ts';

/** The words of every instruction that a builtin can be called by. */
const CALL_WIDTH = 3;

/** Where `values` has the result of a builtin. */
const RESULT = 0;

type CallPlain = WalkCalls['callPlain'];

export class RegisterWalks implements WalkCalls {
  readonly values: Value[] = [null];
  readonly callPlain: CallPlain;
  private readonly state: RegisterState;
  private readonly walks = new Walks(this);
  private readonly makers = new Map<string, WalkMaker | undefined>();

  constructor(state: RegisterState, callPlain: CallPlain) {
    this.state = state;
    this.callPlain = callPlain;
  }

  /** Whether the instruction at `state.pc` calls a builtin that calls functions. */
  get isNext(): boolean {
    return this.nextMaker() !== undefined;
  }

  /** Runs that instruction: either a frame is open then for what the builtin calls, or the result is there and `state.pc` behind it. */
  begin(): void {
    const { state } = this;
    const { setting, pc } = state;
    const { code } = setting.unit;
    const list = code[pc + 1]!;
    setting.caller = state;
    const isBuiltin = (code[pc]! & 255) === OPCODE_OF.call_builtin;
    const args = isBuiltin
      ? readList(state, list, 0)
      : [...readList(state, list, 1), ...capturesOf(this.calleeAt(list))];
    this.end(this.walks.begin(this.nextMaker()!(args), RESULT));
  }

  /** The same with the innermost builtin, whose function has just ended: it waits at its instruction. */
  goOn(): void {
    const { state } = this;
    state.setting.caller = state;
    this.end(this.walks.goOn(valueAt(state, state.resultAt), RESULT));
  }

  private end(callee: number): void {
    if (callee !== ELSEWHERE) return;
    const { state } = this;
    const { pc, base } = state;
    const value = this.values[RESULT]!;
    state.count(value);
    putAt(state, base + ((state.setting.unit.code[pc]! >>> 8) & 255), value);
    state.pc = pc + CALL_WIDTH;
  }

  private nextMaker(): WalkMaker | undefined {
    const { setting, pc } = this.state;
    const { code, builtins, names } = setting.unit;
    switch (code[pc]! & 255) {
      case OPCODE_OF.call_builtin:
        return this.makerOf(builtins[code[pc + 2]!]!);
      case OPCODE_OF.call_value:
        return this.walkMaker(this.calleeAt(code[pc + 1]!), names[code[pc + 2]!]!);
      default:
        return undefined;
    }
  }

  /** The first value of a register list. */
  private calleeAt(list: number): Value {
    const { setting, base } = this.state;
    return valueAt(this.state, base + setting.unit.lists[list + 1]!);
  }

  walkMaker(callee: Value, fallback: string): WalkMaker | undefined {
    return this.makerOf(this.nameOf(callee, fallback));
  }

  programFunction(callee: Value, fallback: string): number {
    const { core, services } = this.state.setting;
    const name = this.nameOf(callee, fallback);
    // A builtin goes before a function of the same name.
    return services.builtin(name) === undefined ? (core.byName.get(name) ?? ELSEWHERE) : ELSEWHERE;
  }

  place(callee: number, args: readonly Value[], captures: readonly Value[]): void {
    enterFunction(this.state, callee, [...args, ...captures], ~this.state.pc);
  }

  /** The name of what is called when a value is, as callFunctionValue takes it. */
  private nameOf(callee: Value, fallback: string): string {
    if (callee instanceof FunctionValue) return callee.name;
    const { byName, toolByName } = this.state.setting.core;
    return typeof callee === 'string' && (byName.has(callee) || toolByName.has(callee)) ? callee : fallback;
  }

  private makerOf(name: string): WalkMaker | undefined {
    const { makers } = this;
    if (!makers.has(name)) makers.set(name, this.state.setting.services.walk(name));
    return makers.get(name);
  }
}
