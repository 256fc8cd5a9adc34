// HTTP of a sandbox. Not written yet: everything is refused.
import { fault } from '../core/fault.ts';
import type { Host } from '../core/host.ts';
import type { Capabilities } from './api.ts';

/** The `http` of a host that reaches only the granted hosts. */
export function guardedHttp(_net: Capabilities['net'], _ask: Capabilities['onRequest']): Host['http'] {
  return () => {
    throw fault('ILO-R042', 'refused', { what: 'the network' });
  };
}
