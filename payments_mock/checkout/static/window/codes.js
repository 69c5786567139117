/** The lists of codes in the tester's drawer: loaded when it first opens, and searched by typing. */
const grid = document.querySelector('[data-codes-from]');
const lists = Array.from(document.querySelectorAll('select[data-codes]'));
let loading = null;

/** Fill the lists once; what is asked for meanwhile waits for the same answer. */
export function loadCodes() {
  loading ??= fetch(grid.dataset.codesFrom)
    .then((response) => response.json())
    .then(({ groups }) => {
      const search = document.getElementById('code-search');
      const show = () => showMatches(groups, search.value.trim().toLowerCase());
      search.addEventListener('input', show);
      show();
    })
    .catch(() => {
      loading = null;
    });
  return loading;
}

function showMatches(groups, wanted) {
  const isMatch = ({ code, search }) => `${code} ${search}`.toLowerCase().includes(wanted);
  const matches = groups
    .map(({ label, codes }) => ({ label, codes: codes.filter(isMatch) }))
    .filter(({ codes }) => codes.length > 0);
  const count = matches.reduce((sum, { codes }) => sum + codes.length, 0);
  for (const list of lists) fill(list, matches);
  const said = count ? grid.dataset.found.replace('{count}', count) : grid.dataset.none;
  document.getElementById('code-count').textContent = said;
}

function fill(list, groups) {
  const before = list.value || list.dataset.chosen;
  list.replaceChildren(...groups.map(({ label, codes }) => {
    const group = document.createElement('optgroup');
    group.label = label;
    group.append(...codes.map(({ code, message }) => new Option(`${code} — ${message}`, code)));
    return group;
  }));
  if (Array.from(list.options, (option) => option.value).includes(before)) list.value = before;
  list.closest('section').querySelector('[data-test]').disabled = groups.length === 0;
}
