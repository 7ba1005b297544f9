// Passkeys and security keys: asks the browser for one, and sends its answer with the form that the button stands in. The server alone decides.

const fromBase64url = (text) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));

const toBase64url = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');

const withId = (entity) => ({ ...entity, id: fromBase64url(entity.id) });

// Not every browser reads and writes the JSON of WebAuthn by itself.
function readOptions(json) {
  const { challenge, user, allowCredentials = [], excludeCredentials = [], ...options } = JSON.parse(json);
  return {
    ...options,
    challenge: fromBase64url(challenge),
    allowCredentials: allowCredentials.map(withId),
    excludeCredentials: excludeCredentials.map(withId),
    ...(user && { user: withId(user) }),
  };
}

const said = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'];

function writeCredential({ id, rawId, type, authenticatorAttachment, response, ...credential }) {
  const parts = said.filter((name) => response[name]).map((name) => [name, toBase64url(response[name])]);
  return JSON.stringify({
    id,
    rawId: toBase64url(rawId),
    type,
    authenticatorAttachment,
    response: { ...Object.fromEntries(parts), transports: response.getTransports?.() },
    clientExtensionResults: credential.results,
  });
}

function offer(button) {
  const { form } = button;
  const { passkey: verb, step, failed, known } = button.dataset;
  const publicKey = readOptions(button.dataset.options);
  const status = document.getElementById(button.getAttribute('aria-describedby'));
  let asking;

  const stop = () => asking?.abort();

  async function ask(more = {}) {
    // A browser answers one request at a time.
    stop();
    asking = new AbortController();
    const credential = await navigator.credentials[verb]({ publicKey, signal: asking.signal, ...more });
    asking = undefined;
    send(credential);
  }

  function send(credential) {
    const { id, rawId, type, authenticatorAttachment, response } = credential;
    const results = credential.getClientExtensionResults();
    form.elements.passkey_response.value = writeCredential({
      ...{ id, rawId, type, authenticatorAttachment, response, results },
    });
    if (step) form.elements.step.value = step;
    // What else the form asks for need not be filled in.
    form.noValidate = true;
    form.requestSubmit();
  }

  function tell(error) {
    if (error.name !== 'AbortError') status.textContent = error.name === 'InvalidStateError' ? known : failed;
  }

  // Passkeys among what the browser fills in by itself. Where it will not, there is the button.
  async function fillIn() {
    if (button.dataset.conditional === undefined) return;
    if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
    if (asking === undefined) await ask({ mediation: 'conditional' });
  }

  const begin = () => fillIn().catch(() => undefined);

  button.hidden = false;
  button.addEventListener('click', () => {
    status.textContent = '';
    button.setAttribute('aria-busy', 'true');
    ask()
      .catch((error) => {
        asking = undefined;
        tell(error);
        begin();
      })
      .finally(() => button.removeAttribute('aria-busy'));
  });
  // No other button leads on: by itself, the return key would send the form without a passkey, or do nothing.
  if (button.matches('.primary')) {
    form.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.isComposing || !event.target.matches('input')) return;
      event.preventDefault();
      button.click();
    });
  }
  form.addEventListener('submit', stop);
  addEventListener('pageshow', (event) => event.persisted && begin());
  begin();
}

function refuse(button) {
  document.getElementById(button.getAttribute('aria-describedby')).textContent = button.dataset.unsupported;
}

const isSupported = typeof PublicKeyCredential === 'function';
document.querySelectorAll('[data-passkey]').forEach(isSupported ? offer : refuse);
