// The shop as many write it first. It passes every test with a good card; `payments-mock certify` says what breaks it.
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";

const { TOSS_URL = "https://api.tosspayments.com", TOSS_SECRET_KEY, PORT = "8080" } = process.env;
const orders = new Map();

async function toss(path, body, idempotencyKey) {
  const answer = await fetch(`${TOSS_URL}/v1/payments/${path}`, {
    method: "POST",
    headers: {
      Authorization: `Basic ${btoa(`${TOSS_SECRET_KEY}:`)}`,
      "Content-Type": "application/json",
      "Idempotency-Key": idempotencyKey,
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(3000),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

async function returned({ paymentKey, orderId, amount }) {
  const order = orders.get(orderId);
  try {
    await toss("confirm", { paymentKey, orderId, amount }, orderId);
    Object.assign(order, { status: "PAID", paymentKey });
  } catch {
    order.status = "FAILED";
  }
  return order;
}

async function refund(order, { reason }) {
  await toss(`${order.paymentKey}/cancel`, { cancelReason: reason }, `refund-${order.orderId}`).catch(console.error);
  order.status = "REFUNDED";
  return order;
}

function hear({ data }) {
  const order = orders.get(data.orderId);
  if (data.status === "DONE") Object.assign(order, { status: "PAID", paymentKey: data.paymentKey });
  if (data.status === "CANCELED") order.status = "REFUNDED";
  return {};
}

function place() {
  const order = { orderId: randomUUID(), amount: 15000, status: "OPEN" };
  orders.set(order.orderId, order);
  return order;
}

async function answer(method, path, body) {
  const [, , id, act] = path.split("/");
  if (method === "GET") return orders.get(id);
  if (path === "/orders") return place();
  if (path === "/payments/confirm") return returned(body);
  if (path === "/webhooks/toss") return hear(body);
  return act === "refund" ? refund(orders.get(id), body) : undefined;
}

createServer(async (request, response) => {
  let text = "";
  for await (const part of request) text += part;
  try {
    const content = await answer(request.method, request.url, JSON.parse(text || "{}"));
    response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(content ?? {}));
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
}).listen(Number(PORT));
