// Lines to paste: how a shop calls this server, and a payment made in its place.
import { facts, post } from "./api.js";

export function keysOf(sandbox) {
  return facts.keys.filter((pair) => pair.sandbox === sandbox.id);
}

export function secretOf(sandbox) {
  return keysOf(sandbox)[0]?.secret || "SECRET_KEY";
}

export function curlLines(sandbox) {
  const secret = secretOf(sandbox);
  const quoted = (body) => `-H 'Content-Type: application/json' -d '${body}'`;
  if (sandbox.contract === "kiosk") {
    const body = quoted('{"paymentKey":"pay_1","orderId":"order_1001","amount":15000}');
    return ["", "/confirm"].map((path) => `curl ${facts.base}/v1/payments${path} -u ${secret}: ${body}`).join("\n");
  }
  const client = keysOf(sandbox)[0]?.client || "CLIENT_KEY";
  return [
    `KEY=$(curl -s ${facts.base}/control/checkouts ${quoted(`{"clientKey":"${client}","orderId":"order_1001","orderName":"Popcorn","amount":15000,"method":"CARD"}`)} | sed 's/.*"paymentKey":"\\([^"]*\\)".*/\\1/')`,
    `curl ${facts.base}/v1/payments/confirm -u ${secret}: -H 'Content-Type: application/json' -d "{\\"paymentKey\\":\\"$KEY\\",\\"orderId\\":\\"order_1001\\",\\"amount\\":15000}"`,
  ].join("\n");
}

export function pytestLines(sandbox) {
  const mark = sandbox.contract === "toss" ? '@pytest.mark.payments_mock(contract="toss")\n' : "";
  return `${mark ? "import pytest\n\n\n" : ""}${mark}def test_a_lost_answer_charges_once(sandbox, shop):\n    shop.use_provider(sandbox.base_url, sandbox.secret_key)  # your backend\n    sandbox.faults.lose_answer("confirm")\n\n    shop.press_pay("order_1001")\n    shop.press_pay("order_1001")\n\n    sandbox.journal.assert_called("confirm", count=1, order_id="order_1001")`;
}

export const scriptTag = () => `<script src="${facts.base}/v2/standard"></script>`;

// Pays as a shop's backend would, by the sandbox's own key.
export async function payInTheShopsPlace(sandbox) {
  const orderId = `order_${Date.now().toString(36)}`;
  const paymentKey = sandbox.contract === "kiosk" ? `pay_${orderId}` : await pressPay(sandbox, orderId);
  const body = { paymentKey, orderId, amount: 15000 };
  if (sandbox.contract === "kiosk") await askAsShop(sandbox, "v1/payments", body);
  await askAsShop(sandbox, "v1/payments/confirm", body);
}

async function pressPay(sandbox, orderId) {
  const opened = await post("checkouts", { clientKey: keysOf(sandbox)[0].client, orderId, orderName: "팝콘", amount: 15000, method: "CARD" });
  return opened.paymentKey;
}

async function askAsShop(sandbox, path, body) {
  const headers = { Authorization: `Basic ${btoa(`${secretOf(sandbox)}:`)}`, "Content-Type": "application/json" };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error((await answer.json()).message);
}
