// Private-use schemes of native apps are reverse domain names (RFC 8252 section 7.1), so one with a dot is never a scheme
// that a browser runs or reads itself (javascript:, data:, blob:, file: ...).
const allowedScheme = /^(?:https?|otpauth|[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+):[^\s\\]*$/i;
const ownPath = /^\/(?![/\\])[^\s\\]*$/;

/** The address if a link or form may lead there, else `#`: addresses of apps are registered by others, and checked at use too. */
export function safeHref(address: unknown): string {
  const text = String(address);
  return ownPath.test(text) || allowedScheme.test(text) ? text : '#';
}
