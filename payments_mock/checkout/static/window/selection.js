/** What the shopper picked, as the server takes it; null where nothing is picked. */
export function readSelection(form) {
  const fields = new FormData(form);
  const method = fields.get('method');
  const selection = { method };
  if (method === 'CARD') {
    if (fields.get('issuer')) selection.issuer = fields.get('issuer');
    selection.installmentMonths = Number(form.elements.installmentMonths?.value ?? 0);
  } else if (method === 'EASY_PAY') {
    selection.easyPay = form.querySelector('[name="method"]:checked').dataset.wallet ?? fields.get('easyPay');
    if (fields.get('easyPayWith')) selection.easyPayWith = fields.get('easyPayWith');
  } else if (method === 'TRANSFER') {
    selection.bank = fields.get('transferBank');
  } else if (method === 'VIRTUAL_ACCOUNT') {
    selection.bank = fields.get('accountBank');
    selection.depositor = fields.get('depositor').trim();
  } else if (method === 'MOBILE_PHONE') {
    selection.mobilePhone = fields.get('mobilePhone').replace(/[\s-]/g, '');
  }
  return method ? selection : null;
}

/** The field that keeps the shopper from going on, and why; null where all is well. */
export function findProblem(form, words) {
  const selection = readSelection(form);
  if (selection.depositor === '') return { field: form.elements.depositor, message: words.depositorMissing };
  if ('mobilePhone' in selection && !/^[0-9]{8,15}$/.test(selection.mobilePhone)) {
    return { field: form.elements.mobilePhone, message: words.phoneWrong };
  }
  if (form.elements.agree && !form.elements.agree.checked) {
    return { field: form.elements.agree, message: words.agreeFirst };
  }
  return null;
}

/** Show the fields of the picked method alone, from now on. */
export function followMethod(form) {
  const show = () => {
    const picked = new FormData(form).get('method') ?? '';
    const wanted = picked.endsWith('GIFT_CERTIFICATE') ? 'GIFT' : picked;
    for (const detail of form.querySelectorAll('[data-detail]')) detail.hidden = detail.dataset.detail !== wanted;
  };
  form.addEventListener('change', show);
  show();
}
