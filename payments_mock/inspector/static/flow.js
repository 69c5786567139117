// The flow: every order as one line with its verdict, the newest on top, and calls that named no order.
import { get, ofSandbox, post } from "./api.js";
import { act, at, keyed, make, put } from "./dom.js";
import { countsOf, loseAnswer } from "./faults.js";
import { address, go, note, read } from "./place.js";
import { matches } from "./searches.js";
import { curlLines, keysOf, payInTheShopsPlace } from "./snippets.js";
import { clockTime, won } from "./times.js";
import { browserWords, stateWord, verdictWords, word } from "./words.js";

const MOST = 100;
// Between two looks at all of them the newest are read, which takes the server a third of the time.
const NEWEST = 20;
const WHOLE_EVERY = 6;
const MOST_STRAYS = 20;
const KINDS = [["isOrder", "flow-order", "orderId"], ["isStray", "flow-stray", "id"], ["", "flow-call", "id"]];
const kindOf = (item) => KINDS.find(([mark]) => !mark || item[mark]);

export function open(main, sandbox) {
  const root = make("flow");
  main.replaceChildren(root);
  const search = root.querySelector("#search");
  search.value = read().q;
  let told = { orders: [], calls: [], acts: [], strays: [] };
  let isWhole = false;
  let looks = 0;
  search.addEventListener("input", () => {
    note({ q: search.value });
    draw(root, sandbox, told);
  });
  search.addEventListener("keydown", (event) => { if (event.key === "Escape") search.blur(); });
  return {
    refresh: async (bar) => {
      looks += 1;
      const most = isWhole && looks % WHOLE_EVERY ? NEWEST : MOST;
      const [found, { faults, heldCalls }, { strayCalls }] = await Promise.all([get(ofSandbox(sandbox.id, `orders?limit=${most}`)), bar, get(`stray-calls?limit=${MOST_STRAYS}`)]);
      // Where as many orders have changed as were read, others may have, too: then all are read the next time.
      const isAll = found.orders.length < most || most === MOST;
      isWhole = isAll || isKnown(told.orders, found.orders[found.orders.length - 1]);
      const listed = isAll ? found : { orders: joined(found.orders, told.orders, "orderId"), calls: joined(found.calls, told.calls, "id"), acts: joined(found.acts, told.acts, "id") };
      told = { ...listed, strays: strayCalls.map((call) => ({ ...call, isStray: true })), orders: listed.orders.map((order) => ({ ...order, ...around(order, faults, heldCalls) })) };
      draw(root, sandbox, told);
    },
  };
}

const isKnown = (orders, order) => orders.some((one) => one.orderId === order.orderId && one.at === order.at);

// What was read now, and behind it what was known and is not among that.
function joined(newest, known, key) {
  const names = new Set(newest.map((one) => one[key]));
  return [...newest, ...known.filter((one) => !names.has(one[key]))].slice(0, MOST);
}

// What is armed for an order, and whether a call of it is held.
function around(order, faults, heldCalls) {
  const aimed = faults.filter((fault) => fault.match.orderId === order.orderId);
  const isHeld = heldCalls.some((call) => call.orderId === order.orderId || (call.paymentKey && call.paymentKey === order.paymentKey));
  return { armed: aimed.map(({ name, met, fired }) => ({ name, met, fired })), isHeld };
}

function draw(root, sandbox, told) {
  const { q, from } = read();
  const orders = told.orders.map((order) => ({ ...order, isOrder: true }));
  const all = [...orders, ...told.calls, ...told.acts, ...told.strays].sort((one, other) => ((one.at || "") < (other.at || "") ? 1 : -1));
  const shown = all.filter((item) => (!from || (item.at || "") > from) && matches(item, q));
  keyed(at(root, "rows"), shown, (item) => `${kindOf(item)[1]} ${item[kindOf(item)[2]]}`, (item) => makeRow(sandbox, item), update);
  at(root, "nothing").hidden = all.length === 0 || shown.length > 0;
  teach(at(root, "empty"), sandbox, orders.length + told.calls.length + told.acts.length === 0);
}

function makeRow(sandbox, item) {
  const row = make(kindOf(item)[1]);
  if (item.isStray) at(row, "adopt").addEventListener("click", () => adopt(sandbox, item));
  if (item.isOrder) {
    row.dataset.order = item.orderId;
    row.contract = sandbox.contract;
    at(row, "lose").addEventListener("click", () => loseAnswer(sandbox.id, "confirm", item.orderId));
    at(row, "deposit").addEventListener("click", () => act(() => post(ofSandbox(sandbox.id, `payments/${encodeURIComponent(row.paymentKey)}/deposit`))));
  }
  return row;
}

function update(row, item) {
  const { sandbox } = read();
  if (item.isStray) {
    put(row, { what: `${item.method} ${item.path}`, status: item.status, key: item.key || word("no_key"), time: clockTime(item.at) });
    at(row, "adopt").hidden = !item.adoptable;
    return;
  }
  if (!item.isOrder) {
    at(row, "link").href = address({ sandbox, view: "requests", id: String(item.id) });
    const isAct = item.lane === "shopper";
    put(row, { mark: isAct ? word("browser") : item.operation, what: isAct ? browserWords(item) : `${item.method} ${item.path}`, status: item.status, why: item.reason?.message || item.code || "", time: clockTime(item.at) });
    at(row, "mark").hidden = !at(row, "mark").textContent;
    return;
  }
  const { counts, verdict } = item;
  at(row, "link").href = address({ sandbox, view: "order", id: item.orderId });
  put(row, {
    id: item.orderId,
    name: item.orderName,
    amount: won(item.amount),
    state: stateWord(item.state, row.contract),
    counts: `${word("confirms")} ${counts.confirms} · ${word("charges")} ${counts.charges}`,
    verdict: verdictWords(verdict),
    hooks: counts.attempts ? `${word("hooks")} ${counts.lastAttempt ?? "✕"}${counts.attempts > 1 ? ` ×${counts.attempts}` : ""}` : "",
  });
  at(row, "verdict").dataset.tone = verdict.tone;
  at(row, "lose").setAttribute("aria-label", `${word("lose_next")}: ${item.orderId}`);
  row.paymentKey = item.paymentKey;
  at(row, "deposit").hidden = item.state !== "AWAITING_DEPOSIT";
  at(row, "deposit").setAttribute("aria-label", `${word("deposit")}: ${item.orderId}`);
  at(row, "held").hidden = !item.isHeld;
  at(row, "fault").hidden = item.armed.length === 0;
  put(row, { fault: item.armed.map(countsOf).join(" ") });
  at(row, "fault").classList.toggle("amber", item.armed.some((fault) => fault.fired === 0));
}

// Makes a sandbox that has the key, on the contract that is looked at, and goes there.
export async function adopt(sandbox, item) {
  const made = await act(() => post(`stray-calls/${item.id}/sandbox`, { contract: sandbox.contract }), word("adopted"));
  if (made) go({ sandbox: made.id, view: "flow", id: "", from: "", q: "" });
}

function teach(place, sandbox, isEmpty) {
  place.hidden = !isEmpty;
  if (!isEmpty || place.firstElementChild) return;
  const lesson = make("teach");
  put(lesson, { code: curlLines(sandbox) });
  const send = at(lesson, "send");
  send.hidden = !keysOf(sandbox).length;
  send.addEventListener("click", () => act(() => payInTheShopsPlace(sandbox), word("sent_for_me")));
  place.replaceChildren(lesson);
}
