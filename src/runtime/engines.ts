// The engines by name. An engine registers here and is then selectable by every spelling on the command line; nothing else
// lists engines. The spellings of upstream stay valid: one that names an engine not built yet runs on the default engine,
// which gives the same answers.

export interface EngineRow {
  readonly name: string;
  /** One line for `ilo doctor` and `ilo help run`. */
  readonly summary: string;
}

export const ENGINES = [
  { name: 'tree', summary: 'walks the Core tree; the reference for all others' },
  { name: 'closure', summary: 'compiles Core to nested functions; needs no generated code' },
  { name: 'stack', summary: 'compiles Core to stack bytecode; calls nest as deep as the limit says' },
  { name: 'js', summary: 'generates JavaScript; runs as `closure` where code may not be generated' },
  { name: 'vm', summary: 'compiles to register bytecode; one state for all runs' },
  { name: 'vm-fresh', summary: 'compiles to register bytecode; a new state for each run' },
  { name: 'jit', summary: 'compiles to machine code where values fit in registers; all else runs as `js`' },
  { name: 'auto', summary: 'chooses one of the others for each run; --explain-engine says which' },
] as const satisfies readonly EngineRow[];

export type EngineName = (typeof ENGINES)[number]['name'];

export const DEFAULT_ENGINE: EngineName = 'auto';

/** The engine whose answers all others have to give. */
export const REFERENCE_ENGINE: EngineName = 'tree';

/** Names that programs written for upstream use, and the engine here that is meant by them. */
const UPSTREAM_NAMES: Readonly<Record<string, string>> = {
  default: 'auto',
  auto: 'auto',
  interpreter: 'tree',
  vm: 'vm',
  cranelift: 'jit',
  jit: 'jit',
  llvm: 'jit',
};

/** The engine that a name chooses, or undefined when nobody ever called an engine so. */
export function findEngine(name: string): EngineName | undefined {
  const wanted = Object.hasOwn(UPSTREAM_NAMES, name) ? UPSTREAM_NAMES[name]! : name;
  const row = ENGINES.find(engine => engine.name === wanted);
  if (row) return row.name;
  return Object.hasOwn(UPSTREAM_NAMES, name) ? DEFAULT_ENGINE : undefined;
}

/** All names that `findEngine` knows, for a message that lists them: engines first. */
export function engineNames(): readonly string[] {
  const names: string[] = ENGINES.map(engine => engine.name);
  for (const name of Object.keys(UPSTREAM_NAMES)) if (!names.includes(name)) names.push(name);
  return names;
}
