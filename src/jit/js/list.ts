// The JavaScript of a unit as text for people: exactly what the engine compiles, with a line in front of each function that says which one of
// the program it is. These lines are the only ones that begin with `//`.
import type { CoreUnit } from '../../core/core.ts';
import { irOf } from '../../ir/unit.ts';
import { type CodeGroup, calleesOf, type Form, UnitCode } from './unit-code.ts';

/** The texts of a unit, as they are made when `start` is called first. */
export function listJs(unit: CoreUnit, form: Form, start?: number): string {
  return [...groupsOf(unit, form, start)].map(group => withNames(group, unit)).join('\n');
}

/**
 * All that may be compiled of a unit. Which functions share a text depends on which is called first, so the order is that of a plain run: from
 * `start`, or else from each function that no other one names, with arguments of the declared types. Behind it comes what is left, last the
 * forms for arguments of other types.
 */
export function groupsOf(unit: CoreUnit, form: Form, start?: number): ReadonlySet<CodeGroup> {
  const { built, versions } = irOf(unit);
  const all = [...built.functions.keys()];
  const named = new Set(
    built.functions.flatMap((fn, index) => calleesOf(fn, value => value).filter(callee => callee !== index)),
  );
  const first = start === undefined ? all.filter(index => !named.has(index)) : [start];
  const typed = [...first, ...all].map(index => versions.plan.get(index) ?? index);
  return new UnitCode(unit, form).groupsFrom([...typed, ...all]);
}

function withNames({ source }: CodeGroup, unit: CoreUnit): string {
  const { versions } = irOf(unit);
  return source.replace(/^function f([0-9]+)\(/gm, (text, digits: string) => {
    const { name, params, result, of } = versions.at(Number(digits));
    const version = of === undefined ? '' : `, the version of f${of} for these types`;
    return `// f${digits}: ${name}(${params.join(', ')}) -> ${result}${version}\n${text}`;
  });
}
