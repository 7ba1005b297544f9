// Buttons that copy a secret or a list of codes; shown only where the browser allows it.

function textOf(element) {
  const items = [...element.querySelectorAll('li')];
  if (items.length > 0) return items.map((item) => item.textContent.trim()).join('\n');
  return element.textContent.replace(/\s/g, '');
}

function copyOnDemand(button) {
  const { copies } = button.dataset;
  const status = document.querySelector(`[data-copy-status="${copies}"]`);
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(textOf(document.getElementById(copies)));
      button.textContent = button.dataset.copied;
      status.textContent = button.dataset.copied;
    } catch {
      status.textContent = button.dataset.refused;
    }
    setTimeout(() => {
      button.textContent = label;
      status.textContent = '';
    }, 3000);
  });
}

if (navigator.clipboard) document.querySelectorAll('[data-copies]').forEach(copyOnDemand);
