/** Where a verb stands on the command line: `postern <noun> <verb>`. */
export interface VerbName {
  readonly noun: string;
  readonly verb: string;
}

/** An endpoint as its name depends on it. */
export interface Endpoint {
  readonly method: string;
  /** `/users/{userName}` */
  readonly path: string;
  /** Whether it answers a list. */
  readonly isList: boolean;
}

/** Addresses that are read better under another noun than their first part; the rest of the address makes the verb as ever. */
const nounsOfAddresses: Readonly<Record<string, string>> = {
  '/users/{}/access-keys': 'access-key',
  '/accounts': 'platform-account',
  '/audit-events': 'audit',
};

/** Verbs of endpoints for which the rules below read badly. A new endpoint needs a row only where it does, too. */
const namesOfEndpoints: Readonly<Record<string, string>> = {
  'GET /me': 'me show',
  'PUT /me/password': 'me change-password',
  'POST /me/mfa-devices/{}/activation': 'me activate-mfa-device',
  'DELETE /me/mfa-devices/{}': 'me remove-mfa-device',
  'POST /me/recovery-codes': 'me renew-recovery-codes',
  'DELETE /me/sessions': 'me end-sessions',
  'DELETE /me/sessions/{}': 'me end-session',
  'DELETE /me/devices': 'me forget-devices',
  'DELETE /me/devices/{}': 'me forget-device',
  'DELETE /users/{}/devices': 'user forget-devices',
  'DELETE /users/{}/devices/{}': 'user forget-device',
  'DELETE /me/consents/{}': 'me withdraw-consent',
  'DELETE /users/{}/consents/{}': 'user withdraw-consent',
  'DELETE /users/{}/sessions': 'user end-sessions',
  'DELETE /users/{}/sessions/{}': 'user end-session',
  'DELETE /users/{}/mfa-devices': 'user reset-mfa',
  'DELETE /users/{}/mfa-devices/{}': 'user remove-mfa-device',
  'POST /applications/{}/secrets': 'application rotate-secret',
  'POST /access-decisions': 'policy decide',
  'POST /policy-simulations': 'policy simulate',
  'POST /me/access-decisions': 'me decide',
  'POST /account/signing-keys': 'account rotate-signing-keys',
  'DELETE /account/signing-keys/{}': 'account retire-signing-key',
  'DELETE /account/aliases/{}': 'account release-alias',
  'PUT /account/branding/logo': 'account set-logo',
  'DELETE /account/branding/logo': 'account remove-logo',
};

/** A second name, under the other noun that the address speaks of. */
const secondNames: Readonly<Record<string, VerbName>> = {
  'PUT /groups/{}/users/{}': { noun: 'user', verb: 'add-to-group' },
  'DELETE /groups/{}/users/{}': { noun: 'user', verb: 'remove-from-group' },
};

/** What a list is called that is had whole, as a file. */
const namesOfWhole: Readonly<Record<string, VerbName>> = {
  'GET /credential-report': { noun: 'user', verb: 'credential-report' },
};

/** The same thing reached in another way: one verb is enough. */
const withoutVerb: ReadonlySet<string> = new Set(['POST /me/password', 'GET /credential-report']);

/** Things that are attached to their owner, or are members of it, rather than being part of it. */
const joining: Readonly<Record<string, readonly [put: string, remove: string]>> = {
  policy: ['attach', 'detach'],
  user: ['add', 'remove'],
};

/** `policies` -> `policy`, `access-keys` -> `access-key`, `aliases` -> `alias`; what is no plural stays. */
export function singular(word: string): string {
  if (/(?:[^aeiou]|qu)ies$/.test(word)) return `${word.slice(0, -3)}y`;
  if (/(?:ss|us|sis|alias)$/.test(word)) return word;
  if (/(?:ses|xes|ches|shes)$/.test(word)) return word.slice(0, -2);
  return word.replace(/s$/, '');
}

/** `/users/{userName}/groups` -> `/users/{}/groups`: what a placeholder is called makes no difference. */
const shapeOf = (path: string): string => path.replace(/\{\w+\}/g, '{}');

/** The verb of an endpoint; undefined for one that is another's double. */
export function verbNameOf({ method, path, isList }: Endpoint): VerbName | undefined {
  const shape = shapeOf(path);
  const line = `${method} ${shape}`;
  if (withoutVerb.has(line)) return undefined;
  const [noun, verb] = namesOfEndpoints[line]?.split(' ') ?? [];
  if (noun !== undefined && verb !== undefined) return { noun, verb };
  const [base, own] = Object.entries(nounsOfAddresses).find(
    ([address]) => shape === address || shape.startsWith(`${address}/`),
  ) ?? [/^\/[^/]+/.exec(shape)?.[0] ?? ''];
  const rest = shape.slice(base.length).split('/').filter(Boolean);
  return { noun: own ?? singular(base.slice(1)), verb: verbAt(method, rest, isList) };
}

/** The name that an endpoint has under another noun, which comes first among its arguments there. */
export const secondNameOf = ({ method, path }: Endpoint): VerbName | undefined =>
  secondNames[`${method} ${shapeOf(path)}`];

/** The verb that writes a whole list to a file: `list` -> `export`. */
export function wholeNameOf({ method, path, isList }: Endpoint): VerbName {
  const own = namesOfWhole[`${method} ${shapeOf(path)}`] ?? verbNameOf({ method, path, isList });
  if (own === undefined) throw new Error(`${method} ${path} has no name`);
  return { ...own, verb: own.verb.replace(/^list/, 'export') };
}

/** The verb by the method and by what the address ends in, behind the noun's own part of it. */
function verbAt(method: string, rest: readonly string[], isList: boolean): string {
  const byId = rest[0] === 'by-id' ? '-by-id' : '';
  const parts = rest.filter((part) => part !== '{}' && part !== 'by-id');
  const last = parts.at(-1);
  const one = rest.at(-1) === '{}';
  const action = actionOf(method, isList, one && last !== undefined ? joining[singular(last)] : undefined);
  if (last === undefined) return `${action}${byId}`;
  const thing = one || method === 'POST' ? singular(last) : last;
  return `${[action, ...parts.slice(0, -1).map(singular), thing].join('-')}${byId}`;
}

function actionOf(method: string, isList: boolean, joined: (typeof joining)[string] | undefined): string {
  if (method === 'GET') return isList ? 'list' : 'show';
  if (method === 'POST') return 'create';
  if (method === 'PATCH') return 'update';
  if (method === 'PUT') return joined?.[0] ?? 'set';
  return joined?.[1] ?? 'delete';
}
