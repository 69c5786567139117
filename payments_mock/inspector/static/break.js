// Faults for the next calls, what is armed, and the clock.
import { facts, get, ofSandbox, post, remove } from "./api.js";
import { act, at, button, enable, keyed, make, put } from "./dom.js";
import { RECIPES, arm, asCode, described } from "./faults.js";
import { clockTime, dayAndTime } from "./times.js";
import { word } from "./words.js";

const RULES = [
  ["rule_before", { order: "before" }],
  ["rule_twice", { copies: 2 }],
  ["rule_late", { delay: "PT10M" }],
  ["rule_contradictory", { order: "contradictory" }],
  ["rule_dropped", { copies: 0 }],
];
const ENDINGS = [["let_go", { do: "let-go" }], ["refuse", { do: "refuse", code: "REJECT_CARD_COMPANY" }], ["cut", { do: "cut" }]];

export function open(main, sandbox) {
  const root = make("break");
  main.replaceChildren(root);
  const operations = [new Option(word("any_call"), ""), ...(facts.operations[sandbox.contract] || []).map((name) => new Option(name, name))];
  root.querySelector("#operation").replaceChildren(...operations);
  root.querySelector("#operation").value = "confirm";
  at(root, "recipes").replaceChildren(...RECIPES.map((recipe) => card(root, sandbox, recipe)));
  for (const mover of root.querySelectorAll("[data-move]")) {
    mover.addEventListener("click", () => moveClock(sandbox, JSON.parse(mover.dataset.move)));
  }
  at(root, "rules-part").hidden = sandbox.contract !== "toss";
  at(root, "rule-buttons").replaceChildren(...RULES.map(([name, rule]) => button(name, () => makeRule(sandbox, rule), "")));
  let clock = null;
  let due = null;
  at(root, "freeze").addEventListener("click", () => moveClock(sandbox, { freeze: !clock.frozen }));
  at(root, "to-due").addEventListener("click", () => moveClock(sandbox, { set: due.at }));
  return {
    refresh: async (bar) => {
      const [told, next, { heldCalls }] = await Promise.all([bar, nextDue(sandbox), get(ofSandbox(sandbox.id, "held-calls"))]);
      clock = told.clock;
      due = next;
      drawArmed(root, sandbox, told.faults);
      drawClock(root, clock, due);
      drawHeld(root, sandbox, heldCalls);
      if (sandbox.contract === "toss") drawRules(root, sandbox, (await get(ofSandbox(sandbox.id, "webhooks/rules"))).rules);
    },
  };
}

function card(root, sandbox, recipe) {
  const made = make("recipe");
  put(made, { name: word(`recipe_${recipe.name}`), what: word(`recipe_${recipe.name}_what`), good: word(`recipe_${recipe.name}_good`) });
  const press = at(made, "arm");
  press.setAttribute("aria-label", `${word("arm")}: ${word(`recipe_${recipe.name}`)}`);
  press.addEventListener("click", async () => {
    const operation = root.querySelector("#operation").value;
    const orderId = root.querySelector("#of-order").value.trim();
    const said = root.querySelector("#times").value;
    const times = said === "always" ? said : Number(said);
    const match = { ...(operation ? { operation } : {}), ...(orderId ? { orderId } : {}) };
    const armed = await arm(sandbox.id, { match, moment: recipe.moment, effect: recipe.effect, times });
    if (armed) {
      at(root, "as-code").hidden = false;
      put(root, { code: asCode(recipe, match, times) });
    }
  });
  return made;
}

function drawArmed(root, sandbox, faults) {
  at(root, "none").hidden = faults.length > 0;
  keyed(at(root, "armed"), faults, (fault) => fault.name, (fault) => {
    const made = make("armed");
    made.dataset.testid = "armed-fault";
    const remover = button("remove", () => act(() => remove(ofSandbox(sandbox.id, `faults/${encodeURIComponent(fault.name)}`))));
    remover.setAttribute("aria-label", `${word("remove")}: ${fault.name}`);
    at(made, "acts").append(remover);
    return made;
  }, (made, fault) => {
    const times = fault.times === "always" ? word("always") : `${fault.fired}/${fault.times}`;
    put(made, { what: described(fault), met: `${word("met", fault)} · ${word("struck", fault)} (${times})` });
    made.classList.toggle("amber", fault.fired === 0);
  });
}

function drawHeld(root, sandbox, held) {
  at(root, "held-part").hidden = held.length === 0;
  keyed(at(root, "held"), held, (one) => String(one.id), (one) => {
    const made = make("armed");
    made.dataset.testid = "held-call";
    const ends = ENDINGS.map(([name, body]) => button(name, () => act(() => post(ofSandbox(sandbox.id, "held-calls/end"), { ...body, id: one.id }))));
    at(made, "acts").append(...ends);
    return made;
  }, (made, one) => put(made, { what: `${one.operation} · ${one.orderId || one.paymentKey || ""}`, met: `${clockTime(one.heldAt)} – ${clockTime(one.until)}` }));
}

function drawRules(root, sandbox, rules) {
  keyed(at(root, "rules"), rules, (rule) => rule.name, (rule) => {
    const made = make("armed");
    const remover = button("remove", () => act(() => remove(ofSandbox(sandbox.id, `webhooks/rules/${encodeURIComponent(rule.name)}`))));
    remover.setAttribute("aria-label", `${word("remove")}: ${rule.name}`);
    at(made, "acts").append(remover);
    return made;
  }, (made, rule) => put(made, { what: `${rule.name} · ${rule.order} ×${rule.copies} ${rule.delay}`, met: word("applied", rule) }));
}

function drawClock(root, clock, due) {
  put(root, { now: dayAndTime(clock.now), "clock-state": clock.frozen ? word("frozen") : clock.moved ? word("moved") : "", freeze: word(clock.frozen ? "unfreeze" : "freeze") });
  enable(root);
  at(root, "clock-state").hidden = !clock.moved;
  at(root, "to-due").hidden = due === null;
  put(root, { due: due === null ? word("due_nothing") : word(due.kind, { at: dayAndTime(due.at), order: due.order }) });
}

// What comes next by the sandbox's clock, among what was touched last.
async function nextDue(sandbox) {
  const { orders } = await get(ofSandbox(sandbox.id, "orders?limit=100"));
  const waiting = orders.filter((order) => order.expiresAt && ["INITIATED", "AUTHENTICATED"].includes(order.state));
  const due = waiting.map((order) => ({ kind: "due", at: order.expiresAt, order: order.orderId }));
  if (sandbox.contract === "toss") {
    const { deliveries } = await get(ofSandbox(sandbox.id, "webhooks/deliveries?state=PENDING"));
    due.push(...deliveries.filter((one) => one.nextAttemptAt).map((one) => ({ kind: "due_retry", at: one.nextAttemptAt, order: one.orderId || one.event })));
  }
  return due.sort((one, other) => (one.at < other.at ? -1 : 1))[0] || null;
}

const moveClock = (sandbox, change) => act(() => post(ofSandbox(sandbox.id, "clock"), change), word("clock_moved"));
const makeRule = (sandbox, rule) => act(() => post(ofSandbox(sandbox.id, "webhooks/rules"), rule), word("rule_made"));
