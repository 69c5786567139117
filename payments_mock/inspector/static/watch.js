// Calls that were ticked become a verify that is watched: how often each is expected, and whether it holds now.
import { get, ofSandbox } from "./api.js";
import { at, make, put } from "./dom.js";
import { clockTime } from "./times.js";
import { word } from "./words.js";

const NEAREST = 3;

export function offerTick(row, entry) {
  const tick = at(row, "tick");
  row.entry = entry;
  tick.hidden = false;
  tick.setAttribute("aria-label", `${word("tick")}: ${entry.operation || entry.path}`);
}

// Watches what is ticked in a list; `refresh` asks the server whether it still holds.
export function watcher(place, list, sandbox) {
  let panel = null;
  let asking = 0;

  function stop() {
    for (const tick of list.querySelectorAll('[data-at="tick"]:checked')) tick.checked = false;
    refresh();
  }

  async function refresh() {
    const expected = wanted(list);
    if (!expected.length) {
      place.replaceChildren();
      panel = null;
      return;
    }
    if (!panel) {
      panel = make("watch");
      at(panel, "stop").addEventListener("click", stop);
      place.replaceChildren(panel);
    }
    put(panel, { code: expected.map(asLine).join("\n") });
    asking += 1;
    const mine = asking;
    const found = await Promise.all(expected.map((one) => verified(sandbox, one)));
    if (panel && mine === asking) at(panel, "watches").replaceChildren(...found.map(shown));
  }

  list.addEventListener("change", (event) => { if (event.target.matches('[data-at="tick"]')) refresh(); });
  return { refresh };
}

// One expectation for each operation of each order, with how many of its calls are ticked.
function wanted(list) {
  const groups = new Map();
  for (const tick of list.querySelectorAll('[data-at="tick"]:checked')) {
    const { operation, orderId } = tick.parentElement.entry;
    const key = `${operation} ${orderId || ""}`;
    const group = groups.get(key) || { match: { operation, ...(orderId ? { orderId } : {}) }, count: 0 };
    groups.set(key, { ...group, count: group.count + 1 });
  }
  return [...groups.values()];
}

// A refused verify would be an error of this page to the browser, so its calls are counted, and the nearest read.
async function verified(sandbox, expected) {
  const { count } = await get(ofSandbox(sandbox.id, `journal/count?${new URLSearchParams(expected.match)}`));
  if (count === expected.count) return { expected, holds: true };
  const like = new URLSearchParams({ operation: expected.match.operation, order: "newest", limit: String(NEAREST) });
  const { entries } = await get(ofSandbox(sandbox.id, `journal?${like}`));
  return { expected, holds: false, found: count, nearest: entries };
}

function shown({ expected, holds, found, nearest }) {
  const line = document.createElement("li");
  const { operation, orderId } = expected.match;
  const what = `${operation} ×${expected.count}${orderId ? ` · ${orderId}` : ""}`;
  line.dataset.tone = holds ? "sound" : "trouble";
  line.textContent = holds ? `OK ${what}` : `! ${what} · ${word("found_instead", { found })}${nearest.map(near).join("")}`;
  return line;
}

const near = (entry) => `\n${clockTime(entry.at, true)} ${entry.operation} ${entry.orderId || ""} → ${entry.status}${entry.code ? ` ${entry.code}` : ""}`;

function asLine({ match, count }) {
  const order = match.orderId ? `, order_id=${JSON.stringify(match.orderId)}` : "";
  return `sandbox.journal.assert_called(${JSON.stringify(match.operation)}, count=${count}${order})`;
}
