// The two halves of `R ok err`: `~v` and `^e`.
import type { Value } from './value.ts';

export class Ok {
  readonly value: Value;
  constructor(value: Value) {
    this.value = value;
  }
}

export class Err {
  readonly value: Value;
  constructor(value: Value) {
    this.value = value;
  }
}
