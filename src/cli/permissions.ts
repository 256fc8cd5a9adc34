// The flags that let programs reach something outside themselves, for commands where they can reach nothing by default.
import type { Capabilities } from '../embed/api.ts';

/** Flags as they were given: with a value, or without one. */
export interface Permissions {
  readonly values: ReadonlyMap<string, string>;
  readonly flags: ReadonlySet<string>;
}

export const PERMISSION_VALUES: readonly string[] = ['--allow-read', '--allow-write', '--allow-net', '--allow-env'];
export const PERMISSION_SWITCHES: readonly string[] = ['--allow-private', '--allow-clock', '--allow-random'];

/** The capabilities that flags grant; lists are separated by commas. */
export function capabilitiesOf({ values, flags }: Permissions): Capabilities {
  const list = (flag: string): readonly string[] | undefined =>
    values
      .get(flag)
      ?.split(',')
      .map(item => item.trim())
      .filter(item => item !== '');
  const [read, write, hosts, env] = PERMISSION_VALUES.map(list);
  return {
    ...(read === undefined ? {} : { read }),
    ...(write === undefined ? {} : { write }),
    ...(hosts === undefined ? {} : { net: { hosts, allowPrivate: flags.has('--allow-private') } }),
    ...(env === undefined ? {} : { env }),
    ...(flags.has('--allow-clock') ? { clock: true } : {}),
    ...(flags.has('--allow-random') ? { random: true } : {}),
  };
}

/** Nothing is granted but what other flags grant: the same as any of them, for a run that needs none. */
const SANDBOX = '--sandbox';

/** Flags of a run about permissions, for whoever looks for misspelt ones. */
export const RUN_PERMISSION_FLAGS: readonly string[] = [SANDBOX, ...PERMISSION_VALUES, ...PERMISSION_SWITCHES];

/** Gathers the permissions that the command line of a run gives. */
export class PermissionReader {
  readonly #values = new Map<string, string>();
  readonly #flags = new Set<string>();
  /** Set by the first flag that cannot be obeyed. */
  problem: string | undefined;

  /** Takes the flag at `args[at]` if it is one of these, and gives the index after it; the same index otherwise. */
  read(args: readonly string[], at: number): number {
    const [name, inline] = splitFlag(args[at]!);
    if (name === SANDBOX || PERMISSION_SWITCHES.includes(name)) {
      if (inline !== undefined) this.problem ??= `${name} takes no value`;
      this.#flags.add(name);
      return at + 1;
    }
    if (!PERMISSION_VALUES.includes(name)) return at;
    const value = inline ?? args[at + 1];
    if (value === undefined || value === '') {
      this.problem ??= `${name} needs a list after it, with commas between its items`;
    } else {
      const before = this.#values.get(name);
      this.#values.set(name, before === undefined ? value : `${before},${value}`);
    }
    return inline === undefined ? at + 2 : at + 1;
  }

  /** Undefined without any flag: then the program may do what the user may. */
  result(): Permissions | undefined {
    const given = this.#values.size + this.#flags.size > 0;
    return given ? { values: this.#values, flags: this.#flags } : undefined;
  }
}

function splitFlag(arg: string): readonly [name: string, inline: string | undefined] {
  const equals = arg.startsWith('--') ? arg.indexOf('=') : -1;
  return equals < 0 ? [arg, undefined] : [arg.slice(0, equals), arg.slice(equals + 1)];
}
