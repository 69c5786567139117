// A small shop around the confirm of docs/examples.md: orders, the way back, webhooks and the job.
import { createServer } from "node:http";
import { randomUUID } from "node:crypto";
import { createShop } from "./shop.mjs";

const { PROVIDER_URL, SECRET_KEY, PORT } = process.env;
const PRICE = 15000;
const confirm = createShop({ baseUrl: PROVIDER_URL, secretKey: SECRET_KEY });
const orders = new Map();

/** One request at a time charges an order; the others join it. */
function charge(order) {
  order.atWork ??= decide(order).finally(() => (order.atWork = undefined));
  return order.atWork;
}

async function decide(order) {
  order.status = "PENDING";
  const about = { paymentKey: order.paymentKey, orderId: order.id, amount: PRICE };
  const status = await confirm(about).catch(() => "UNKNOWN");
  if (status === "DONE") order.status = "PAID";
  order.tries = status === "IN_PROGRESS" ? order.tries + 1 : 0;
  // What was refused again and again without being charged is not going to be.
  const isOver = status === "ABORTED" || status === "EXPIRED" || order.tries > 2;
  if (isOver) Object.assign(order, { status: "OPEN", paymentKey: undefined, tries: 0 });
}

/** Somebody else may have canceled what was paid. */
async function lookAgain(order) {
  if (order.status === "PENDING") return charge(order);
  if (order.status !== "PAID") return undefined;
  const headers = { Authorization: `Basic ${btoa(`${SECRET_KEY}:`)}` };
  const found = await (await fetch(`${PROVIDER_URL}/v1/payments/${order.paymentKey}`, { headers })).json();
  if (found.status === "CANCELED" && order.status === "PAID") order.status = "REFUNDED";
  return undefined;
}

async function returned({ paymentKey, orderId, amount }) {
  const order = orders.get(orderId);
  const isKnown = [...orders.values()].some((one) => one !== order && one.paymentKey === paymentKey);
  if (!order || amount !== PRICE || isKnown) return 409;
  if (order.paymentKey && order.paymentKey !== paymentKey) return 409;
  if (order.status !== "PAID" && order.status !== "REFUNDED") {
    order.paymentKey = paymentKey;
    await charge(order);
  }
  return 200;
}

const show = (order) => ({ orderId: order.id, amount: PRICE, status: order.status });

async function answer(method, path, body) {
  if (path === "/orders") {
    const order = { id: randomUUID(), status: "OPEN", tries: 0 };
    orders.set(order.id, order);
    return [200, show(order)];
  }
  if (path === "/returned") return [await returned(body), {}];
  if (path === "/webhooks") {
    const order = orders.get(body.data?.orderId ?? body.orderId);
    if (order) await lookAgain(order);
    return [200, {}];
  }
  if (path === "/reconcile") return [200, await Promise.all([...orders.values()].map(lookAgain))];
  return [200, show(orders.get(path.split("/")[2]))];
}

createServer((request, response) => {
  let text = "";
  request.on("data", (part) => (text += part));
  request.on("end", async () => {
    const [status, content] = await answer(request.method, request.url, JSON.parse(text || "{}")).catch((error) => [
      503,
      { error: String(error) },
    ]);
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(content));
  });
}).listen(Number(PORT), "127.0.0.1");
