import { reportWhenAsked, tellHeight, tellReady, tellScript } from './widget.js';

const form = document.querySelector('form');

function readTerms() {
  return Array.from(form.querySelectorAll('[data-term]'), (term) => {
    const box = term.querySelector('input');
    return {
      id: box.name,
      agreed: box.checked,
      required: true,
      title: term.querySelector('[data-title]').textContent,
      content: term.querySelector('[data-content]').textContent,
    };
  });
}

/** One line stands for all terms, and follows them. */
const all = form.querySelector('[data-all]');

function follow(changed) {
  const boxes = Array.from(form.querySelectorAll('[data-term] input'));
  if (changed === all) for (const box of boxes) box.checked = all.checked;
  const agreed = boxes.filter((box) => box.checked).length;
  all.checked = agreed === boxes.length;
  all.indeterminate = agreed > 0 && !all.checked;
}

form.addEventListener('change', (event) => {
  follow(event.target);
  tellScript({ type: 'terms', terms: readTerms() });
});
reportWhenAsked(() => ({ terms: readTerms() }));
tellHeight();
tellReady({ terms: readTerms() });
