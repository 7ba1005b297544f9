/** What no address of ours has, and what proxies and servers have read differently: refused before anybody looks at it. */
const odd = /\/\/|\/\.(?!well-known(?:\/|$))|;|\\|%(?:2f|5c|2e|00|3b|25)|[\u0000-\u0020\u007f-\uffff]/i;

const longest = 2048;

/**
 * The path of a request target, or undefined where it is none we would answer: dot segments, doubled or encoded slashes, path parameters,
 * control characters. One reading for every part of the server, so that no two disagree on what was asked for.
 */
export function requestPath(target: string): string | undefined {
  const end = target.indexOf('?');
  const path = end === -1 ? target : target.slice(0, end);
  if (!path.startsWith('/') || path.length > longest || odd.test(path)) return undefined;
  return path;
}
