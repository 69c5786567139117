import { begin, onSubmit, wireControls } from './acting.js';

const SAMPLE = { cardNumber: '5365101234121234', cardExpirationYear: '35', cardExpirationMonth: '12', customerIdentityNumber: '900101', cardPassword: '12' };

function digits(form, name) {
  return (form.elements[name]?.value ?? '').replace(/\D/g, '');
}

function readMeans(form) {
  if (!form.elements.cardNumber) return { bank: form.elements.bank.value };
  return {
    card: {
      cardNumber: digits(form, 'cardNumber'),
      cardExpirationMonth: digits(form, 'expiry').slice(0, 2),
      cardExpirationYear: digits(form, 'expiry').slice(2, 4),
      customerIdentityNumber: digits(form, 'identity'),
      cardPassword: digits(form, 'password'),
    },
  };
}

/** The card that the tester's control registers, whatever the fields hold. */
function sampleMeans(form) {
  return form.elements.cardNumber ? { card: SAMPLE } : readMeans(form);
}

function findProblem(form, words) {
  for (const field of form.querySelectorAll('[data-digits]')) {
    const count = field.value.replace(/\D/g, '').length;
    const [least, most] = field.dataset.digits.split('-').map(Number);
    if (count < least || count > most) return { field, message: field.dataset.wrong };
  }
  return form.elements.agree.checked ? null : { field: form.elements.agree, message: words.agreeFirst };
}

begin((form) => {
  onSubmit(findProblem, () => ({ action: 'authenticate', ...readMeans(form) }));
  wireControls({ authenticate: () => ({ action: 'authenticate', ...sampleMeans(form) }) });
});
