// HTTP for programs: a body of any status is `~body`, everything that kept a body from coming is `^reason`. The limits (time,
// redirects, size) are the host's. `$url` in a program is `get url`.
import { builtinSentence } from '../../../core/fault.ts';
import type { HttpRequest, Outcome } from '../../../core/host.ts';
import { List } from '../../../core/value/list.ts';
import { MapValue } from '../../../core/value/map.ts';
import { Err, Ok } from '../../../core/value/result.ts';
import { describe, showValue } from '../../../core/value/show.ts';
import type { Value } from '../../../core/value/value.ts';
import { argument, listArgument, sizeOf, textArgument } from './arguments.ts';
import type { BuiltinContext, BuiltinRow } from './row.ts';

/** How many requests of one `get-many` run at a time. */
export const MAX_PARALLEL_REQUESTS = 10;

const REQUEST_FUEL = 10_000;
const UNITS_PER_FUEL = 16;

function headersArgument(builtin: string, value: Value): (readonly [string, string])[] {
  if (!(value instanceof MapValue)) throw builtinSentence(builtin, `headers must be M t t, got ${describe(value)}`);
  return value.sortedKeys().map(key => [showValue(key), showValue(value.get(key)!)] as const);
}

function perform(requests: readonly HttpRequest[], context: BuiltinContext): Value[] {
  return context.host.http(requests, MAX_PARALLEL_REQUESTS).map(outcome => toResult(outcome, context));
}

function toResult(outcome: Outcome<string>, context: BuiltinContext): Value {
  if ('err' in outcome) return new Err(outcome.err);
  context.charge(Math.ceil(outcome.ok.length / UNITS_PER_FUEL), 2 * outcome.ok.length);
  return new Ok(outcome.ok);
}

function get(args: readonly Value[], context: BuiltinContext): Value {
  const url = textArgument('get', 'requires text (url)', argument(args, 0));
  const headers = args.length > 1 ? headersArgument('get', argument(args, 1)) : [];
  return perform([{ method: 'GET', url, headers, body: undefined }], context)[0]!;
}

function post(args: readonly Value[], context: BuiltinContext): Value {
  const url = textArgument('post', 'url', argument(args, 0));
  const body = textArgument('post', 'body', argument(args, 1));
  const headers = args.length > 2 ? headersArgument('post', argument(args, 2)) : [];
  return perform([{ method: 'POST', url, headers, body }], context)[0]!;
}

function getMany(args: readonly Value[], context: BuiltinContext): Value {
  const urls = listArgument('get-many', 'requires L t (list of urls)', argument(args, 0)).view();
  const requests = urls.map((url, index) => {
    const address = textArgument('get-many', `url ${index}`, url);
    return { method: 'GET', url: address, headers: [], body: undefined } as const;
  });
  return new List(perform(requests, context));
}

export const HTTP_BUILTINS: readonly BuiltinRow[] = [
  {
    name: 'get',
    topic: 'http',
    signatures: ['get url:t > R t t', 'get url:t headers:M t t > R t t'],
    effect: 'net',
    cost: () => ({ fuel: REQUEST_FUEL, bytes: 0 }),
    doc: 'Fetches a URL: `~body` of whatever status, or `^reason`. `$url` is short for it.',
    example: {
      code: 'f>t;r=get "ftp://example.org/";?r{~body:body;^e:e}',
      out: 'the url does not start with http:// or https://',
    },
    run: get,
  },
  {
    name: 'post',
    topic: 'http',
    signatures: ['post url:t body:t > R t t', 'post url:t body:t headers:M t t > R t t'],
    effect: 'net',
    cost: args => ({ fuel: REQUEST_FUEL + Math.ceil(sizeOf(args[1]) / UNITS_PER_FUEL), bytes: sizeOf(args[1]) }),
    doc: 'Sends a text to a URL and gives the body of the answer.',
    example: { code: 'f>b;r=post "example.org" "hi";?r{~_:true;^_:false}', out: 'false' },
    run: post,
  },
  {
    name: 'get-many',
    topic: 'http',
    signatures: ['get-many urls:L t > L (R t t)'],
    effect: 'net',
    cost: args => ({ fuel: REQUEST_FUEL * sizeOf(args[0]), bytes: 0 }),
    doc: 'Fetches many URLs, ten at a time, and gives their results in order.',
    example: { code: 'f>n;len (get-many ["x:1" "x:2"])', out: '2' },
    run: getMany,
  },
];
