/** What samples of pages have in common. */
export const logonForm = {
  action: '/acme/logon/7hQ2mXw0bT4nVd9zKc1sR?client_id=app_4fzq8w1k2m6t0r5y',
  csrf: 'dGhlLXRva2VuLW9mLXRoaXMtbG9nb24',
} as const;
export const principalForm = { ...logonForm, principal: 'alice@acme' } as const;

/** As long as names get. */
export const longName = 'Grundstücksverkehrsgenehmigungszuständigkeitsübertragungsverordnung';
export const longAlias = 'the-longest-alias-that-an-account-can-have-is-51-ch';
