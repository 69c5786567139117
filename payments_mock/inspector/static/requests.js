// The journal of a sandbox, the newest call on top.
import { get, ofSandbox } from "./api.js";
import { insideOfCall } from "./details.js";
import { at, keyed, make, put } from "./dom.js";
import { note, read } from "./place.js";
import { matches } from "./searches.js";
import { clockTime } from "./times.js";
import { word } from "./words.js";

const MOST = 500;

export function open(main, sandbox) {
  const root = make("requests");
  main.replaceChildren(root);
  const search = root.querySelector("#search");
  search.value = read().q;
  let entries = [];
  let newest = 0;
  search.addEventListener("input", () => {
    note({ q: search.value });
    draw(root, sandbox, entries);
  });
  return {
    refresh: async () => {
      const told = await behind(sandbox, newest);
      entries = [...entries, ...told].slice(-MOST);
      newest = entries.length ? entries[entries.length - 1].id : 0;
      draw(root, sandbox, entries);
    },
  };
}

async function behind(sandbox, newest) {
  const found = [];
  for (let after = newest; ;) {
    const { entries } = await get(ofSandbox(sandbox.id, `journal?limit=1000&after=${after}`));
    found.push(...entries);
    if (entries.length < 1000) return found;
    after = entries[entries.length - 1].id;
    found.splice(0, Math.max(0, found.length - MOST));
  }
}

function draw(root, sandbox, entries) {
  const { q, from, id } = read();
  const shown = entries.filter((entry) => (!from || entry.at > from) && matches(entry, q)).reverse();
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
  put(made, { time: clockTime(entry.at, true), lane: entry.operation, did: `${entry.method} ${entry.path}`, outcome: `→ ${entry.status}${entry.code ? ` ${entry.code}` : ""}${entry.faults.length ? ` · ${entry.faults.join(", ")}` : ""}` });
  details.addEventListener("toggle", () => {
    const inside = at(made, "inside");
    if (details.open && !inside.firstElementChild) inside.replaceChildren(insideOfCall(sandbox, entry));
  });
  if (String(entry.id) === id) details.open = true;
  return made;
}
