// A process in which somebody has written to the prototypes that everything inherits from. Names there change nothing, because nothing of ours takes an
// option, a key or a message from a prototype. Elements are another matter: `[][0]` is then not undefined any more, in our code as in everybody's, so
// that nothing can be promised. They are looked for, and refused.
import { usageError } from './errors.ts';

/** Throws ILO-E011 where empty arrays have elements. It takes a microsecond, so that short calls do without. */
export function checkPrototypes(): void {
  // An array itself, whose length tells of every element.
  if (Array.prototype.length > 0) throw refusal('Array');
  // Whole numbers come first in the order of names.
  if (isIndex(Object.getOwnPropertyNames(Object.prototype)[0])) throw refusal('Object');
}

function isIndex(name: string | undefined): boolean {
  return name !== undefined && /^\d+$/.test(name);
}

function refusal(owner: string): Error {
  return usageError('ILO-E011', `${owner}.prototype of this process has elements, so that no array is what it seems`);
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
