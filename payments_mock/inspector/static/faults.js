// Arms faults, and words them as code of the kit.
import { facts, get, ofSandbox, patch, post, remove } from "./api.js";
import { act, at, attempt, button, keyed, make, put } from "./dom.js";
import { address } from "./place.js";
import { clockTime } from "./times.js";
import { word } from "./words.js";

export const RECIPES = [
  { name: "lose", moment: "after", effect: { kind: "reset" }, code: "lose_answer" },
  { name: "slow", moment: "after", effect: { kind: "delay", seconds: 5 }, code: "answer_slowly", more: "5" },
  { name: "refuse", moment: "before", effect: { kind: "error", code: "REJECT_CARD_COMPANY", status: 403 }, code: "refuse", more: '"REJECT_CARD_COMPANY", status=403' },
  { name: "cut", moment: "before", effect: { kind: "reset" }, code: "break_connection" },
  { name: "garbage", moment: "after", effect: { kind: "malformed" }, code: "arm", more: '"after", {"kind": "malformed"}' },
  { name: "hold", moment: "after", effect: { kind: "hold" }, code: "hold", more: '"after"' },
];

// The recipe that refuses by a code of the contract, whose status the server knows, in place of the card's own.
export function withCode(recipe, code) {
  return code === recipe.effect.code ? recipe : { ...recipe, effect: { kind: "error", code }, more: JSON.stringify(code) };
}

export function arm(sandbox, fault) {
  return act(() => post(ofSandbox(sandbox, "faults"), fault), (armed) => word("armed", { name: armed.name }));
}

export function loseAnswer(sandbox, operation, orderId) {
  const match = { operation, ...(orderId ? { orderId } : {}) };
  return arm(sandbox, { match, moment: "after", effect: { kind: "reset" } });
}

// The kit has a verb for each recipe as its card has it; at another moment its fault is armed in full.
export function asCode(recipe, match, times, moment) {
  const isAsOnCard = moment === recipe.moment;
  const said = [match.operation ? JSON.stringify(match.operation) : "None"];
  if (!isAsOnCard) said.push(`${JSON.stringify(moment)}, ${JSON.stringify(recipe.effect)}`);
  else if (recipe.more) said.push(recipe.more);
  if (times !== 1) said.push(`times=${JSON.stringify(times)}`);
  if (match.orderId) said.push(`order_id=${JSON.stringify(match.orderId)}`);
  return `sandbox.faults.${isAsOnCard ? recipe.code : "arm"}(${said.join(", ")})`;
}

export const countsOf = (fault) => `${word("met", fault)} · ${word("struck", fault)}`;

export function described(fault) {
  const { kind, ...fields } = fault.effect;
  const details = Object.entries(fields).map(([name, value]) => `${name} ${typeof value === "object" ? JSON.stringify(value) : value}`);
  const match = Object.entries(fault.match).map(([name, value]) => (name === "operation" ? value : `${name} ${typeof value === "object" ? JSON.stringify(value) : value}`));
  return [fault.name, match.join(" ") || "*", fault.moment, [kind, ...details].join(" ")].join(" · ");
}

// Says which orders a fault struck last, each with a link to its story.
async function tellStrikes(made, sandbox, fault) {
  const { strikes } = await get(ofSandbox(sandbox, `faults/${encodeURIComponent(fault.name)}`));
  const orders = [...new Set(strikes.map((strike) => strike.orderId).filter(Boolean))].slice(0, MOST_STRUCK);
  for (const link of at(made, "met").querySelectorAll("a")) link.remove();
  at(made, "met").append(...orders.map((orderId) => {
    const link = document.createElement("a");
    link.href = address({ sandbox, view: "order", id: orderId });
    link.textContent = ` → ${orderId}`;
    return link;
  }));
}

const MOST_STRUCK = 3;
const ENDINGS = [["let_go", { do: "let-go" }], ["refuse", { do: "refuse", code: "REJECT_CARD_COMPANY", status: 403 }], ["cut", { do: "cut" }]];

// Lists calls that wait, each with the ways to end that.
export function drawHeld(list, sandbox, held) {
  keyed(list, held, (one) => String(one.id), (one) => {
    const made = make("armed");
    made.dataset.testid = "held-call";
    const ends = ENDINGS.map(([name, body]) => button(name, () => act(() => post(ofSandbox(sandbox, "held-calls/end"), { ...body, id: one.id }))));
    at(made, "acts").append(...ends);
    return made;
  }, (made, one) => put(made, { what: `${word("is_held")} · ${one.operation} · ${one.orderId || one.paymentKey || ""}`, met: `${clockTime(one.heldAt)} – ${clockTime(one.until)}` }));
}

// Lists faults with what they met and struck; one stays amber until it has struck.
export function drawFaults(list, { id: sandbox, contract }, faults) {
  keyed(list, faults, (fault) => fault.name, (fault) => {
    const made = make("armed");
    made.dataset.testid = "armed-fault";
    const remover = button("remove", () => act(() => remove(ofSandbox(sandbox, `faults/${encodeURIComponent(fault.name)}`))));
    remover.setAttribute("aria-label", `${word("remove")}: ${fault.name}`);
    const editor = button("edit", () => edit(sandbox, contract, made.fault));
    editor.setAttribute("aria-label", `${word("edit")}: ${fault.name}`);
    at(made, "acts").append(button("switch_off", () => act(() => patch(ofSandbox(sandbox, `faults/${encodeURIComponent(fault.name)}`), { on: !made.fault.on }))), editor, remover);
    return made;
  }, (made, fault) => {
    made.fault = fault;
    const switcher = at(made, "acts").firstElementChild;
    switcher.textContent = word(fault.on ? "switch_off" : "switch_on");
    switcher.setAttribute("aria-label", `${switcher.textContent}: ${fault.name}`);
    const times = fault.times === "always" ? word("always") : `${fault.fired}/${fault.times}`;
    put(made, { what: described(fault), met: `${countsOf(fault)} (${times})` });
    if (fault.fired) attempt(() => tellStrikes(made, sandbox, fault));
    made.classList.toggle("amber", fault.on && fault.fired === 0);
  });
}

const AS_IT_IS = "";

// Asks in a dialog what is to be changed about a fault that is armed; all of it is changed at once, or nothing.
function edit(sandbox, contract, fault) {
  const dialog = make("fault-edit");
  const field = (name) => at(dialog, name);
  const { operation = "", orderId = "", paymentKey = "", amount = "", ...rest } = fault.match;
  put(dialog, { name: `${word("edit")}: ${fault.name}`, counted: word("counted", fault) });
  field("operation").replaceChildren(new Option(word("any_call"), ""), ...facts.operations[contract].map((one) => new Option(one, one)));
  const { kind, ...details } = fault.effect;
  const asItIs = `${word("as_it_is")}: ${kind} ${Object.keys(details).length ? JSON.stringify(details) : ""}`;
  field("effect").replaceChildren(new Option(asItIs, AS_IT_IS), ...RECIPES.map((recipe) => new Option(word(`recipe_${recipe.name}`), recipe.name)));
  const values = { operation, order: orderId, payment: paymentKey, amount, moment: fault.moment, effect: AS_IT_IS, times: fault.times === "always" ? "" : fault.times };
  for (const [name, value] of Object.entries(values)) field(name).value = value;
  const recipe = () => RECIPES.find((one) => one.name === field("effect").value);
  field("effect").addEventListener("change", () => { field("moment").value = recipe()?.moment || fault.moment; });
  dialog.querySelector("form").addEventListener("submit", async (event) => {
    if (event.submitter?.value === "close") return;
    event.preventDefault();
    const named = { operation: field("operation").value, orderId: field("order").value.trim(), paymentKey: field("payment").value.trim(), amount: field("amount").value && Number(field("amount").value) };
    const match = { ...rest, ...Object.fromEntries(Object.entries(named).filter(([, value]) => value !== "")) };
    const times = field("times").value === "" ? "always" : Number(field("times").value);
    const change = { match, moment: field("moment").value, times, ...(recipe() ? { effect: recipe().effect } : {}) };
    try {
      await patch(ofSandbox(sandbox, `faults/${encodeURIComponent(fault.name)}`), change);
      dialog.close();
      await act(async () => {}, word("changed"));
    } catch (error) {
      field("problem").hidden = false;
      put(dialog, { problem: error.message });
    }
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
