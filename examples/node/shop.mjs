// A small shop on the Toss contract: orders, the way back from the window, webhooks, refunds, and a job.
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { cancel, confirm, find, isRefused } from "./toss.mjs";

const PRICE = 15000;
const orders = new Map(); // A database in a real shop; each change of a status below is one conditional update there.

const isFor = ({ orderId, totalAmount }, order) => orderId === order.id && totalAmount === order.amount;

/** Make an order what its payment says. Nothing but a payment is believed: no answer, no webhook, no shopper. */
function settle(order, payment, isRefused = false) {
  if (!payment || payment.paymentKey !== order.paymentKey) return;
  const isWaiting = order.status === "PENDING";
  if (!isFor(payment, order)) {
    if (isWaiting) reopen(order); // somebody else's payment, or a cheaper one: it never pays this order
    return;
  }
  const isBack = payment.status === "CANCELED" || payment.status === "PARTIAL_CANCELED";
  if (isBack && payment.approvedAt) return recordRefund(order, payment.totalAmount - payment.balanceAmount);
  if (payment.status === "DONE" && isWaiting) order.status = "PAID"; // the goods go out here, and only here
  else if (payment.status === "DONE" && order.status === "REFUNDING" && isRefused) endRefund(order);
  else if (payment.status === "WAITING_FOR_DEPOSIT" && order.status === "PAID") order.status = "PENDING";
  else if (isWaiting && (isRefused || ["ABORTED", "EXPIRED", "CANCELED"].includes(payment.status))) reopen(order);
}

const reopen = (order) => Object.assign(order, { status: "OPEN", paymentKey: undefined });

function recordRefund(order, refunded) {
  if (refunded > order.refunded) endRefund(Object.assign(order, { refunded }));
}

function endRefund(order) {
  const status = order.refunded === 0 ? "PAID" : order.refunded < order.amount ? "PARTIALLY_REFUNDED" : "REFUNDED";
  Object.assign(order, { status, refund: undefined });
}

/** One request at a time acts on an order; the others join it. */
function alone(order, act) {
  order.atWork ??= act(order).finally(() => (order.atWork = undefined));
  return order.atWork;
}

async function charge(order) {
  const answer = await confirm(order);
  const isPaid = answer.content.status === "DONE" && isFor(answer.content, order);
  settle(order, isPaid ? answer.content : await find(order.paymentKey), isRefused(answer));
}

async function giveBack(order) {
  const answer = await cancel(order);
  settle(order, await find(order.paymentKey), isRefused(answer));
}

/** Find out what is unknown, and carry on what never arrived. The job does this, and a webhook, and a second press. */
async function carryOn(order) {
  const payment = await find(order.paymentKey);
  settle(order, payment);
  if (order.status === "PENDING" && payment?.status === "IN_PROGRESS") await alone(order, charge);
  if (order.status === "REFUNDING") await alone(order, giveBack);
  return payment;
}

async function returned({ paymentKey, orderId, amount }) {
  const order = orders.get(orderId);
  if (!order || Number(amount) !== order.amount) return [409, { error: "this is not what was ordered" }];
  if (order.status === "OPEN") {
    Object.assign(order, { status: "PENDING", paymentKey }); // written down before the charge
    await alone(order, charge);
  } else if (order.paymentKey !== paymentKey) {
    return [409, { error: `the order is ${order.status}` }];
  } else if (order.status === "PENDING") {
    await (order.atWork ?? carryOn(order));
  }
  return [200, show(order)];
}

async function refund(order, { reason, amount = order.amount - order.refunded }) {
  const isPossible = ["PAID", "PARTIALLY_REFUNDED"].includes(order.status) && amount > 0;
  if (!isPossible || amount > order.amount - order.refunded) return [409, { error: `the order is ${order.status}` }];
  Object.assign(order, { status: "REFUNDING", refund: { id: randomUUID(), reason, amount } });
  await alone(order, giveBack);
  return [200, show(order)];
}

/** Take a webhook as a hint to look the payment up. 503 has it come again. */
async function hear(event) {
  const order = orders.get(event.data?.orderId ?? event.orderId);
  return order?.paymentKey && !(await carryOn(order)) ? [503, {}] : [200, {}];
}

async function reconcile() {
  await Promise.all([...orders.values()].filter((order) => order.paymentKey).map(carryOn));
  return [200, {}];
}

function place() {
  const order = { id: randomUUID(), amount: PRICE, status: "OPEN", refunded: 0 };
  orders.set(order.id, order);
  return [200, show(order)];
}

const show = ({ id, amount, status, refunded }) => ({ orderId: id, amount, status, refundedAmount: refunded });

async function answer(method, path, body) {
  const [, first, id, act] = path.split("/");
  const order = first === "orders" && orders.get(id);
  if (method === "POST" && path === "/orders") return place();
  if (method === "POST" && path === "/payments/confirm") return returned(body);
  if (method === "POST" && path === "/webhooks/toss") return hear(body);
  if (method === "POST" && path === "/reconcile") return reconcile();
  if (method === "POST" && order && act === "refund") return refund(order, body);
  return order && !act ? [200, show(order)] : [404, { error: "there is no such page" }];
}

createServer(async (request, response) => {
  let [status, content] = [500, { error: "try again" }];
  try {
    let text = "";
    for await (const part of request) text += part;
    [status, content] = await answer(request.method, request.url, JSON.parse(text || "{}"));
  } catch (error) {
    console.error(error);
  }
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(content));
}).listen(Number(process.env.PORT ?? 8080));

setInterval(reconcile, 60_000);
