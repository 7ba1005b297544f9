// Sends requests from the pages of the API. The token stays in its field: it is stored nowhere, and no cookie goes along.

const holder = document.getElementById('token');
const shownHeaders = ['location', 'etag', 'retry-after', 'ratelimit', 'x-request-id'];

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function field(label, control) {
  return element('label', {}, element('span', { textContent: label }), control);
}

const token = element('input', { type: 'password', autocomplete: 'off', spellcheck: false });
const tokenForm = element(
  'form',
  { className: 'try' },
  field('Access token, to try requests with (forgotten when you leave this page)', token),
);
tokenForm.addEventListener('submit', (event) => event.preventDefault());
holder.append(tokenForm);
holder.hidden = false;

function addressOf(path, controls) {
  const query = new URLSearchParams();
  let filled = path;
  for (const { place, name, control } of controls) {
    if (place === 'path') filled = filled.replace(`{${name}}`, encodeURIComponent(control.value));
    if (place === 'query' && control.value !== '') query.set(name, control.value);
  }
  return `${holder.dataset.api}${filled}${query.size > 0 ? `?${query}` : ''}`;
}

function headersOf(controls, bodyType) {
  const headers = { Authorization: `Bearer ${token.value.trim()}`, Accept: 'application/json' };
  if (bodyType !== undefined) headers['Content-Type'] = bodyType;
  for (const { place, name, control } of controls) {
    if (place === 'header' && control.value !== '') headers[name] = control.value;
  }
  return headers;
}

function readable(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

async function describe(answer) {
  const headers = shownHeaders.filter((name) => answer.headers.has(name));
  const lines = headers.map((name) => `${name}: ${answer.headers.get(name)}`);
  return [`${answer.status} ${answer.statusText}`, ...lines, '', readable(await answer.text())].join('\n');
}

function makeForm(section) {
  const controls = [...section.querySelectorAll('[data-parameter]')].map(({ dataset }) => ({
    name: dataset.parameter,
    place: dataset.place,
    control: element('input', { value: dataset.place === 'path' ? dataset.example : '', autocomplete: 'off' }),
  }));
  const example = section.querySelector('[data-body]');
  const body = example && element('textarea', { value: example.textContent, spellcheck: false });
  const output = element('pre', { tabIndex: 0, hidden: true });
  output.setAttribute('aria-live', 'polite');
  const form = element(
    'form',
    { className: 'try' },
    ...controls.map(({ name, control }) => field(name, control)),
    ...(body ? [field('Body', body)] : []),
    element('button', { textContent: 'Send' }),
    output,
  );
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    output.hidden = false;
    output.textContent = '…';
    try {
      const answer = await fetch(addressOf(section.dataset.path, controls), {
        method: section.dataset.method,
        headers: headersOf(controls, example?.dataset.body),
        ...(body && { body: body.value }),
        credentials: 'omit',
        cache: 'no-store',
        redirect: 'error',
      });
      output.textContent = await describe(answer);
    } catch (error) {
      output.textContent = `Not sent: ${error.message}`;
    }
  });
  return form;
}

for (const section of document.querySelectorAll('.operation')) {
  const details = element('details', {}, element('summary', { textContent: 'Try it' }));
  details.addEventListener('toggle', () => details.querySelector('form') ?? details.append(makeForm(section)));
  section.append(details);
}
