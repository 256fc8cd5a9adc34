// Names for Python. A name of the program stays what it is, with underscores for hyphens; where that means something else already
// (in Python, in the prelude, or to the program), an underscore or a number is added.
import type { CoreUnit } from '../../core/core.ts';

/** Python's keywords and those of its own functions that the prelude or emitted code uses. */
const TAKEN = [
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is',
  'lambda nonlocal not or pass raise return try while with yield match case type',
  'abs all any bool chr dict enumerate filter float format int isinstance iter len list map max min next ord pow print range repr',
  'reversed round set slice sorted str sum super tuple zip Exception self object property',
]
  .join(' ')
  .split(' ');

export class PythonNames {
  private readonly taken: Set<string>;
  private readonly functions: readonly string[];

  constructor(unit: CoreUnit, prelude: Iterable<string>) {
    this.taken = new Set([...TAKEN, ...prelude, 'FUNCTIONS', 'BUILTINS', '_value']);
    this.functions = unit.functions.map(fn => this.unique(fn.name));
  }

  ofFunction(index: number): string {
    return this.functions[index]!;
  }

  /** A name for the whole program that nothing else has. */
  unique(name: string): string {
    const free = firstFree(name, candidate => this.taken.has(candidate));
    this.taken.add(free);
    return free;
  }

  /** Names inside one function. */
  scope(): { readonly take: (name: string) => string } {
    const own = new Set<string>();
    return {
      take: name => {
        const free = firstFree(name, candidate => own.has(candidate) || this.taken.has(candidate));
        own.add(free);
        return free;
      },
    };
  }
}

function firstFree(name: string, isTaken: (candidate: string) => boolean): string {
  // Names of JSON fields may hold anything.
  const plain = name.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=[0-9]|$)/, '_');
  // Two leading underscores mean something inside a class, and no more than one looks like a name.
  const base = plain.replace(/^__+/, '_');
  if (!isTaken(base)) return base;
  if (!isTaken(`${base}_`)) return `${base}_`;
  for (let number = 2; ; number++) {
    if (!isTaken(`${base}_${number}`)) return `${base}_${number}`;
  }
}
