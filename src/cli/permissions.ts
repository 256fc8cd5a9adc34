// The flags that let programs reach something outside themselves, for commands where they can reach nothing by default.
import type { Capabilities } from '../embed/api.ts';
import type { SimpleRequest } from './arguments.ts';

export const PERMISSION_VALUES: readonly string[] = ['--allow-read', '--allow-write', '--allow-net', '--allow-env'];
export const PERMISSION_SWITCHES: readonly string[] = ['--allow-private', '--allow-clock', '--allow-random'];

/** The capabilities that flags grant; lists are separated by commas. */
export function capabilitiesOf({ values, flags }: Pick<SimpleRequest, 'values' | 'flags'>): Capabilities {
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
