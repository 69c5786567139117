import { keepChoices, restoreChoices } from './choices.js';
import { findProblem, followMethod, readSelection } from './selection.js';
import { isShown } from './shown.js';
import { onScript, tellReady, tellScript } from './widget.js';

const form = document.querySelector('form');
const problem = document.querySelector('[data-testid="problem"]');

function close() {
  // The script takes the frame away at once; a press is over by then, or what drives a browser waits for its end in vain.
  setTimeout(() => tellScript({ type: 'cancel' }));
}

function goOn(event) {
  event.preventDefault();
  const found = findProblem(form, document.body.dataset);
  problem.textContent = found?.message ?? '';
  if (found) found.field.focus();
  else tellScript({ type: 'picked', selection: readSelection(form) });
}

followMethod(form);
form.addEventListener('submit', goOn);
document.querySelector('[data-action="close"]').addEventListener('click', close);
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') close();
});
onScript((message) => {
  if (message.type === 'close') close();
});
restoreChoices(form);
keepChoices(form);
await isShown();
for (const button of document.querySelectorAll('button')) button.disabled = false;
tellReady({ selection: readSelection(form) });
