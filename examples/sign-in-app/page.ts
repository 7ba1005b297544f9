/** What the page shows of somebody who is signed in. */
export interface SignedIn {
  claims: Readonly<Record<string, unknown>>;
  userinfo?: Readonly<Record<string, unknown>>;
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => escapes[character] ?? '');

const instants: readonly string[] = ['iat', 'exp', 'auth_time', 'updated_at'];

function formatClaim(name: string, value: unknown): string {
  if (instants.includes(name) && typeof value === 'number') return new Date(value * 1000).toISOString();
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function claimsTable(caption: string, claims: Readonly<Record<string, unknown>>): string {
  const rows = Object.entries(claims).map(
    ([name, value]) => `<tr><th scope="row">${escape(name)}</th><td>${escape(formatClaim(name, value))}</td></tr>`,
  );
  return `<table><caption>${escape(caption)}</caption><tbody>${rows.join('')}</tbody></table>`;
}

const button = (action: string, label: string): string =>
  `<form method="post" action="${action}"><button>${label}</button></form>`;

const signedInPart = ({ claims, userinfo }: SignedIn): string => `
<p>Signed in as <strong>${escape(String(claims['name'] ?? claims['preferred_username'] ?? claims['sub']))}</strong>.</p>
${claimsTable('Claims of the ID token, its signature checked', claims)}
${userinfo === undefined ? '' : claimsTable('What userinfo says', userinfo)}
<div class="actions">${button('/userinfo', 'Ask userinfo')}${button('/refresh', 'Refresh the tokens')}${button('/sign-out', 'Sign out')}</div>`;

const signedOutPart = `
<p>Nobody is signed in here. This app sends you to Postern, which sends you back with proof of who you are.</p>
<p><a class="button" href="/sign-in">Sign in</a></p>`;

export const renderPage = (signedIn: SignedIn | undefined, note: string | undefined): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign-in example</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main>
<h1>Sign-in example</h1>
${note === undefined ? '' : `<p class="note" role="status">${escape(note)}</p>`}
${signedIn === undefined ? signedOutPart : signedInPart(signedIn)}
</main>
</body>
</html>
`;

export const style = `
:root { color-scheme: light dark; --ink: light-dark(#1b1f24, #e8eaed); --quiet: light-dark(#5b6470, #a3abb5);
  --line: light-dark(#d9dde2, #363c44); --page: light-dark(#f4f5f7, #14171b); --sheet: light-dark(#fff, #1d2126);
  --accent: light-dark(#1d4ed8, #8ab4ff); --on-accent: light-dark(#fff, #10131a); }
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); }
main { max-inline-size: 44rem; margin: 10vh auto; padding: 2rem; background: var(--sheet); border: 1px solid var(--line);
  border-radius: 0.75rem; }
h1 { margin-block-start: 0; font-size: 1.4rem; }
table { inline-size: 100%; border-collapse: collapse; margin-block: 1.5rem; }
caption { text-align: start; color: var(--quiet); padding-block-end: 0.5rem; }
th, td { text-align: start; vertical-align: top; padding: 0.4rem 0.6rem; border-block-start: 1px solid var(--line); }
th { font-weight: 600; white-space: nowrap; inline-size: 11rem; }
td { font-family: ui-monospace, monospace; font-size: 0.9rem; overflow-wrap: anywhere; }
.actions { display: flex; flex-wrap: wrap; gap: 0.75rem; }
button, .button { font: inherit; display: inline-block; padding: 0.5rem 1.1rem; border: 0; border-radius: 0.5rem;
  background: var(--accent); color: var(--on-accent); text-decoration: none; cursor: pointer; }
:is(button, .button):focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.note { padding: 0.6rem 0.9rem; border-inline-start: 4px solid var(--accent); background: var(--page); }
@media (max-width: 40rem) { main { margin: 0; border: 0; border-radius: 0; } th { inline-size: auto; } }
`;
