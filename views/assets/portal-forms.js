// A passkey is asked for only once the rest of its form is filled in: what the browser has made cannot be taken back.

for (const button of document.querySelectorAll('[data-passkey]')) {
  const check = (event) => {
    if (event.target === button && !button.form.reportValidity()) event.stopImmediatePropagation();
  };
  button.form.addEventListener('click', check, { capture: true });
}
