// A function as a value: the name of a program function or builtin, and the captured values of a closure, which are
// appended to the arguments of every call.
import type { Value } from './value.ts';

export class FunctionValue {
  readonly name: string;
  readonly captures: readonly Value[];
  constructor(name: string, captures: readonly Value[]) {
    this.name = name;
    this.captures = captures;
  }
}
