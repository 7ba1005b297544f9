import { expect, test } from 'vitest';
import { AppError } from '../../../src/domain/app-error.ts';
import { applicationSettings, refreshGraceSeconds } from '../../../src/domain/applications/application-rules.ts';
import { parseInput } from '../../../src/domain/input-faults.ts';

const web = { displayName: 'Wiki', type: 'web', redirectUris: ['https://wiki.example.com/cb'] };

/** `pointer code` of every fault. */
function faultsOf(input: unknown): string[] {
  try {
    parseInput(applicationSettings, input);
    return [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.faults.map(({ pointer, code }) => `${pointer} ${code}`);
  }
}

test('an application is safe where nothing is said', () => {
  expect(parseInput(applicationSettings, web)).toEqual({
    ...web,
    postLogoutRedirectUris: [],
    backchannelLogoutUri: null,
    firstParty: false,
    apiAccess: 'none',
    resourceServer: false,
    pkceRequired: true,
    idTokenSignedResponseAlg: 'ES256',
    accessTokenTtlSeconds: 3600,
    refreshTokenTtlSeconds: 2_592_000,
    refreshTokenGraceSeconds: null,
    requiredAcr: null,
  });
});

test.each([
  [
    'a web application with everything',
    { ...web, pkceRequired: false, resourceServer: true, firstParty: true, apiAccess: 'full' },
  ],
  ['a single-page application', { ...web, type: 'spa', postLogoutRedirectUris: ['https://wiki.example.com/'] }],
  ['a native application', { ...web, type: 'native', redirectUris: ['com.example.wiki:/cb', 'http://127.0.0.1/cb'] }],
  ['a service that introspects', { displayName: 'Gateway', type: 'service', resourceServer: true }],
  ['no grace for a used refresh token', { ...web, type: 'native', refreshTokenGraceSeconds: 0 }],
  ['a minute of grace', { ...web, refreshTokenGraceSeconds: 60 }],
  ['a second factor as the least', { ...web, requiredAcr: 'urn:postern:acr:mfa' }],
  ['a passkey as the least', { ...web, requiredAcr: 'urn:postern:acr:phr' }],
  ['neither', { ...web, refreshTokenGraceSeconds: null, requiredAcr: null }],
])('accepted: %s', (_name, input) => {
  expect(faultsOf(input)).toEqual([]);
});

test.each([
  ['no address', { ...web, redirectUris: [] }, '/redirectUris InvalidParameter.RedirectUris.Length'],
  ['addresses left out', { ...web, redirectUris: undefined }, '/redirectUris InvalidParameter.RedirectUris.Length'],
  [
    '51 addresses',
    { ...web, redirectUris: Array.from({ length: 51 }, (_, at) => `https://a.example/${at}`) },
    '/redirectUris InvalidParameter.RedirectUris.Length',
  ],
  [
    'an address twice',
    { ...web, redirectUris: [...web.redirectUris, ...web.redirectUris] },
    '/redirectUris InvalidParameter.RedirectUris.Duplicate',
  ],
  [
    'script as an address',
    { ...web, redirectUris: ['https://a.example/', 'javascript:alert(1)'] },
    '/redirectUris/1 InvalidParameter.RedirectUris.Format',
  ],
  [
    'script after sign-out',
    { ...web, postLogoutRedirectUris: ['javascript:alert(1)'] },
    '/postLogoutRedirectUris/0 InvalidParameter.PostLogoutRedirectUris.Format',
  ],
  [
    'script as a logout address',
    { ...web, backchannelLogoutUri: 'javascript:alert(1)' },
    '/backchannelLogoutUri InvalidParameter.BackchannelLogoutUri.Format',
  ],
  [
    'a private scheme for the web',
    { ...web, redirectUris: ['com.example.wiki:/cb'] },
    '/redirectUris/0 InvalidParameter.RedirectUris.Format',
  ],
  [
    'PKCE lifted for a public client',
    { ...web, type: 'spa', pkceRequired: false },
    '/pkceRequired InvalidParameter.PkceRequired.NotSupported',
  ],
  [
    'introspection by a public client',
    { ...web, type: 'native', resourceServer: true },
    '/resourceServer InvalidParameter.ResourceServer.NotSupported',
  ],
  [
    'a service with an address',
    { ...web, type: 'service' },
    '/redirectUris InvalidParameter.RedirectUris.NotSupported',
  ],
  [
    'a service with API access',
    { displayName: 'G', type: 'service', apiAccess: 'read' },
    '/apiAccess InvalidParameter.ApiAccess.NotSupported',
  ],
  [
    'a service as first party',
    { displayName: 'G', type: 'service', firstParty: true },
    '/firstParty InvalidParameter.FirstParty.NotSupported',
  ],
  [
    'a token that lives a day',
    { ...web, accessTokenTtlSeconds: 86_400 },
    '/accessTokenTtlSeconds InvalidParameter.AccessTokenTtlSeconds.Range',
  ],
  [
    'a grace of more than a minute',
    { ...web, refreshTokenGraceSeconds: 61 },
    '/refreshTokenGraceSeconds InvalidParameter.RefreshTokenGraceSeconds.Range',
  ],
  [
    'a grace before the use',
    { ...web, refreshTokenGraceSeconds: -1 },
    '/refreshTokenGraceSeconds InvalidParameter.RefreshTokenGraceSeconds.Range',
  ],
  [
    'a level that every logon has',
    { ...web, requiredAcr: 'urn:postern:acr:pwd' },
    '/requiredAcr InvalidParameter.RequiredAcr.Value',
  ],
  [
    'a service with a level of logon',
    { displayName: 'G', type: 'service', requiredAcr: 'urn:postern:acr:mfa' },
    '/requiredAcr InvalidParameter.RequiredAcr.NotSupported',
  ],
  [
    'an unsigned ID token',
    { ...web, idTokenSignedResponseAlg: 'none' },
    '/idTokenSignedResponseAlg InvalidParameter.IdTokenSignedResponseAlg.Value',
  ],
  [
    'a name of its own choice',
    { ...web, clientId: 'app_00000000000000000000' },
    '/clientId InvalidParameter.UnknownField',
  ],
  [
    'a control character in its name',
    { ...web, displayName: 'Wi\u0007ki' },
    '/displayName InvalidParameter.DisplayName.InvalidChars',
  ],
])('refused: %s', (_name, input, fault) => {
  expect(faultsOf(input)).toEqual([fault]);
});

test.each([
  ['native', null, 5],
  ['spa', null, 5],
  ['web', null, 0],
  ['service', null, 0],
  ['native', 0, 0],
  ['web', 7, 7],
] as const)(
  'a used refresh token of a %s application that says %s is answered again for %i s',
  (type, said, seconds) => {
    expect(refreshGraceSeconds({ type, refreshTokenGraceSeconds: said })).toBe(seconds);
  },
);

test('faults of fields and of what they ask of one another are told at once', () => {
  const faults = faultsOf({
    displayName: '',
    type: 'spa',
    redirectUris: ['javascript:alert(1)', 'http://app.example.com'],
    postLogoutRedirectUris: 'https://app.example.com',
    firstParty: 'yes',
    resourceServer: true,
    owner: 'x',
  });
  expect(faults.map((fault) => fault.replace(/ .*/, '')).sort()).toEqual([
    '/displayName',
    '/firstParty',
    '/owner',
    '/postLogoutRedirectUris',
    '/redirectUris/0',
    '/redirectUris/1',
    '/resourceServer',
  ]);
});
