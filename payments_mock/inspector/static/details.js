// What is inside a row: a call with its answer, or a delivery with its attempts.
import { get, ofSandbox, post } from "./api.js";
import { act, at, attempt, copy, make, put } from "./dom.js";
import { loseAnswer } from "./faults.js";
import { clockTime, dayAndTime } from "./times.js";
import { word } from "./words.js";

const SENT = { half: "half_sent", garbage: "garbage_sent", nothing: "no_answer_sent" };

export function insideOfCall(sandbox, entry) {
  const made = make("call");
  const said = SENT[entry.sent] ? `${word(SENT[entry.sent])}\n\n` : "";
  put(made, {
    request: `${entry.method} ${entry.path}\n${lines(entry.request.headers)}\n\n${pretty(entry.request.body)}`,
    answer: `${said}${entry.status} · ${entry.milliseconds} ms\n${lines(entry.response.headers)}\n\n${pretty(entry.response.body)}`,
  });
  const why = at(made, "reason");
  why.hidden = !entry.code && !entry.reason;
  why.textContent = [entry.code, reasonOf(entry)].filter(Boolean).join(" · ");
  at(made, "lose").addEventListener("click", () => loseAnswer(sandbox.id, entry.operation, entry.orderId));
  at(made, "curl").addEventListener("click", async () => {
    const told = await attempt(() => get(ofSandbox(sandbox.id, `journal/${entry.id}/curl`)));
    if (told) await copy(told.curl);
  });
  return made;
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
  at(made, "resend").addEventListener("click", () => act(() => post(ofSandbox(sandbox.id, `webhooks/deliveries/${delivery.id}/resend`)), word("resent")));
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
