import { parameterExamples } from '../../../src/web/api/parameter-examples.ts';
import type { Route } from '../../../src/web/api/route-types.ts';

/** What stands for the placeholders of an address. */
export interface AddressParts {
  readonly userName: string;
  readonly userId: string;
  readonly accessKeyId: string;
  readonly clientId: string;
  readonly secretId: string;
  readonly groupName: string;
  readonly policyName: string;
  readonly versionId: string;
}

/** Good bodies, so that a request is refused for who sends it and not for what it says. Of the others the route's own example is one. */
const bodies: Readonly<Record<string, unknown>> = {
  'POST /users': { userName: 'planted', displayName: 'Planted', consoleLogon: {}, programmaticAccess: true },
  'PATCH /users/:userName': { displayName: 'Changed' },
  'PATCH /users/by-id/:userId': { displayName: 'Changed' },
  'PUT /users/:userName/login-profile': { generatePassword: true },
  'PATCH /users/:userName/access-keys/:accessKeyId': { status: 'inactive' },
  'POST /applications': {
    displayName: 'Planted',
    type: 'web',
    redirectUris: ['https://evil.example/cb'],
    firstParty: true,
    apiAccess: 'full',
  },
  'POST /me/mfa-devices/:mfaDeviceId/activation': { authenticationCode1: '123456', authenticationCode2: '654321' },
  'PATCH /applications/:clientId': { redirectUris: ['https://evil.example/cb'] },
};

/** One request to an endpoint, as `callApi` takes it. What `parts` has nothing for stands as in the document's examples, and exists nowhere. */
export function requestTo(
  { method, path, example }: Pick<Route, 'method' | 'path' | 'example'>,
  parts: AddressParts,
): readonly [line: string, body: unknown] {
  const values: Readonly<Record<string, string>> = {
    ...parameterExamples,
    ...parts,
    policyType: 'custom',
  };
  const filled = path.replace(/:([A-Za-z]+)/g, (_all, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`nothing stands for :${name}`);
    return value;
  });
  const asks = path === '/access-decisions' || path === '/policy-simulations' ? { userName: parts.userName } : {};
  const body = bodies[`${method} ${path}`] ?? example?.body;
  return [`${method} ${filled}`, body === undefined ? undefined : { ...body, ...asks }];
}

/** Endpoints that everybody may call about themselves. */
export const isOwn = ({ path }: Pick<Route, 'path'>): boolean => path === '/me' || path.startsWith('/me/');
