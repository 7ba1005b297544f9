/** What each scope lets an app see, in words. `openid` and `offline_access` are told otherwise. */
const words: Readonly<Record<string, { readonly title: string; readonly description: string }>> = {
  openid: { title: 'Who you are', description: 'A number that stands for you, and when and how you signed in' },
  profile: { title: 'Your profile', description: 'Your display name and logon name' },
  email: { title: 'Your e-mail address', description: 'The address your administrator has noted' },
  phone: { title: 'Your phone number', description: 'The number your administrator has noted' },
  groups: { title: 'Your groups', description: 'The names of the groups you belong to' },
  ram: { title: 'Your account', description: 'The numbers of your account and user' },
};

/** The scopes that were asked for, in words, in the order of the table. */
export const describeScopes = (scopes: readonly string[]): { readonly title: string; readonly description: string }[] =>
  Object.entries(words).flatMap(([scope, text]) => (scopes.includes(scope) ? [text] : []));
