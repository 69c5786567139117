import { followMethod, readSelection } from './selection.js';
import { onScript, reportWhenAsked, tellHeight, tellReady, tellScript } from './widget.js';

const LEAST_WITH_INSTALLMENTS = 50000;
const form = document.querySelector('form');

function followAmount(amount) {
  const months = form.elements.installmentMonths;
  const isTooSmall = amount < LEAST_WITH_INSTALLMENTS;
  if (isTooSmall) months.value = '0';
  months.disabled = isTooSmall;
  form.querySelector('[data-months-hint]').hidden = !isTooSmall;
}

function tellSelection() {
  tellScript({ type: 'selection', selection: readSelection(form) });
}

followMethod(form);
form.addEventListener('change', tellSelection);
form.addEventListener('input', tellSelection);
form.addEventListener('submit', (event) => event.preventDefault());
onScript((message) => {
  if (message.type !== 'amount') return;
  followAmount(message.amount);
  tellSelection();
});
reportWhenAsked(() => ({ selection: readSelection(form) }));
tellHeight();
tellReady({ selection: readSelection(form) });
