// The journal of a sandbox, the newest call on top.
import { get, ofSandbox } from "./api.js";
import { insideOfCall } from "./details.js";
import { at, attempt, keyed, make, put } from "./dom.js";
import { note, read } from "./place.js";
import { matches } from "./searches.js";
import { clockTime } from "./times.js";
import { offerTick, watcher } from "./watch.js";
import { browserWords, word } from "./words.js";

const FIRST = 100;
const MOST = 500;

export function open(main, sandbox) {
  const root = make("requests");
  main.replaceChildren(root);
  const search = root.querySelector("#search");
  search.value = read().q;
  const watch = watcher(at(root, "watched"), at(root, "rows"), sandbox);
  let entries = [];
  let hasOlder = false;
  search.addEventListener("input", () => {
    note({ q: search.value });
    draw(root, sandbox, entries);
  });
  at(root, "older").addEventListener("click", () => attempt(async () => {
    const told = await page(sandbox, `before=${entries[entries.length - 1].id}`);
    hasOlder = told.length === FIRST;
    entries = [...entries, ...told].slice(0, MOST);
    draw(root, sandbox, entries);
    at(root, "older").hidden = !hasOlder || entries.length >= MOST;
  }));
  return {
    refresh: async () => {
      const newest = entries.length ? entries[0].id : 0;
      const told = await page(sandbox, `after=${newest}`);
      if (!newest || told.length === FIRST) hasOlder = told.length === FIRST;
      // What is not read in one look hides what lies between: then the page begins anew.
      entries = told.length === FIRST ? told : [...told, ...entries].slice(0, MOST);
      draw(root, sandbox, entries);
      at(root, "older").hidden = !hasOlder || entries.length >= MOST;
      await watch.refresh();
    },
  };
}

// The newest calls first.
async function page(sandbox, query) {
  const { entries } = await get(ofSandbox(sandbox.id, `journal?lane=all&order=newest&limit=${FIRST}&${query}`));
  return entries;
}

function draw(root, sandbox, entries) {
  const { q, from, id } = read();
  const shown = entries.filter((entry) => (!from || entry.at > from) && matches(entry, q));
  keyed(at(root, "rows"), shown, (entry) => String(entry.id), (entry) => makeRow(sandbox, entry, id), () => {});
  const empty = at(root, "empty");
  empty.hidden = shown.length > 0;
  empty.textContent = entries.length ? word("nothing_found") : word("no_requests");
}

function makeRow(sandbox, entry, id) {
  const made = make("story-row");
  const details = made.querySelector("details");
  const isBad = entry.status >= 400 || entry.sent !== "answer";
  made.classList.toggle("trouble-row", isBad);
  if (entry.orderId) made.dataset.order = entry.orderId;
  const isAct = entry.lane === "shopper";
  made.dataset.lane = isAct ? "shopper" : "";
  if (!isAct) offerTick(made, entry);
  put(made, { time: clockTime(entry.at, true), lane: isAct ? word("lane_shopper") : entry.operation, did: isAct ? browserWords(entry) : `${entry.method} ${entry.path}`, outcome: `→ ${entry.status}${entry.code ? ` ${entry.code}` : ""}${entry.faults.length ? ` · ${entry.faults.join(", ")}` : ""}` });
  details.addEventListener("toggle", () => {
    const inside = at(made, "inside");
    if (details.open && !inside.firstElementChild) inside.replaceChildren(insideOfCall(sandbox, entry));
  });
  if (String(entry.id) === id) details.open = true;
  return made;
}
