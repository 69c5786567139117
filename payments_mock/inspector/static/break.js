// Faults for the next calls, what is armed, and the clock.
import { facts, get, ofSandbox, post, remove } from "./api.js";
import { act, at, button, enable, keyed, make, put } from "./dom.js";
import { RECIPES, arm, asCode, drawFaults, drawHeld, withCode } from "./faults.js";
import { dayAndTime } from "./times.js";
import { word } from "./words.js";

const RULES = [
  ["rule_before", { order: "before" }],
  ["rule_twice", { copies: 2 }],
  ["rule_late", { delay: "PT10M" }],
  ["rule_contradictory", { order: "contradictory" }],
  ["rule_dropped", { copies: 0 }],
];
const MOST_COMING = 5;
const COMING_WORDS = { expiry: "due", "account-closes": "due_account", webhook: "due_retry", "fault-begins": "due_fault_begins", "fault-ends": "due_fault_ends" };

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
      const [told, { coming }] = await Promise.all([bar, get(ofSandbox(sandbox.id, `clock/coming?limit=${MOST_COMING}`))]);
      clock = told.clock;
      due = coming[0] || null;
      at(root, "none").hidden = told.faults.length > 0;
      drawFaults(at(root, "armed"), sandbox, told.faults);
      drawClock(root, clock, due);
      drawComing(root, sandbox, coming);
      at(root, "held-part").hidden = told.heldCalls.length === 0;
      drawHeld(at(root, "held"), sandbox.id, told.heldCalls);
      if (sandbox.contract === "toss") drawRules(root, sandbox, (await get(ofSandbox(sandbox.id, "webhooks/rules"))).rules);
    },
  };
}

function card(root, sandbox, onCard) {
  const made = make("recipe");
  put(made, { name: word(`recipe_${onCard.name}`), what: word(`recipe_${onCard.name}_what`), good: word(`recipe_${onCard.name}_good`) });
  const own = onCard.effect.code;
  if (!own) at(made, "refusal-part").remove();
  else at(made, "refusal").replaceChildren(...[...new Set([own, ...facts.codes[sandbox.contract]])].map((code) => new Option(code, code)));
  const press = at(made, "arm");
  press.setAttribute("aria-label", `${word("arm")}: ${word(`recipe_${onCard.name}`)}`);
  press.addEventListener("click", async () => {
    const recipe = own ? withCode(onCard, at(made, "refusal").value) : onCard;
    const operation = root.querySelector("#operation").value;
    const orderId = root.querySelector("#of-order").value.trim();
    const said = root.querySelector("#times").value;
    const times = said === "always" ? said : Number(said);
    const match = { ...(operation ? { operation } : {}), ...(orderId ? { orderId } : {}) };
    const moment = root.querySelector("#moment").value || recipe.moment;
    const armed = await arm(sandbox.id, { match, moment, effect: recipe.effect, times });
    if (armed) {
      at(root, "as-code").hidden = false;
      put(root, { code: asCode(recipe, match, times, moment) });
    }
  });
  return made;
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
  put(root, { due: due === null ? word("due_nothing") : `${word("due_next")} ${comingWords(due)}` });
}

function comingWords(thing) {
  return word(COMING_WORDS[thing.kind], { at: dayAndTime(thing.at), order: thing.orderId || thing.paymentKey || "", fault: thing.fault, attempt: thing.attempt });
}

// What comes after the first: each row moves the clock to its time.
function drawComing(root, sandbox, coming) {
  const later = coming.slice(1).map((thing) => ({ ...thing, key: [thing.at, thing.kind, thing.paymentKey, thing.delivery, thing.fault].join(" ") }));
  keyed(at(root, "coming"), later, (thing) => thing.key, (thing) => {
    const made = make("armed");
    at(made, "acts").append(button("move_there", () => moveClock(sandbox, { set: thing.at })));
    return made;
  }, (made, thing) => put(made, { what: comingWords(thing) }));
}

const moveClock = (sandbox, change) => act(() => post(ofSandbox(sandbox.id, "clock"), change), word("clock_moved"));
const makeRule = (sandbox, rule) => act(() => post(ofSandbox(sandbox.id, "webhooks/rules"), rule), word("rule_made"));
