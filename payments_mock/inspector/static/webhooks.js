// Where a merchant listens, what was delivered there, and events that never happened.
import { get, ofSandbox, post, remove } from "./api.js";
import { insideOfDelivery, pretty } from "./details.js";
import { act, at, attempt, button, keyed, make, put } from "./dom.js";
import { read } from "./place.js";
import { clockTime } from "./times.js";
import { word } from "./words.js";

const MOST = 500;

export function open(main, sandbox) {
  const root = make("webhooks");
  main.replaceChildren(root);
  const hasWebhooks = sandbox.contract === "toss";
  at(root, "without").hidden = hasWebhooks;
  at(root, "with").hidden = !hasWebhooks;
  if (!hasWebhooks) return { refresh: async () => {} };
  const address = root.querySelector("#hook-url");
  const forge = (event, done) => act(() => post(ofSandbox(sandbox.id, "webhooks/forge"), event), done);
  at(root, "listen").addEventListener("submit", (event) => {
    event.preventDefault();
    act(() => post(ofSandbox(sandbox.id, "webhooks"), { url: address.value }), word("listening_now"));
  });
  at(root, "test").addEventListener("click", () => forge({ ...testEvent(), ...(address.value ? { url: address.value } : {}) }, word("test_sent")));
  const dialog = at(root, "forge");
  root.addEventListener("forge", (event) => {
    at(root, "forge-body").value = pretty(event.detail.body);
    dialog.delivery = event.detail;
    dialog.showModal();
  });
  at(root, "forge-send").addEventListener("click", () => {
    const { url, event } = dialog.delivery;
    dialog.close();
    forge({ raw: at(root, "forge-body").value, url, event }, word("forged"));
  });
  let led = null;
  return {
    refresh: async () => {
      const [{ webhooks }, { deliveries }] = await Promise.all([get(ofSandbox(sandbox.id, "webhooks")), get(ofSandbox(sandbox.id, `webhooks/deliveries?order=newest&limit=${MOST}`))]);
      drawEndpoints(root, sandbox, webhooks);
      led = led || leadTo(sandbox, deliveries);
      drawDeliveries(root, sandbox, [...deliveries, ...(await led)]);
    },
  };
}

// The delivery that the address names, where the newest are others.
async function leadTo(sandbox, deliveries) {
  const { id } = read();
  const isThere = !id || deliveries.some((one) => String(one.id) === id);
  const told = isThere ? null : await attempt(() => get(ofSandbox(sandbox.id, `webhooks/deliveries/${encodeURIComponent(id)}`)));
  return told ? [told] : [];
}

function drawEndpoints(root, sandbox, endpoints) {
  keyed(at(root, "endpoints"), endpoints, (one) => String(one.id), (one) => {
    const made = make("armed");
    const remover = button("remove", () => act(() => remove(ofSandbox(sandbox.id, `webhooks/${one.id}`))));
    remover.setAttribute("aria-label", `${word("remove")}: ${one.url}`);
    at(made, "acts").append(remover);
    return made;
  }, (made, one) => put(made, { what: one.url, met: one.events.join(", ") }));
}

function drawDeliveries(root, sandbox, deliveries) {
  at(root, "none").hidden = deliveries.length > 0;
  keyed(at(root, "rows"), deliveries, (one) => String(one.id), (delivery) => {
    const made = make("story-row");
    made.dataset.evidence = `delivery ${delivery.id}`;
    const details = made.querySelector("details");
    details.addEventListener("toggle", () => { if (details.open) at(made, "inside").replaceChildren(insideOfDelivery(sandbox, made.delivery)); });
    if (String(delivery.id) === read().id) details.open = true;
    return made;
  }, (made, one) => {
    made.delivery = one;
    const last = one.attempts[one.attempts.length - 1];
    made.classList.toggle("trouble-row", Boolean(last) && last.status !== 200);
    if (one.orderId) made.dataset.order = one.orderId;
    put(made, { time: clockTime(one.createdAt, true), lane: one.forged ? word("is_forged") : one.event, did: `${one.orderId || ""} ${one.status || ""}`.trim(), outcome: last ? `→ ${last.status ?? last.error}${one.attempts.length > 1 ? ` ×${one.attempts.length}` : ""}` : "" });
    if (made.querySelector("details").open) at(made, "inside").replaceChildren(insideOfDelivery(sandbox, one));
  });
}

function testEvent() {
  const createdAt = new Date().toISOString();
  return { body: { eventType: "PAYMENT_STATUS_CHANGED", createdAt, data: { paymentKey: "test", orderId: "test-order", status: "DONE" } } };
}
