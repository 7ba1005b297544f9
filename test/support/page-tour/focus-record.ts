/**
 * Runs in the page: from now on notes which controls the focus comes to, and which of them look the same with and without it. Answers how many
 * controls there are.
 */
export const recordFocus = `(() => {
  const controls = [...document.querySelectorAll('a[href], button, input, select, textarea, summary')].filter(
    (one) => !one.disabled && one.type !== 'hidden' && one.checkVisibility(),
  );
  const shown = ({ outlineStyle, outlineWidth, outlineColor }) =>
    outlineStyle === 'none' || parseFloat(outlineWidth) === 0 || /, 0\\)$/.test(outlineColor)
      ? ''
      : [outlineStyle, outlineWidth, outlineColor].join(' ');
  const look = (one) => {
    const own = getComputedStyle(one);
    const around = getComputedStyle(one.closest('.control') ?? one);
    return [shown(own), own.boxShadow, around.boxShadow, around.borderColor].join(' | ');
  };
  document.activeElement.blur();
  const record = { controls, looks: controls.map(look), reached: new Set(), unseen: new Set() };
  document.addEventListener('focusin', ({ target }) => {
    const at = controls.indexOf(target);
    record.reached.add(at);
    if (at >= 0 && look(target) === record.looks[at]) record.unseen.add(at);
  });
  globalThis.focusRecord = record;
  return controls.length;
})()`;

/** Runs in the page: the controls that the focus did not come to, and those on which it did not show. */
export const recordedFocus = `(() => {
  const { controls, reached, unseen } = globalThis.focusRecord;
  const tag = (one) => one.outerHTML.slice(0, one.outerHTML.indexOf('>') + 1).replace(/\\s+/g, ' ');
  document.activeElement.blur();
  return {
    missed: controls.filter((_one, at) => !reached.has(at)).map(tag),
    unseen: controls.filter((_one, at) => unseen.has(at)).map(tag),
  };
})()`;
