// Servers that do everything wrong, through the command line: a failure is `^reason` with exit code 1. What each reason is, is tested with
// the host.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ilo } from '../cli/spawn.ts';
import { startServer, type TestServer } from '../host/server.ts';
import { expectNoTrace } from './outcome.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

describe('a request ends in a reason', () => {
  test.each([
    ['to a port where nobody listens', 'http://127.0.0.1:1/', /^\^.*(refused|bad port)/],
    ['redirected for ever', 'SERVER/ever', /^\^too many redirections/],
    ['redirected in a circle', 'SERVER/loop', /^\^infinite redirection/],
    ['answered with 100 MB', 'SERVER/flood', /^\^response is larger than 32 MiB/],
    ['answered with what unpacks to 100 MB', 'SERVER/bomb', /^\^response is larger than 32 MiB/],
    ['cut off', 'SERVER/cut', /^\^connection closed/],
    ['closed at once', 'SERVER/close', /^\^connection closed/],
    ['answered with rubbish', 'SERVER/rubbish', /^\^malformed response/],
    ['answered with headers without end', 'SERVER/fat-headers', /^\^the headers of the response are too large/],
    ['answered with what is no text', 'SERVER/latin1', /^\^response is not valid UTF-8/],
    ['to what is no address', 'no address', /^\^the url does not start with/],
  ])('%s', (_, url, reason) => {
    const ran = ilo(['-nh', 'f u:t>R t t;get u', url.replace('SERVER', server.url)]);
    expectNoTrace(ran);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toMatch(reason);
  });

  test('and the program goes on when it wants to', () => {
    const program =
      'f u:t>n;c=0;ps=["/close" "/ever" "/rubbish" "/hello" "/cut"];@p ps{r=get (+u p);?r{~v:prnt v;^e:c=+c 1}};c';
    expect(ilo(['-nh', program, server.url])).toEqual({ code: 0, signal: null, out: 'hello\n4\n', err: '' });
  });

  test('a panic over a request has a code and a place', () => {
    const ran = ilo(['-t', '-nh', 'f u:t>t;get!! u', `${server.url}/close`]);
    expectNoTrace(ran);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toMatch(/^error\[ILO-R026\]: .+\n *--> 1:9\n/);
  });
});
