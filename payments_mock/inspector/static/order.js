// The story of one order, in lanes; a press on the verdict shows the rows that prove it.
import { get, ofSandbox, post } from "./api.js";
import { insideOfCall, insideOfDelivery, openEvidence } from "./details.js";
import { act, at, button, copy, enable, keyed, make, put } from "./dom.js";
import { drawFaults, drawHeld } from "./faults.js";
import { address, read } from "./place.js";
import { secretOf } from "./snippets.js";
import { clockTime, dayAndTime, won } from "./times.js";
import { offerTick, watcher } from "./watch.js";
import { actWords, language, outcomeWords, stateWord, verdictWords, word } from "./words.js";

const OPEN_STATES = ["INITIATED", "AUTHENTICATED"];

export function open(main, sandbox) {
  const root = make("order");
  const { id } = read();
  root.dataset.order = id;
  main.replaceChildren(root);
  at(root, "back").href = address({ ...read(), view: "flow", id: "" });
  put(root, { id });
  const proof = at(root, "proof");
  const watch = watcher(at(root, "watched"), at(root, "story"), sandbox);
  openEvidence(at(root, "story"));
  let story = null;
  proof.addEventListener("click", () => {
    proof.setAttribute("aria-pressed", String(proof.getAttribute("aria-pressed") !== "true"));
    showProof(root, story);
  });
  const copies = { "copy-story": (told) => told.text, "copy-curl": (told) => told.scenario.curl.replaceAll("SECRET_KEY", secretOf(sandbox)), "copy-pytest": (told) => told.scenario.pytest, "copy-gherkin": (told) => told.scenario.gherkin };
  for (const [name, make_] of Object.entries(copies)) at(root, name).addEventListener("click", () => copy(make_(story)));
  return {
    refresh: async (bar) => {
      const [told, { faults, heldCalls }] = await Promise.all([get(ofSandbox(sandbox.id, `orders/${encodeURIComponent(id)}`)), bar]);
      story = told;
      draw(root, sandbox, story);
      drawHeld(at(root, "held"), sandbox.id, heldCalls.filter((call) => call.orderId === id || (call.paymentKey && call.paymentKey === story.paymentKey)));
      drawFaults(at(root, "armed"), sandbox, faults.filter((fault) => fault.match.orderId === id));
      await watch.refresh();
    },
  };
}

function draw(root, sandbox, story) {
  const about = [story.orderName, won(story.amount), story.at ? dayAndTime(story.at) : null, story.paymentKey];
  put(root, { state: stateWord(story.state, sandbox.contract), about: about.filter(Boolean).join(" · "), verdict: verdictWords(story.verdict) });
  at(root, "judgement").dataset.tone = story.verdict.tone;
  at(root, "proof").hidden = story.verdict.evidence.length === 0;
  drawActs(at(root, "order-acts"), sandbox, story);
  const rows = story.rows.map((row, place) => {
    const source = sourceOf(story, row);
    const caused = source && row.evidence.startsWith("journal") ? story.deliveries.filter((one) => one.entry === source.id) : null;
    return { ...row, caused, key: `${row.evidence || row.did} ${row.lane} ${place}`, source, earlier: earlierOf(story, source) };
  });
  keyed(at(root, "story"), rows, (row) => row.key, (row) => makeRow(sandbox, row), update);
  showProof(root, story);
  enable(root);
}

function sourceOf(story, row) {
  const [kind, id] = (row.evidence || "").split(" ");
  const among = kind === "journal" ? [...story.calls, ...story.acts] : kind === "delivery" ? story.deliveries : [];
  return among.find((one) => String(one.id) === id) || null;
}

// The first call of the same kind, which a later one is compared with.
function earlierOf(story, call) {
  const first = call && story.calls.find((one) => one.operation === call.operation && one.lane === call.lane);
  return first && first.id < call.id ? first : null;
}

function makeRow(sandbox, row) {
  const made = make("story-row");
  made.contract = sandbox.contract;
  made.dataset.lane = row.lane;
  made.dataset.evidence = row.evidence || "";
  if (row.lane === "merchant" && row.source) offerTick(made, row.source);
  const details = made.querySelector("details");
  details.addEventListener("toggle", () => { if (details.open) fillInside(made, sandbox); });
  return made;
}

function update(made, row) {
  made.row = row;
  made.classList.toggle("trouble-row", row.isTrouble);
  put(made, {
    time: clockTime(row.at, true),
    lane: word(`lane_${row.lane}`),
    did: actWords(row) + (row.times > 1 ? ` ×${row.times}` : ""),
    outcome: row.outcome ? `→ ${outcomeWords(row, made.contract)}` : "",
  });
  if (made.querySelector("details").open) fillInside(made, null);
}

function fillInside(made, sandbox) {
  const inside = at(made, "inside");
  const { row } = made;
  const told = JSON.stringify([row.source, row.caused]);
  if (inside.told === told && inside.firstElementChild) return;
  inside.told = told;
  made.sandbox = sandbox || made.sandbox;
  if (!row.source) inside.textContent = dayAndTime(row.at);
  else if (row.evidence.startsWith("journal")) inside.replaceChildren(insideOfCall(made.sandbox, row.source, row.earlier, row.caused));
  else inside.replaceChildren(insideOfDelivery(made.sandbox, row.source));
}

function showProof(root, story) {
  const isShown = at(root, "proof").getAttribute("aria-pressed") === "true";
  const proofs = [];
  for (const row of at(root, "story").children) {
    const proves = isShown && story.verdict.evidence.includes(row.dataset.evidence) && row.dataset.lane !== "fault";
    if (proves && !row.classList.contains("proves")) proofs.push(row);
    row.classList.toggle("proves", proves);
    at(row, "mark").hidden = !proves;
  }
  if (proofs.length) proofs[0].scrollIntoView({ block: "nearest" });
}

// What the shopper and the bank can do now, by where the payment stands.
function drawActs(place, sandbox, story) {
  const payment = story.payments.find((one) => one.paymentKey === story.paymentKey);
  const told = JSON.stringify([payment, language()]);
  if (place.told === told) return;
  place.told = told;
  const of = (step) => () => act(() => post(ofSandbox(sandbox.id, `payments/${encodeURIComponent(story.paymentKey)}/${step}`)));
  const acts = [];
  if (OPEN_STATES.includes(story.state)) acts.push(button("expire", of("expire"), ""));
  if (story.state === "INITIATED") acts.push(button("close_window", of("close"), ""));
  if (story.state === "AWAITING_DEPOSIT") acts.push(button("deposit", of("deposit"), "first"));
  if (story.state === "APPROVED" && story.method === "VIRTUAL_ACCOUNT") acts.push(button("reverse", of("reverse-deposit"), ""));
  if (story.state === "APPROVED" && payment && !payment.settledAt) acts.push(button("settle", of("settle"), ""));
  const pages = [["open_window", payment?.windowUrl], ["open_receipt", payment?.receiptUrl]].filter(([, url]) => url);
  place.replaceChildren(...acts, ...pages.map(([name, url]) => leading(name, url)));
}

function leading(name, url) {
  const link = document.createElement("a");
  link.href = url;
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = word(name);
  return link;
}
