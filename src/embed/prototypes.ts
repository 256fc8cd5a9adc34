// A process in which somebody has written to the prototypes that everything inherits from. Names there change nothing, because nothing of ours takes an
// option, a key or a message from a prototype. Elements are another matter: `[][0]` is then not undefined any more, in our code as in everybody's, so
// that nothing can be promised. They are looked for, and refused.
import { IloError, isIloError, messageOf, usageError } from './errors.ts';

/** Does what needs a process in which arrays are what they seem. Throws ILO-E011 where they are not. */
export function inCleanProcess<Result>(work: () => Result): Result {
  // Those that are not shown too; a microsecond, which compiling can spare.
  checkElements(Object.getOwnPropertyNames(Object.prototype));
  try {
    return work();
  } catch (error) {
    throw asSpoilt(error);
  }
}

/** Throws ILO-E011 where empty arrays have elements; in less time than a call of a program takes. */
export function checkPrototypes(): void {
  checkElements(Object.keys(Object.prototype));
}

function checkElements(names: readonly string[]): void {
  // An array itself, whose length tells of every element.
  if (Array.prototype.length > 0) throw refusal('Array');
  // Whole numbers come first in the order of names.
  if (names.length > 0 && /^\d+$/.test(names[0]!)) throw refusal('Object');
}

function refusal(owner: string): Error {
  return usageError('ILO-E011', `${owner}.prototype of this process has elements, so that no array is what it seems`);
}

/** What was thrown; ILO-R099 where it is no error of ours, and the language itself may have tripped over a name on Object.prototype (`return` is one). */
export function asSpoilt(error: unknown): unknown {
  if (Object.keys(Object.prototype).length === 0 || isIloError(error)) return error;
  const message = `Object.prototype of this process was written to: ${messageOf(error) ?? 'no reason given'}`;
  return new IloError('ILO-R099', message, { cause: error });
}

/**
 * Does what Node does not stand when Object.prototype has names of its options, such as `signal`: what was written there is set aside meanwhile. What
 * cannot be taken away stays.
 */
export function withoutInherited<Result>(work: () => Result): Result {
  const aside = Object.create(null) as Record<string, PropertyDescriptor>;
  for (const name of Object.getOwnPropertyNames(Object.prototype)) {
    const property = Object.getOwnPropertyDescriptor(Object.prototype, name)!;
    if (OWN_NAMES.has(name) || property.configurable !== true) continue;
    // Nothing inherited: half of a property would be made whole by what is set aside.
    aside[name] = Object.assign(Object.create(null), property) as PropertyDescriptor;
    delete (Object.prototype as unknown as Record<string, unknown>)[name];
  }
  try {
    return work();
  } finally {
    for (const name of Object.keys(aside)) Object.defineProperty(Object.prototype, name, aside[name]!);
  }
}

/** What the language itself has put there. */
const OWN_NAMES: ReadonlySet<string> = new Set([
  'constructor',
  '__defineGetter__',
  '__defineSetter__',
  'hasOwnProperty',
  '__lookupGetter__',
  '__lookupSetter__',
  'isPrototypeOf',
  'propertyIsEnumerable',
  'toString',
  'valueOf',
  '__proto__',
  'toLocaleString',
]);
