// A story as a scenario that runs: its faults and calls as curl lines, a test of pytest, or Gherkin.
import { facts } from "./api.js";
import { secretOf } from "./snippets.js";

const CALLS = ["create", "confirm", "cancel", "get", "get-by-order"];

export function asCurl(story, sandbox) {
  return story.calls.map((entry) => {
    const parts = ["curl", "-X", entry.method, quoted(facts.base + entry.path), "-u", quoted(`${secretOf(sandbox)}:`)];
    for (const name of ["Idempotency-Key", "Content-Type"]) {
      if (entry.request.headers[name]) parts.push("-H", quoted(`${name}: ${entry.request.headers[name]}`));
    }
    if (entry.request.body) parts.push("--data-raw", quoted(entry.request.body));
    return parts.join(" ");
  }).join("\n");
}

export function asPytest(story, sandbox) {
  const lines = sandbox.contract === "toss" ? ["import pytest", "import requests", "", "", '@pytest.mark.payments_mock(contract="toss")'] : ["import requests", "", ""];
  lines.push("def test_the_story(sandbox):", "    key = (sandbox.secret_key, \"\")");
  if (sandbox.contract === "toss" && story.paymentKey) {
    lines.push(`    opened = sandbox.shopper.pays(${py(story.orderId)}, ${story.amount})`);
  }
  for (const entry of story.calls) {
    if (entry.faults.length) lines.push(`    ${faultLine(entry)}`);
    lines.push(...callLines(entry, sandbox, story));
  }
  const confirms = story.calls.filter((entry) => entry.operation === "confirm");
  if (confirms.length) lines.push("", `    sandbox.journal.assert_called("confirm", count=${confirms.length}, order_id=${py(story.orderId)})`);
  const paid = story.payments.find((payment) => payment.paymentKey === story.paymentKey);
  if (paid) lines.push(`    assert [payment["state"] for payment in sandbox.payments()][-1] == ${py(paid.state)}`);
  return `${lines.join("\n")}\n`;
}

function callLines(entry, sandbox, story) {
  const path = entry.path.replace(story.paymentKey || "\0", "{PAYMENT}");
  const url = sandbox.contract === "toss" && path.includes("{PAYMENT}")
    ? `f"{sandbox.base_url}${path.replace("{PAYMENT}", "{opened['paymentKey']}")}"` : `sandbox.base_url + ${py(entry.path)}`;
  const headers = entry.request.headers["Idempotency-Key"] ? `, headers={"Idempotency-Key": ${py(entry.request.headers["Idempotency-Key"])}}` : "";
  const body = entry.request.body ? `, json=${pyJson(entry.request.body, sandbox, story)}` : "";
  const ask = `requests.request(${py(entry.method)}, ${url}, auth=key${headers}${body}, timeout=60)`;
  if (entry.sent === "nothing" || entry.sent === "half") return ["    try:", `        ${ask}`, "    except requests.RequestException:", "        pass"];
  return [`    answer = ${ask}`, `    assert answer.status_code == ${entry.status}`];
}

function faultLine(entry) {
  const operation = CALLS.includes(entry.operation) ? py(entry.operation) : "None";
  if (entry.fault === "reset" && entry.stateAfter === entry.stateBefore) return `sandbox.faults.break_connection(${operation})`;
  if (entry.fault === "reset") return `sandbox.faults.lose_answer(${operation})`;
  if (entry.fault === "error") return `sandbox.faults.refuse(${operation}, ${py(entry.code)}, status=${entry.status})`;
  if (entry.fault === "delay") return `sandbox.faults.answer_slowly(${operation}, 5)`;
  return `sandbox.faults.arm(${operation}, "after", {"kind": ${py(entry.fault)}})`;
}

// In the steps of the kit; what the shop itself does is a step of the shop's own suite.
export function asGherkin(story, sandbox) {
  const lines = [`Feature: ${story.orderId}`, "", `  Scenario: ${story.verdict.sentence}`];
  for (const entry of story.calls.filter((one) => one.faults.length)) {
    const step = gherkinFault(entry);
    if (step) lines.push(`    Given ${step}`);
  }
  if (sandbox.contract === "toss" && story.paymentKey) lines.push(`    When the shopper pays ${story.amount} won for the order ${story.orderId}`);
  lines.push("    # Here the shop confirms: put in a step of your own suite.");
  const confirms = story.counts.confirms;
  lines.push(`    Then the provider received ${confirms} confirm for the order ${story.orderId}`);
  if (story.state) lines.push(`    And the order ${story.orderId} is ${story.state} at the provider`);
  return `${lines.join("\n")}\n`;
}

function gherkinFault(entry) {
  if (entry.fault === "reset" && entry.stateAfter === entry.stateBefore) return `the connection of the next ${entry.operation} breaks`;
  if (entry.fault === "reset") return `the answer to the next ${entry.operation} is lost`;
  if (entry.fault === "error") return `the next ${entry.operation} is refused with ${entry.code}`;
  if (entry.fault === "delay") return `the answer to the next ${entry.operation} comes 5 seconds late`;
  return null;
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const py = (text) => JSON.stringify(text);

function pyJson(body, sandbox, story) {
  const written = JSON.stringify(JSON.parse(body)).replace(/\btrue\b/g, "True").replace(/\bfalse\b/g, "False").replace(/\bnull\b/g, "None");
  return sandbox.contract === "toss" && story.paymentKey ? written.replace(JSON.stringify(story.paymentKey), 'opened["paymentKey"]') : written;
}
