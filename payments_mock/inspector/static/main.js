// The frame of the page: which view is shown, of which sandbox, and what the bar at the top tells.
import { get, hasToken, keepToken, ofSandbox, post, whenRefused } from "./api.js";
import { act, at, attempt, fill, say } from "./dom.js";
import { loseAnswer } from "./faults.js";
import { listen as listenForKeys } from "./keys.js";
import { follow } from "./live.js";
import { address, go, note, read } from "./place.js";
import { clockTime } from "./times.js";
import { choose, language, word } from "./words.js";
import * as breaking from "./break.js";
import * as connect from "./connect.js";
import * as flow from "./flow.js";
import * as order from "./order.js";
import * as requests from "./requests.js";
import * as webhooks from "./webhooks.js";

const VIEWS = { flow, order, requests, webhooks, break: breaking, connect };
// In place of a sandbox: the one that knows the order. Links of shops, which know no sandbox, have it.
const ANY = "-";
const LOOK_AGAIN_MILLISECONDS = 5000;
const UNSEEN = { paused: false, waiting: 0, lost: false };
const page = (id) => document.getElementById(id);

let sandboxes = [];
let shown = null;
let busy = false;
let again = false;
let lastClock = null;
// How many calls came to sandboxes that were not shown since.
const unread = new Map();

function sandboxNamed(id) {
  return sandboxes.find((sandbox) => sandbox.id === id);
}

async function show() {
  const place = read();
  if (!sandboxNamed(place.sandbox)) await readSandboxes();
  if (place.sandbox === ANY && place.id) {
    note({ sandbox: (await sandboxOf(place.id)).id });
    return show();
  }
  if (!sandboxNamed(place.sandbox)) {
    if (sandboxes.length) note({ sandbox: (await busiest()).id, view: VIEWS[place.view] ? place.view : "flow" });
    return sandboxes.length ? show() : undefined;
  }
  if (!VIEWS[place.view]) {
    note({ view: "flow", id: "" });
    return show();
  }
  const key = [place.sandbox, place.view, place.id, language()].join("\n");
  if (!shown || shown.key !== key) {
    if (shown && shown.view.close) shown.view.close();
    const view = VIEWS[place.view].open(page("view"), sandboxNamed(place.sandbox));
    shown = { key, view };
    scrollTo(0, 0);
  }
  page("sandbox").value = place.sandbox;
  showUnread();
  page("from-here").setAttribute("aria-pressed", String(Boolean(place.from)));
  for (const tab of document.querySelectorAll(".tabs a")) {
    tab.href = address({ ...place, view: tab.dataset.view, id: "", q: "" });
    const isHere = tab.dataset.view === (place.view === "order" ? "flow" : place.view);
    if (isHere) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  return refresh();
}

async function sandboxOf(orderId) {
  for (const sandbox of sandboxes) {
    const { rows } = await get(ofSandbox(sandbox.id, `orders/${encodeURIComponent(orderId)}`));
    if (rows.length) return sandbox;
  }
  return sandboxes[0];
}

async function busiest() {
  for (const sandbox of sandboxes.slice(0, 5)) {
    const { count } = await get(ofSandbox(sandbox.id, "journal/count"));
    if (count) return sandbox;
  }
  return sandboxes[0];
}

// One refresh runs at a time; what happens meanwhile makes one more.
async function refresh() {
  if (!shown) return;
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  let isGone = false;
  try {
    const bar = readBar();
    await Promise.all([shown.view.refresh(bar), bar.then(drawBar)]);
    UNSEEN.lost = false;
  } catch (error) {
    if (error instanceof TypeError) UNSEEN.lost = true;
    else if (error.status === 404 && error.code === "NOT_FOUND_SANDBOX") isGone = true;
    else say(error.message);
  } finally {
    busy = false;
    showLive();
  }
  if (isGone) {
    sandboxes = [];
    shown = null;
    await show();
  } else if (again) {
    again = false;
    await refresh();
  }
}

// Clock, faults and held calls, which the bar tells of; a view that tells more of them awaits them, too.
async function readBar() {
  const { sandbox } = read();
  const [clock, { faults }, { heldCalls }] = await Promise.all(["clock", "faults", "held-calls"].map((what) => get(ofSandbox(sandbox, what))));
  return { clock, faults, heldCalls };
}

function drawBar({ clock, faults, heldCalls }) {
  lastClock = { ...clock, readAt: performance.now() };
  tick();
  const held = page("held");
  held.hidden = heldCalls.length === 0;
  held.href = address({ ...read(), view: "break", id: "", q: "" });
  held.textContent = word("chip_held", { count: heldCalls.length });
  const waiting = faults.filter((fault) => fault.fired === 0).length;
  const chip = page("armed");
  chip.hidden = faults.length === 0;
  chip.href = address({ ...read(), view: "break", id: "", q: "" });
  chip.textContent = waiting ? word("chip_armed", { count: waiting }) : word("chip_struck", { count: faults.length });
  chip.classList.toggle("amber", waiting > 0);
}

// Between two looks at the sandbox's clock the page goes on by its own.
function tick() {
  if (!lastClock) return;
  const passed = lastClock.frozen ? 0 : performance.now() - lastClock.readAt;
  const state = lastClock.frozen ? ` ${word("frozen")}` : lastClock.moved ? ` ${word("moved")}` : "";
  page("clock").textContent = clockTime(Date.parse(lastClock.now) + passed) + state;
  page("clock").classList.toggle("amber", lastClock.moved);
}

async function readSandboxes() {
  ({ sandboxes } = await get("sandboxes"));
  const chooser = page("sandbox");
  chooser.replaceChildren(...sandboxes.map((sandbox) => new Option("", sandbox.id)));
  chooser.value = read().sandbox;
  showUnread();
}

// Counts calls to other sandboxes; one that was made meanwhile gets its place in the list.
async function countElsewhere(events) {
  const elsewhere = events.filter((event) => event.kind === "call" && event.sandbox !== read().sandbox);
  for (const { sandbox } of elsewhere) unread.set(sandbox, (unread.get(sandbox) || 0) + 1);
  if (elsewhere.some(({ sandbox }) => !sandboxNamed(sandbox))) await attempt(readSandboxes);
  if (elsewhere.length) showUnread();
}

function showUnread() {
  unread.delete(read().sandbox);
  let count = 0;
  for (const option of page("sandbox").options) {
    const { id, contract } = sandboxNamed(option.value);
    const calls = unread.get(id) || 0;
    count += calls;
    option.textContent = `${id} (${contract})${calls ? ` · ${calls}` : ""}`;
  }
  page("unread").hidden = count === 0;
  page("unread").textContent = word("elsewhere", { count });
}

function showLive() {
  const button = page("live");
  button.setAttribute("aria-pressed", String(UNSEEN.paused));
  button.classList.toggle("off", UNSEEN.paused || UNSEEN.lost);
  const paused = `${word("paused")}${UNSEEN.waiting ? ` ${UNSEEN.waiting}` : ""}`;
  at(button, "text").textContent = UNSEEN.lost ? word("lost") : UNSEEN.paused ? paused : word("live");
}

function happened(news) {
  countElsewhere(news.events);
  const mine = news.events.filter((event) => event.sandbox === null || event.sandbox === read().sandbox);
  if (news.events.length && !mine.length) return;
  if (UNSEEN.paused) {
    UNSEEN.waiting += mine.length;
    showLive();
  } else {
    refresh();
  }
}

function relabel() {
  fill(document);
  page("language").textContent = word("other_language");
  page("language").lang = language() === "ko" ? "en" : "ko";
  document.title = `${language() === "ko" ? "인스펙터" : "Inspector"} · payments-mock`;
  showLive();
}

function askForToken(wasWrong) {
  const dialog = page("token");
  at(dialog, "problem").hidden = !wasWrong;
  page("token-text").value = "";
  if (!dialog.open) dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(page("token-text").value), { once: true });
  });
}

const actions = {
  mark: async () => {
    const { clock } = await get(ofSandbox(read().sandbox, ""));
    note({ from: read().from ? "" : clock.now });
    return show();
  },
  advance: () => act(() => post(ofSandbox(read().sandbox, "clock"), { advance: "PT10M" }), word("clock_moved")),
  lose: (orderId) => loseAnswer(read().sandbox, "confirm", orderId),
};

async function begin() {
  relabel();
  whenRefused(askForToken);
  page("sandbox").addEventListener("change", (event) => go({ sandbox: event.target.value, id: "", view: read().view === "order" ? "flow" : read().view, from: "", q: "" }));
  page("language").addEventListener("click", () => {
    choose(language() === "ko" ? "en" : "ko");
    relabel();
    show();
  });
  page("live").addEventListener("click", () => {
    UNSEEN.paused = !UNSEEN.paused;
    UNSEEN.waiting = 0;
    showLive();
    if (!UNSEEN.paused) refresh();
  });
  page("from-here").addEventListener("click", actions.mark);
  page("keys").addEventListener("click", () => page("help").showModal());
  page("view").addEventListener("changed", refresh);
  addEventListener("hashchange", show);
  listenForKeys(actions);
  if (!hasToken()) keepToken(await askForToken(false));
  await attempt(show);
  setInterval(tick, 1000);
  // No event tells of faults and clocks, which others may change.
  setInterval(() => { if (!document.hidden && !UNSEEN.paused) refresh(); }, LOOK_AGAIN_MILLISECONDS);
  follow({ changed: happened, connected: (is) => { UNSEEN.lost = !is; showLive(); } });
}

begin();
