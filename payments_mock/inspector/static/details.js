// What is inside a row: a call with its answer, or a delivery with its attempts.
import { get, ofSandbox, post } from "./api.js";
import { act, at, attempt, copy, make, put } from "./dom.js";
import { loseAnswer } from "./faults.js";
import { address } from "./place.js";
import { clockTime, dayAndTime } from "./times.js";
import { language, word } from "./words.js";

const SENT = { half: "half_sent", garbage: "garbage_sent", nothing: "no_answer_sent" };
const CAUSES = { call: "cause_call", shopper: "cause_shopper", clock: "cause_clock", control: "cause_control", forgery: "cause_forgery" };

export function insideOfCall(sandbox, entry, earlier = null, caused = null) {
  const made = make("call");
  const said = SENT[entry.sent] ? `${word(SENT[entry.sent])}\n\n` : "";
  put(made, {
    request: `${entry.method} ${entry.path}\n${lines(entry.request.headers)}\n\n${pretty(entry.request.body)}`,
    answer: `${said}${entry.status} · ${entry.milliseconds} ms\n${lines(entry.response.headers)}\n\n${pretty(entry.response.body)}`,
  });
  at(made, "reason").hidden = !entry.code && !entry.reason;
  put(made, { why: [entry.code, reasonOf(entry)].filter(Boolean).join(" · ") });
  // What a browser did is no call of the shop: there is nothing to lose, to send again or to look up for it.
  for (const name of ["doc", "lose", "replay", "curl"]) at(made, name).hidden = entry.lane === "shopper";
  at(made, "doc").href = `docs?contract=${sandbox.contract}&lang=${language()}#${entry.operation}`;
  if (earlier) showDifferences(made, earlier, entry);
  at(made, "lose").addEventListener("click", () => loseAnswer(sandbox.id, entry.operation, entry.orderId));
  at(made, "curl").addEventListener("click", async () => {
    const told = await attempt(() => get(ofSandbox(sandbox.id, `journal/${entry.id}/curl`)));
    if (told) await copy(told.curl);
  });
  at(made, "replay").addEventListener("click", () => act(() => post(ofSandbox(sandbox.id, `journal/${entry.id}/replay`)), (again) => word("replayed", again)));
  if (entry.replayOf) at(made, "links").append(leadTo(sandbox, `journal ${entry.replayOf}`, word("is_replay", { id: entry.replayOf })));
  if (caused) tellWebhooks(made, sandbox, caused);
  else if (sandbox.contract === "toss") attempt(async () => tellWebhooks(made, sandbox, (await get(ofSandbox(sandbox.id, `webhooks/deliveries?entry=${entry.id}`))).deliveries));
  return made;
}

// Says which webhooks a call caused, each with a link to it.
function tellWebhooks(made, sandbox, deliveries) {
  at(made, "links").append(...deliveries.map((one) => {
    const last = one.attempts[one.attempts.length - 1];
    return leadTo(sandbox, `delivery ${one.id}`, word("caused_webhook", { event: one.event, answer: last ? last.status ?? last.error : one.state }));
  }));
}

// A link to a call or a webhook: to its row where the page shows one, else to the view that has it.
function leadTo(sandbox, evidence, text) {
  const [kind, id] = evidence.split(" ");
  const line = document.createElement("li");
  const link = document.createElement("a");
  link.href = address({ sandbox: sandbox.id, view: kind === "journal" ? "requests" : "webhooks", id });
  link.textContent = text;
  link.addEventListener("click", (event) => {
    const asked = new CustomEvent("evidence", { bubbles: true, cancelable: true, detail: evidence });
    if (!link.dispatchEvent(asked)) event.preventDefault();
  });
  line.append(link);
  return line;
}

// Opens the row of a list that stands for what a link leads to; without one, the link goes to another view.
export function openEvidence(list) {
  list.addEventListener("evidence", (event) => {
    const row = [...list.children].find((one) => one.dataset.evidence === event.detail && one.dataset.lane !== "fault");
    if (!row) return;
    event.preventDefault();
    row.querySelector("details").open = true;
    row.querySelector("summary").focus();
  });
}

// What differs from the first call of the kind: its key, its fields and its answer.
function showDifferences(made, earlier, entry) {
  const [one, other] = [earlier, entry].map(told);
  const lines = [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((name) => one[name] !== other[name]);
  at(made, "differs").hidden = false;
  put(made, { against: word("differs_from_first") });
  at(made, "differences").replaceChildren(...(lines.length ? lines.map((name) => `${name}: ${one[name] ?? "–"} → ${other[name] ?? "–"}`) : [word("differs_in_nothing")]).map((text) => {
    const line = document.createElement("li");
    line.textContent = text;
    return line;
  }));
}

function told(entry) {
  const fields = { "Idempotency-Key": entry.request.headers["Idempotency-Key"], status: String(entry.status), code: entry.code || undefined };
  try {
    for (const [name, value] of Object.entries(JSON.parse(entry.request.body))) fields[name] = JSON.stringify(value);
  } catch {
    fields.body = entry.request.body || undefined;
  }
  return fields;
}

function reasonOf({ reason }) {
  if (!reason) return "";
  if (reason.field && reason.expected !== null) return word("field_differs", reason);
  return reason.message;
}

export function insideOfDelivery(sandbox, delivery) {
  const made = make("delivery");
  const next = delivery.nextAttemptAt ? ` · ${word("next_attempt", { at: dayAndTime(delivery.nextAttemptAt) })}` : "";
  put(made, { where: `${delivery.forged ? `${word("is_forged")} · ` : ""}${delivery.event} → ${delivery.url}${next}`, body: pretty(delivery.body) });
  at(made, "attempts").replaceChildren(...delivery.attempts.map(attemptLine));
  if (delivery.entry) at(made, "links").append(leadTo(sandbox, `journal ${delivery.entry}`, word(delivery.cause === "shopper" ? "cause_of_act" : "cause_of", { id: delivery.entry })));
  else put(made, { cause: delivery.cause ? word(CAUSES[delivery.cause]) : "" });
  at(made, "resend").addEventListener("click", () => act(() => post(ofSandbox(sandbox.id, `webhooks/deliveries/${delivery.id}/resend`)), word("resent")));
  at(made, "twice").addEventListener("click", () => act(async () => {
    for (let time = 0; time < 2; time += 1) await post(ofSandbox(sandbox.id, `webhooks/deliveries/${delivery.id}/resend`));
  }, word("resent")));
  at(made, "there").hidden = !delivery.nextAttemptAt;
  at(made, "there").addEventListener("click", () => act(() => post(ofSandbox(sandbox.id, "clock"), { set: delivery.nextAttemptAt }), word("clock_moved")));
  at(made, "forge").addEventListener("click", () => {
    made.dispatchEvent(new CustomEvent("forge", { bubbles: true, detail: delivery }));
  });
  at(made, "forge").hidden = location.hash.includes("/order/");
  return made;
}

function attemptLine(tried) {
  const line = document.createElement("li");
  const answer = tried.status === null ? tried.error : `${tried.status} ${tried.answerBody || ""}`;
  line.textContent = `${tried.number} · ${clockTime(tried.sentAt, true)} · ${answer} · ${tried.milliseconds} ms`;
  return line;
}

export function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text || "";
  }
}

const lines = (headers) => Object.entries(headers).map(([name, value]) => `${name}: ${value}`).join("\n");
