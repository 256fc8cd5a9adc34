// The IR of a unit as engines read it: built, typed and optimised once for all engines and forms, each function when it is first asked for,
// and kept with the unit. Nothing in it may be changed by anybody; an engine with passes of its own makes new functions.
import type { CoreFunction, CoreUnit } from '../core/core.ts';
import { buildFunction } from './build.ts';
import type { IrFunction, IrUnit } from './ir.ts';
import { optimiseFunction } from './passes/pipeline.ts';
import { Versions } from './versions.ts';

export class UnitIr {
  /** As it was built. */
  readonly built: IrUnit;
  private knownVersions: Versions | undefined;
  private readonly optimisedTyped = new Map<number, IrFunction>();
  private readonly optimisedPlain = new Map<number, IrFunction>();

  constructor(core: CoreUnit) {
    this.built = { functions: core.functions.map(builtOf), tools: core.tools.map(tool => tool.name) };
  }

  /** Functions and their typed versions, before the passes. */
  get versions(): Versions {
    this.knownVersions ??= new Versions(this.built);
    return this.knownVersions;
  }

  /** A function or a version, by its own index, after the passes. */
  typed(index: number): IrFunction {
    const known = this.optimisedTyped.get(index);
    if (known) return known;
    const made = optimiseFunction(this.versions.at(index));
    this.optimisedTyped.set(index, made);
    return made;
  }

  /** All functions and versions, by index, after the passes. */
  all(): readonly IrFunction[] {
    return this.versions.all().map((_, index) => this.typed(index));
  }

  /** A function after the passes that calls functions as they are, never versions. */
  plain(index: number): IrFunction {
    const known = this.optimisedPlain.get(index);
    if (known) return known;
    const made = optimiseFunction(this.built.functions[index]!);
    this.optimisedPlain.set(index, made);
    return made;
  }
}

const units = new WeakMap<CoreUnit, UnitIr>();
/** Units that are a part of another one have its functions. */
const functions = new WeakMap<CoreFunction, IrFunction>();

function builtOf(fn: CoreFunction): IrFunction {
  const known = functions.get(fn);
  if (known) return known;
  const made = buildFunction(fn);
  functions.set(fn, made);
  return made;
}

/** The IR of a unit. */
export function irOf(unit: CoreUnit): UnitIr {
  const known = units.get(unit);
  if (known) return known;
  const made = new UnitIr(unit);
  units.set(unit, made);
  return made;
}
