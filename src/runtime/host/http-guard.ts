// Which hosts a sandboxed program may call, decided twice: by name before a request and before each redirect, and by address when the
// connection is made. The second look is what counts against a name that resolves to a machine of the private network,
// today or only at the second lookup: the addresses that were looked at are the ones that are connected to.
import { type LookupAddress, lookup as lookUpName } from 'node:dns';
import { BlockList, isIP, isIPv6 } from 'node:net';

/** What may be called. Plain data: it travels to the thread that performs requests. */
export interface NetGuard {
  /** `name`, `name:port`, `*.name` (any name below it) or `[address]`; without a port, the one that the scheme usually has. */
  readonly hosts: readonly string[];
  /** Loopback, private, link-local and other addresses that are not the public network's. */
  readonly allowPrivate: boolean;
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** Whether a URL's host and port are among the granted ones. */
export function allowsUrl(guard: NetGuard, url: URL): boolean {
  const name = plainName(url.hostname);
  const usual = DEFAULT_PORTS[url.protocol];
  if (usual === undefined) return false;
  const port = url.port === '' ? usual : url.port;
  return guard.hosts.some(pattern => {
    const { host, port: wanted } = splitPattern(pattern);
    if (wanted !== '*' && port !== (wanted ?? usual)) return false;
    return host.startsWith('*.') ? name.endsWith(host.slice(1)) && name.length > host.length - 1 : name === host;
  });
}

/** What is wrong with a pattern, or undefined. */
export function patternProblem(pattern: unknown): string | undefined {
  if (typeof pattern !== 'string' || pattern === '') return 'expected a host name';
  const { host } = splitPattern(pattern);
  const name = host.startsWith('*.') ? host.slice(2) : host;
  if (!URL.canParse(`http://${name}/`) || plainName(new URL(`http://${name}/`).hostname) !== plainName(name)) {
    return `${JSON.stringify(pattern)} is not a host name such as api.example.com, *.example.com or localhost:8080`;
  }
  return undefined;
}

function splitPattern(pattern: string): { host: string; port: string | undefined } {
  const match = /^(.*?)(?::(\d{1,5}|\*))?$/.exec(pattern)!;
  // The colons of a bare IPv6 address are no port: such addresses are written in brackets, as in a URL.
  return { host: plainName(match[1]!), port: match[2] };
}

/** In lower case and without the dot of the root. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

const RESERVED: readonly (readonly [network: string, bits: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/** Only this part of the IPv6 space is handed out to the public network; what it contains that is not, follows. */
const GLOBAL_UNICAST: readonly [string, number] = ['2000::', 3];
const RESERVED_V6: readonly (readonly [network: string, bits: number])[] = [
  // Teredo, benchmarks, documentation and other special purposes.
  ['2001::', 23],
  ['2001:db8::', 32],
  // 6to4 carries an IPv4 address, private ones too.
  ['2002::', 16],
  ['3fff::', 20],
];

let lists: { readonly reserved: BlockList; readonly global: BlockList } | undefined;

function addressLists(): { readonly reserved: BlockList; readonly global: BlockList } {
  if (lists !== undefined) return lists;
  const reserved = new BlockList();
  for (const [network, bits] of RESERVED) reserved.addSubnet(network, bits, 'ipv4');
  for (const [network, bits] of RESERVED_V6) reserved.addSubnet(network, bits, 'ipv6');
  const global = new BlockList();
  global.addSubnet(...GLOBAL_UNICAST, 'ipv6');
  lists = { reserved, global };
  return lists;
}

/** Whether an IP address belongs to the public network (the registries of special-purpose addresses of RFC 6890 say which do not). */
export function isPublicAddress(address: string): boolean {
  const { reserved, global } = addressLists();
  if (!isIPv6(address)) return isIP(address) === 4 && !reserved.check(address, 'ipv4');
  const plain = address.replace(/%.*$/, '');
  return global.check(plain, 'ipv6') && !reserved.check(plain, 'ipv6');
}

type Found = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/** A `lookup` for sockets that gives only addresses the guard allows. */
export function guardedLookup(guard: NetGuard): (name: string, options: object, done: Found) => void {
  return (name, options, done) => {
    lookUpName(name, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, '');
      const refused = addresses.find(({ address }) => !allowsAddress(guard, address));
      // One private address is enough to refuse the name: nobody answers for which one a connection would try.
      if (refused !== undefined || addresses.length === 0) return done(refusedAddress(name), '');
      if ((options as { all?: boolean }).all === true) return done(null, addresses);
      return done(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
}

export function allowsAddress(guard: NetGuard, address: string): boolean {
  return guard.allowPrivate || isPublicAddress(address);
}

/** Marks the error of a connection that was refused by the guard. */
export const REFUSED_CODE = 'ILO_REFUSED';

export function refusedAddress(name: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${name} has an address that is not allowed`), { code: REFUSED_CODE });
}
