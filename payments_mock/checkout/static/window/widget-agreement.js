import { reportWhenAsked, tellHeight, tellReady, tellScript } from './widget.js';

const form = document.querySelector('form');

function readTerms() {
  return Array.from(form.querySelectorAll('.agreement'), (term) => {
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

form.addEventListener('change', () => tellScript({ type: 'terms', terms: readTerms() }));
reportWhenAsked(() => ({ terms: readTerms() }));
tellHeight();
tellReady({ terms: readTerms() });
