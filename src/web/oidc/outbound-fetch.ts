import { lookup } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import type { Agent, fetch as undiciFetch } from 'undici';
import { isInNetworks, networkList, unmapped } from '../http/client-address.ts';

/** Networks that are nobody's business from outside: loopback, private, link-local (cloud metadata), multicast, reserved (RFC 6890). */
const internalNetworks = [
  ...[
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.0.0/24',
    '192.0.2.0/24',
  ],
  ...['192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3'],
  ...[
    // Unspecified, loopback, and IPv4 addresses in the form that RFC 4291 gave up.
    '::/96',
    '64:ff9b::/96',
    '100::/64',
    '2001::/23',
    '2001:db8::/32',
    '2002::/16',
    '3fff::/20',
    'fc00::/7',
    'fe80::/10',
    'ff00::/8',
  ],
];

/** The only IPv6 addresses that lead out (RFC 4291 section 2.4): all else is somebody's inside, or a translation into it. */
const globalUnicast = networkList(['2000::/3']);

/** Thrown where an address resolves into a network that calls may not reach. */
class ForbiddenAddressError extends Error {
  override readonly name = 'ForbiddenAddressError';
}

const timeoutMs = 5000;

/** Whether a resolved address may be called: public, or in a network that the operator allowed. */
function mayCall(address: string, allowed: BlockList, internal: BlockList): boolean {
  if (isInNetworks(allowed, address)) return true;
  // An IPv4 address written as an IPv6 one (`::ffff:192.0.2.1`) is looked at as what it is.
  const mayBeOutside = isIP(unmapped(address)) === 4 || isInNetworks(globalUnicast, address);
  return isIP(address) !== 0 && mayBeOutside && !isInNetworks(internal, address);
}

/**
 * Makes the `fetch` for calls to addresses that accounts supply (back-channel logout). The address is checked after resolving, at the
 * moment of connecting, so a name that changes its mind in between (DNS rebinding) gains nothing; redirects are not followed.
 */
export function createOutboundFetch(allowedNetworks: readonly string[]): typeof globalThis.fetch {
  const allowed = networkList(allowedNetworks);
  const internal = networkList(internalNetworks);
  let client: Promise<OutboundClient> | undefined;
  return (async (input: string | URL | Request, init: RequestInit = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    // An address written out is not looked up, so it is checked here.
    const literal = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(literal) !== 0 && !mayCall(literal, allowed, internal))
      throw new ForbiddenAddressError(`${literal} may not be called`);
    client ??= openClient(allowed, internal);
    const { fetch, dispatcher } = await client;
    return await fetch(url, {
      ...init,
      dispatcher,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    } as Parameters<typeof fetch>[1]);
  }) as typeof globalThis.fetch;
}

interface OutboundClient {
  readonly fetch: typeof undiciFetch;
  readonly dispatcher: Agent;
}

/** Loaded at the first call: many deployments never make one, and it takes its time. */
async function openClient(allowed: BlockList, internal: BlockList): Promise<OutboundClient> {
  const { Agent, fetch } = await import('undici');
  const dispatcher = new Agent({
    connect: {
      timeout: timeoutMs,
      lookup: (hostname, options, callback) => {
        lookup(hostname, { ...options, all: true }, (error, addresses) => {
          if (error !== null) return callback(error, '', 0);
          const reachable = addresses.filter(({ address }) => mayCall(address, allowed, internal));
          const [first] = reachable;
          if (first === undefined)
            return callback(new ForbiddenAddressError(`${hostname} is in a network that calls may not reach`), '', 0);
          return options.all === true ? callback(null, reachable) : callback(null, first.address, first.family);
        });
      },
    },
    bodyTimeout: timeoutMs,
    headersTimeout: timeoutMs,
  });
  return { fetch, dispatcher };
}
