// Comforts of the forms; every page works without them.

function submitOnce(form) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.busy !== undefined) return event.preventDefault();
    form.dataset.busy = '';
    (event.submitter ?? form).setAttribute('aria-busy', 'true');
  });
}

// A page that comes back from the browser's history has not been sent yet.
function readyAgain(form) {
  delete form.dataset.busy;
  for (const busy of [form, ...form.querySelectorAll('[aria-busy]')]) busy.removeAttribute('aria-busy');
}

function revealOnDemand(button) {
  const input = document.getElementById(button.dataset.reveals);
  const word = button.firstChild;
  const show = (shown) => {
    input.type = shown ? 'text' : 'password';
    word.data = shown ? button.dataset.hide : button.dataset.show;
  };
  button.hidden = false;
  button.addEventListener('click', () => {
    show(input.type === 'password');
    input.focus();
  });
  // Password managers look for a password field, and text fields end up in the browser's history of entries.
  input.form.addEventListener('submit', () => show(false));
}

function warnOfCapsLock(input) {
  const hint = document.getElementById(`${input.id}-caps-lock`);
  const tell = (on) => {
    const text = on ? input.dataset.capsLock : '';
    if (hint.textContent !== text) hint.textContent = text;
  };
  for (const type of ['keydown', 'keyup']) {
    input.addEventListener(type, (event) => tell(event.getModifierState?.('CapsLock') ?? false));
  }
  input.addEventListener('blur', () => tell(false));
}

// All accounts share one origin, so a password manager has to keep `user@alias`, not the bare name.
function nameTheAccount(input) {
  input.form.addEventListener('submit', () => {
    const name = input.value.trim();
    if (name !== '' && !name.includes('@')) input.value = `${name}@${input.dataset.alias}`;
  });
}

function countDown(element) {
  const end = Date.now() + Number(element.dataset.countdown) * 1000;
  const timer = setInterval(() => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left > 0) {
      element.textContent = inWords(left);
    } else {
      clearInterval(timer);
      const paragraph = element.closest('p');
      paragraph.textContent = paragraph.dataset.over;
    }
  }, 1000);
}

function inWords(seconds) {
  const [amount, unit] = seconds < 60 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute'];
  return new Intl.NumberFormat(document.documentElement.lang, { style: 'unit', unit, unitDisplay: 'long' }).format(amount);
}

const forms = document.querySelectorAll('form');
forms.forEach(submitOnce);
addEventListener('pageshow', () => forms.forEach(readyAgain));
document.querySelectorAll('[data-reveals]').forEach(revealOnDemand);
document.querySelectorAll('[type=password]').forEach(warnOfCapsLock);
document.querySelectorAll('[data-alias]').forEach(nameTheAccount);
document.querySelectorAll('[data-countdown]').forEach(countDown);
