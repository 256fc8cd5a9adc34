// HTTP of a sandbox: requests go out by the same thread as those of the command line, with a guard that knows which hosts were granted
// (http-guard.ts). A refusal, also one of a redirect or of an address, is ILO-R042 and not a failure that the program could catch.
import { fault } from '../core/fault.ts';
import type { HttpRequest, Outcome } from '../core/host.ts';
import { performLater, performSync } from '../runtime/host/http-bridge.ts';
import { allowsUrl, type NetGuard, patternProblem } from '../runtime/host/http-guard.ts';
import { HTTP_LIMITS, HTTP_TIMEOUT_MS, type WireRequest, type WireResponse } from '../runtime/host/http-protocol.ts';
import { decodeUtf8 } from '../runtime/host/utf8.ts';
import type { Capabilities, NetOptions } from './api.ts';
import { usageError } from './errors.ts';
import { checkNames } from './options.ts';

type Requests = readonly HttpRequest[];
type Texts = readonly Outcome<string>[];

/** The same requests for a program that is waited for and for one that waits. Both refuse at once what was not granted. */
export interface GuardedHttp {
  readonly now: (requests: Requests, parallel: number, withinMs?: number) => Texts;
  /** Gives the requests up when the signal is aborted. */
  readonly later: (requests: Requests, parallel: number, signal: AbortSignal) => Promise<Texts>;
}

/** HTTP that reaches only the granted hosts. Throws ILO-E002 for a grant that makes no sense. */
export function guardedHttp(net: Capabilities['net'], ask: Capabilities['onRequest']): GuardedHttp {
  if (net === undefined) return { now: refuseAll, later: refuseAll };
  const { hosts, allowPrivate = false, timeout, maxBytes } = netOptions(net);
  const guard: NetGuard = { hosts, allowPrivate };
  const limits = {
    ...HTTP_LIMITS,
    ...(maxBytes === undefined ? {} : { maxBodyBytes: maxBytes, maxTotalBytes: maxBytes }),
  };
  const timeoutMs = timeout ?? HTTP_TIMEOUT_MS;
  const guarded = (requests: Requests): readonly WireRequest[] => {
    for (const { method, url } of requests) {
      const allowed = URL.canParse(url) && allowsUrl(guard, new URL(url));
      if (!allowed || (ask !== undefined && !ask({ kind: 'net', method, url }))) throw refusal(url);
    }
    return requests.map(request => ({ ...request, timeoutMs, guard }));
  };
  return {
    now: (requests, parallel, withinMs) =>
      textsOf(performSync(guarded(requests), parallel, limits, withinMs), requests),
    later: (requests, parallel, signal) =>
      performLater(guarded(requests), parallel, limits, signal).then(responses => textsOf(responses, requests)),
  };
}

/** Bodies as texts. Throws ILO-R042 where a redirect or an address was refused. */
function textsOf(responses: readonly WireResponse[], requests: Requests): Texts {
  return responses.map((response, at) => {
    if (!('err' in response)) {
      const text = decodeUtf8(response.body);
      return 'ok' in text ? text : { err: `response is not valid UTF-8: ${text.err}` };
    }
    if (response.refused === true) throw refusal(requests[at]!.url, response.err);
    return { err: response.err };
  });
}

function refuseAll(requests: Requests): never {
  throw requests.length === 0 ? fault('ILO-R042', 'refused', { what: 'the network' }) : refusal(requests[0]!.url);
}

function refusal(url: string, why?: string): unknown {
  const shown = JSON.stringify(url.length > 200 ? `${url.slice(0, 200)}…` : url);
  return fault('ILO-R042', 'refused', {
    what: why === undefined ? `the request to ${shown}` : `the request to ${shown} (${why})`,
  });
}

function netOptions(net: NonNullable<Capabilities['net']>): NetOptions {
  const given: object = Array.isArray(net) ? { hosts: net } : net;
  checkNames(given, ['hosts', 'allowPrivate', 'timeout', 'maxBytes'], 'capabilities.net');
  // Nothing inherited: `allowPrivate` on a prototype grants nothing.
  const options = Object.assign(Object.create(null), given) as NetOptions;
  if (!Array.isArray(options.hosts)) throw usageError('ILO-E002', 'capabilities.net: expected an array of host names');
  for (const pattern of options.hosts) {
    const problem = patternProblem(pattern);
    if (problem !== undefined) throw usageError('ILO-E002', `capabilities.net: ${problem}`);
  }
  if (options.allowPrivate !== undefined && typeof options.allowPrivate !== 'boolean') {
    throw usageError('ILO-E002', 'capabilities.net.allowPrivate: expected true or false');
  }
  for (const name of ['timeout', 'maxBytes'] as const) {
    const value = options[name];
    if (value !== undefined && !(typeof value === 'number' && value > 0)) {
      throw usageError('ILO-E002', `capabilities.net.${name}: expected a positive number`);
    }
  }
  return options;
}
