// The journal of a sandbox, the newest call on top, and among them the calls whose key nobody has.
import { get, ofSandbox } from "./api.js";
import { insideOfCall } from "./details.js";
import { at, attempt, button, keyed, make, put } from "./dom.js";
import { adopt } from "./flow.js";
import { note, read } from "./place.js";
import { matches } from "./searches.js";
import { clockTime } from "./times.js";
import { offerTick, watcher } from "./watch.js";
import { browserWords, word } from "./words.js";

const FIRST = 100;
const MOST = 500;
const MOST_STRAYS = 20;

export function open(main, sandbox) {
  const root = make("requests");
  main.replaceChildren(root);
  const search = root.querySelector("#search");
  search.value = read().q;
  const watch = watcher(at(root, "watched"), at(root, "rows"), sandbox);
  let entries = [];
  let strays = [];
  let led = null;
  let hasOlder = false;
  search.addEventListener("input", () => {
    note({ q: search.value });
    draw(root, sandbox, [...entries, ...strays]);
  });
  at(root, "older").addEventListener("click", () => attempt(async () => {
    const told = await page(sandbox, `before=${entries[entries.length - 1].id}`);
    hasOlder = told.length === FIRST;
    entries = [...entries, ...told].slice(0, MOST);
    draw(root, sandbox, [...entries, ...strays]);
    at(root, "older").hidden = !hasOlder || entries.length >= MOST;
  }));
  return {
    refresh: async () => {
      const newest = entries.length ? entries[0].id : 0;
      const [told, { strayCalls }] = await Promise.all([page(sandbox, `after=${newest}`), get(`stray-calls?limit=${MOST_STRAYS}`)]);
      strays = strayCalls.map((call) => ({ ...call, isStray: true }));
      if (!newest || told.length === FIRST) hasOlder = told.length === FIRST;
      // What is not read in one look hides what lies between: then the page begins anew.
      entries = told.length === FIRST ? told : [...told, ...entries].slice(0, MOST);
      led = led || leadTo(sandbox, entries);
      draw(root, sandbox, [...entries, ...(await led), ...strays]);
      at(root, "older").hidden = !hasOlder || entries.length >= MOST;
      await watch.refresh();
    },
  };
}

// The call that the address names, where the newest are others.
async function leadTo(sandbox, entries) {
  const { id } = read();
  const isThere = !id || entries.some((entry) => String(entry.id) === id);
  const told = isThere ? null : await attempt(() => get(ofSandbox(sandbox.id, `journal/${encodeURIComponent(id)}`)));
  return told ? [told] : [];
}

// The newest calls first.
async function page(sandbox, query) {
  const { entries } = await get(ofSandbox(sandbox.id, `journal?lane=all&order=newest&limit=${FIRST}&${query}`));
  return entries;
}

const cameAt = (call) => call.receivedAt || call.at;
const keyOf = (call) => `${call.isStray ? "stray " : ""}${call.id}`;

function draw(root, sandbox, entries) {
  const { q, from, id } = read();
  const all = [...new Map(entries.map((call) => [keyOf(call), call])).values()];
  const shown = all.filter((call) => (!from || call.at > from) && matches(call, q)).sort((one, other) => cameAt(other).localeCompare(cameAt(one)));
  keyed(at(root, "rows"), shown, keyOf, (call) => (call.isStray ? makeStray(sandbox, call) : makeRow(sandbox, call, id)), () => {});
  const empty = at(root, "empty");
  const isOwn = (call) => !call.isStray;
  empty.hidden = shown.some(isOwn);
  empty.textContent = word(all.some(isOwn) ? "nothing_found" : "no_requests");
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

// A call that is in no journal: what is known of it, and a way to give its key to a sandbox.
function makeStray(sandbox, call) {
  const made = make("story-row");
  made.dataset.testid = "stray";
  made.classList.add("trouble-row");
  put(made, { time: clockTime(call.at, true), lane: word("unknown_key"), did: `${call.method} ${call.path}`, outcome: `→ ${call.status}${call.code ? ` ${call.code}` : ""}` });
  const inside = at(made, "inside");
  inside.textContent = [call.key || word("no_key"), call.why].filter(Boolean).join(" · ");
  if (call.adoptable) inside.append(" ", button("adopt", () => adopt(sandbox, call)));
  return made;
}
