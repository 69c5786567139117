// Keys of the page: / j k l + m ?. Enter opens what has the focus, as everywhere.
const ROW = ".row .main[href], .story summary";

export function listen(actions) {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const does = {
      "/": () => document.getElementById("search")?.focus(),
      j: () => move(1),
      k: () => move(-1),
      l: () => actions.lose(focusedOrder()),
      "+": actions.advance,
      m: actions.mark,
      "?": () => document.getElementById("help").showModal(),
    }[event.key];
    if (!does) return;
    event.preventDefault();
    does();
  });
}

function move(steps) {
  const rows = [...document.querySelectorAll(ROW)];
  const here = rows.indexOf(document.activeElement);
  const next = here < 0 ? (steps > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, here + steps));
  rows[next]?.focus();
}

function focusedOrder() {
  const row = document.activeElement?.closest("[data-order]") || document.querySelector("section[data-order]");
  return row ? row.dataset.order : "";
}

function isTyping(element) {
  return element instanceof HTMLElement && element.matches("input, textarea, select");
}
