// The loop of a long run is compiled while it is inside a call, from the middle; code for the middle keeps `pc` and `base` as JavaScript values
// and is a third slower. Code for the whole function is used from the next call on, but only when V8 knows what its first lines do,
// and V8 begins to note that some calls later. So before the first run of a process the loop is called a few times with next to nothing to do.
import type { CoreUnit } from '../../core/core.ts';
import { OPCODE_OF, placeBits } from '../../spec/register-ops.ts';
import type { RegisterUnit } from './code.ts';
import { dispatch } from './dispatch.ts';
import { sharedMemory } from './memory.ts';
import { RegisterState } from './state.ts';

/** V8 takes notes after some hundred instructions, and of the first lines at the next call. */
const INSTRUCTIONS = 200;
const CALLS = 4;

const code = new Int32Array(INSTRUCTIONS).fill(OPCODE_OF.load_i | placeBits('a', 0) | placeBits('sbx', 1));
code[INSTRUCTIONS - 1] = OPCODE_OF.return | placeBits('a', 0);

const unit: RegisterUnit = {
  code,
  functions: [],
  info: new Int32Array(0),
  lists: new Int32Array(0),
  constants: [],
  constantWords: new Int32Array(0),
  texts: [],
  names: [],
  fieldLists: [],
  shapes: [],
  closures: [],
  builtins: [],
  tools: [],
  sites: [],
  loaded: undefined,
};

const core: CoreUnit = { functions: [], tools: [], byName: new Map(), toolByName: new Map() };

let isWarm = false;

export function warmUp(): void {
  if (isWarm) return;
  isWarm = true;
  const services = { builtin: () => undefined, walk: () => undefined, tool: () => null, maxDepth: 1, meter: undefined };
  const setting = {
    unit,
    memory: sharedMemory(),
    core,
    services,
    maxDepth: 1,
    largest: 2,
    builtins: [],
    caller: undefined,
    watcher: undefined,
  };
  const state = new RegisterState(setting, false);
  for (let i = 0; i < CALLS; i++) {
    state.openFirst(0);
    dispatch(state);
  }
}
