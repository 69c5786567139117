/** What was chosen outlives a switch of the language, which loads the page again. */
const PLACE = 'payments-mock-choices';

function readAll(form) {
  const fields = [...form.elements, ...document.querySelectorAll('.tests input, .tests select')];
  return fields.filter((field) => field.name || field.id).map((field) => {
    const isTicked = field.type === 'radio' || field.type === 'checkbox';
    return { name: field.name, id: field.id, value: field.value, ...(isTicked ? { checked: field.checked } : {}) };
  });
}

function find(form, { name, id, value, checked }) {
  if (!name) return document.getElementById(id);
  const named = Array.from(form.elements).filter((field) => field.name === name);
  return checked === undefined ? named[0] : named.find((field) => field.value === value);
}

/** Keep the choices of `form` and of the tester's drawer for the page that a language's link leads to. */
export function keepChoices(form) {
  for (const link of document.querySelectorAll('.languages a')) {
    link.addEventListener('click', () => {
      const kept = { path: location.pathname, token: document.body.dataset.token, fields: readAll(form) };
      try {
        sessionStorage.setItem(PLACE, JSON.stringify(kept));
      } catch {
        // A browser that blocks storage in frames forgets what was chosen; nothing else is lost.
      }
    });
  }
}

function takeKept() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(PLACE) ?? 'null');
    sessionStorage.removeItem(PLACE);
    return kept;
  } catch {
    return null;
  }
}

/** Choose again what was chosen in the same window before the language was switched. */
export function restoreChoices(form) {
  const kept = takeKept();
  if (kept?.path !== location.pathname || kept.token !== document.body.dataset.token) return;
  for (const field of kept.fields) {
    const found = find(form, field);
    if (!found) continue;
    if (field.checked === undefined) keepValue(found, field.value);
    else found.checked = field.checked;
    if (found.checked) found.closest('details.more')?.setAttribute('open', '');
  }
  form.dispatchEvent(new Event('change', { bubbles: true }));
}

function keepValue(field, value) {
  // The codes of the drawer come later; they begin with the one that was chosen.
  if (field.dataset.codes !== undefined) field.dataset.chosen = value || field.dataset.chosen;
  else field.value = value;
}
