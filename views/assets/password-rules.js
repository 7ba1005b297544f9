// Checks the rules off as one types. The server alone decides.

// As the server measures it (src/crypto/prepared-password.ts).
const prepared = (typed) => typed.replaceAll(/\p{Zs}/gu, ' ').normalize('NFC');

const checks = {
  'min-length': (password, value) => [...password].length >= Number(value),
  'max-length': (password, value) => password !== '' && [...password].length <= Number(value),
  'min-different': (password, value) => new Set(password).size >= Number(value),
  lowercase: (password) => /\p{Ll}/u.test(password),
  uppercase: (password) => /\p{Lu}/u.test(password),
  number: (password) => /\p{Nd}/u.test(password),
  symbol: (password) => /[^\p{L}\p{N}\s]/u.test(password),
  'not-contain': (password, value) => password !== '' && !password.toLowerCase().includes(value.toLowerCase()),
};

function checkOff(list) {
  const input = document.getElementById(list.dataset.rulesFor);
  const rules = [...list.querySelectorAll('[data-check]')];
  const update = () => {
    for (const rule of rules) {
      const met = checks[rule.dataset.check](prepared(input.value), rule.dataset.value);
      rule.classList.toggle('met', met);
      rule.lastElementChild.textContent = met ? ` ${list.dataset.met}` : '';
    }
  };
  input.addEventListener('input', update);
  update();
}

function compare(hint) {
  const [first, second] = hint.dataset.matches.split(' ').map((id) => document.getElementById(id));
  const update = () => {
    // Nothing to say until the second could be complete: nobody likes to be corrected in mid-word.
    const typed = second.value !== '' && second.value.length >= first.value.length;
    const text = typed ? (first.value === second.value ? hint.dataset.match : hint.dataset.differ) : '';
    if (hint.textContent !== text) hint.textContent = text;
  };
  for (const input of [first, second]) input.addEventListener('input', update);
}

document.querySelectorAll('[data-rules-for]').forEach(checkOff);
document.querySelectorAll('[data-matches]').forEach(compare);
