/*
 * An example names things that have to be there: a payment, a billing key, a sandbox. Where a request still has the
 * example's name in it, what has to be there is made first, by calls of the same server, and named in its place.
 * A server that lets the page make nothing answers the request as it stands.
 */
const kept = { payments: {}, sandbox: {} };
let orders = 0;

async function call(method, path, { body, key } = {}) {
  const headers = { "Content-Type": "application/json" };
  if (key) headers.Authorization = `Basic ${btoa(`${key}:`)}`;
  const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  return answer.ok ? answer.json() : {};
}

const post = (path, body, key) => call("POST", path, { body, key });

/* What a request says, and how to put a name in another's place. */
class Asked {
  constructor(request, spec) {
    this.request = request;
    this.path = new URL(request.url, location.href).pathname;
    this.spec = spec;
  }

  get body() {
    try {
      return typeof this.request.body === "string" ? JSON.parse(this.request.body) : this.request.body ?? {};
    } catch {
      return {};
    }
  }

  is(method, pattern) {
    return this.request.method === method && pattern.test(this.path);
  }

  /* Return what stands in a path of the document for a thing of this name. */
  example(name) {
    const operations = Object.values(this.spec.paths).flatMap((path) => Object.values(path));
    return operations.flatMap((one) => one.parameters ?? []).find((one) => one.in === "path" && one.name === name)?.example;
  }

  exampleOf(schema) {
    return this.spec.components.schemas[schema].example;
  }

  names(text) {
    const body = typeof this.request.body === "string" ? this.request.body : JSON.stringify(this.request.body ?? "");
    return this.path.split("/").some((part) => decodeURIComponent(part) === text) || body.includes(`"${text}"`);
  }

  rename(old, name) {
    if (name === undefined) return;
    const url = new URL(this.request.url, location.href);
    url.pathname = url.pathname.split("/").map((part) => (decodeURIComponent(part) === String(old) ? encodeURIComponent(name) : part)).join("/");
    this.request.url = url.href;
    if (typeof this.request.body === "string") this.request.body = this.request.body.replaceAll(`"${old}"`, JSON.stringify(name));
  }

  /* Put the link to the receipt in the place of the example's. */
  async openReceipt(paymentKey, key) {
    if (!this.path.startsWith("/receipts/") || !paymentKey) return;
    const { receipt } = await call("GET", `/v1/payments/${paymentKey}`, { key });
    if (!receipt) return;
    const { pathname, search } = new URL(receipt.url);
    this.request.url = new URL(pathname + search, location.href).href;
  }
}

/* Do what the shopper does in the payment window. */
function checkOut(client, more = {}) {
  orders += 1;
  const order = { orderId: `prepared_${Date.now()}_${orders}`, orderName: "Popcorn", amount: 15000, method: "CARD" };
  return post("/control/checkouts", { ...order, clientKey: client, ...more });
}

const confirm = ({ paymentKey, orderId, amount }, secret) => post("/v1/payments/confirm", { paymentKey, orderId, amount }, secret);

async function prepareKiosk(asked, { secret }) {
  if (asked.is("POST", /\/v1\/payments$/)) return;
  const fields = Object.entries(asked.spec.components.schemas.PaymentRequest.properties);
  const order = Object.fromEntries(fields.map(([name, field]) => [name, field.example]));
  if (!asked.names(order.paymentKey) && !asked.names(order.orderId)) return;
  const { status } = await post("/v1/payments", order, secret);
  if (!asked.path.endsWith("/confirm") && status === "INITIATED") await post("/v1/payments/confirm", order, secret);
  await asked.openReceipt(order.paymentKey, secret);
}

/* Make a payment that the shopper has authenticated and, unless it is to be confirmed now, the merchant confirmed. */
async function makePayment(asked, { secret, client }) {
  const isConfirm = asked.is("POST", /\/v1\/payments\/[^/]+$/);
  if (!isConfirm && kept.payments[secret]) return kept.payments[secret];
  const { orderId, amount } = asked.body;
  const made = await checkOut(client, isConfirm ? { orderId, amount } : {});
  if (!made.paymentKey) return {};
  kept.payments[secret] = isConfirm ? made : await confirm(made, secret);
  return kept.payments[secret];
}

async function makeBillingKey(asked, { secret, client }) {
  const { customerKey } = asked.exampleOf("IssueRequest");
  const { authKey } = await post("/control/billing-authorizations", { clientKey: client, customerKey });
  return post("/v1/billing/authorizations/issue", { authKey, customerKey }, secret);
}

async function prepareToss(asked, keys) {
  if (!keys.client) return;
  const { paymentKey, orderId, billingKey, receiptKey } = Object.fromEntries(
    ["paymentKey", "orderId", "billingKey", "receiptKey"].map((name) => [name, asked.example(name)]),
  );
  const { authKey, customerKey } = asked.exampleOf("IssueRequest");
  if (asked.names(paymentKey) || asked.is("GET", new RegExp(`/orders/${orderId}$`))) {
    const payment = await makePayment(asked, keys);
    asked.rename(paymentKey, payment.paymentKey);
    asked.rename(orderId, payment.orderId);
    await asked.openReceipt(payment.paymentKey, keys.secret);
  }
  if (asked.names(authKey)) asked.rename(authKey, (await post("/control/billing-authorizations", { clientKey: keys.client, customerKey })).authKey);
  if (asked.names(billingKey)) asked.rename(billingKey, (await makeBillingKey(asked, keys)).billingKey);
  if (asked.names(receiptKey)) {
    const receipt = await post("/v1/cash-receipts", { ...asked.exampleOf("CashReceiptRequest"), orderId: `prepared_${Date.now()}` }, keys.secret);
    asked.rename(receiptKey, receipt.receiptKey);
  }
}

/* Make what has a name, unless it is there. */
async function makeNamed(asked, list, schema) {
  const name = asked.example("name");
  const there = Object.values(await call("GET", list)).flat();
  if (!there.some((one) => one.name === name)) await post(list, { ...asked.exampleOf(schema), name });
}

/* What has to be in the page's own sandbox, by the operation that asks for it. */
const IN_THE_SANDBOX = [
  [/\/faults\/[^/]+$/, (asked, place) => makeNamed(asked, `${place}/faults`, "FaultRequest")],
  [/\/webhooks\/rules\/[^/]+$/, (asked, place) => makeNamed(asked, `${place}/webhooks/rules`, "WebhookRuleRequest")],
  [/\/webhooks\/\d+$/, async (asked, place) => asked.rename(asked.example("webhook"), (await post(`${place}/webhooks`, asked.exampleOf("WebhookRequest"))).id)],
  [/\/webhooks\/deliveries\/\d+/, async (asked, place) => {
    await post(`${place}/webhooks`, asked.exampleOf("WebhookRequest"));
    await post(`${place}/webhooks/forge`, asked.exampleOf("ForgeRequest"));
    const { deliveries } = await call("GET", `${place}/webhooks/deliveries`);
    asked.rename(asked.example("delivery"), deliveries?.[0]?.id);
  }],
  [/\/journal\/\d+(\/(curl|replay))?$/, async (asked, place) => {
    await call("GET", "/v1/promotions", { key: kept.sandbox.secretKey });
    const { entries } = await call("GET", `${place}/journal`);
    asked.rename(asked.example("entry"), entries?.[0]?.id);
  }],
  [/\/journal\/verify$/, async (asked, place) => {
    await call("DELETE", `${place}/journal`);
    await confirm(await checkOut(kept.sandbox.clientKey), kept.sandbox.secretKey);
  }],
  [/\/payments\/[^/]+(\/settle)?$/, async (asked) => {
    const made = await checkOut(kept.sandbox.clientKey);
    await confirm(made, kept.sandbox.secretKey);
    asked.rename(asked.example("paymentKey"), made.paymentKey);
  }],
  [/\/payments\/[^/]+\/(reverse-)?deposit$/, async (asked, place) => {
    const made = await checkOut(kept.sandbox.clientKey, { method: "VIRTUAL_ACCOUNT" });
    await confirm(made, kept.sandbox.secretKey);
    if (asked.path.endsWith("/reverse-deposit")) await post(`${place}/payments/${made.paymentKey}/deposit`, {});
    asked.rename(asked.example("paymentKey"), made.paymentKey);
  }],
  [/\/payments\/[^/]+\/decline$/, async (asked) => asked.rename(asked.example("paymentKey"), (await checkOut(kept.sandbox.clientKey)).paymentKey)],
  [/\/payments\/[^/]+\/(pay|expire|close)$/, async (asked) => {
    const made = await checkOut(kept.sandbox.clientKey, { outcome: { result: "wait" } });
    asked.rename(asked.example("paymentKey"), made.paymentKey);
  }],
];

/* Make a payment that waits for a deposit, or has it, for the client key of the request. */
async function prepareDeposit(asked) {
  const client = asked.body.clientKey ?? "";
  const made = await checkOut(client, { method: "VIRTUAL_ACCOUNT" });
  await confirm(made, client.replace("ck_", "sk_"));
  if (asked.path.endsWith("/reverse-deposit")) await post(`/control/payments/${made.paymentKey}/deposit`, { clientKey: client });
  asked.rename(asked.example("paymentKey"), made.paymentKey);
}

/* Call with a key that nobody has, and name that call; its sandbox gets a name of its own. */
async function prepareStrayCall(asked) {
  await call("GET", "/v1/promotions", { key: `test_sk_of_nobody_${Date.now()}` });
  const { strayCalls } = await call("GET", "/control/stray-calls");
  asked.rename(asked.example("call"), strayCalls?.[0]?.id);
  asked.request.body = JSON.stringify({});
}

async function prepareControl(asked) {
  const sandbox = asked.example("sandbox");
  if (asked.is("POST", new RegExp(`/stray-calls/${asked.example("call")}/sandbox$`))) await prepareStrayCall(asked);
  if (asked.is("POST", /\/control\/payments\/[^/]+\/(reverse-)?deposit$/) && asked.names(asked.example("paymentKey"))) await prepareDeposit(asked);
  if (!asked.names(sandbox) || asked.is("POST", /\/control\/sandboxes$/)) return;
  if (kept.sandbox.id !== sandbox) kept.sandbox = await post("/control/sandboxes", { ...asked.exampleOf("SandboxRequest"), id: sandbox });
  const [, make] = IN_THE_SANDBOX.find(([pattern]) => pattern.test(asked.path)) ?? [];
  await make?.(asked, `/control/sandboxes/${sandbox}`);
}

const CONTRACTS = { kiosk: prepareKiosk, toss: prepareToss, control: prepareControl };

/** Keep the keys of a sandbox that was made, to act in it, until it is deleted. */
export function remember(answer) {
  if (answer.clientKey) kept.sandbox = answer;
  if (answer.deleted === kept.sandbox.id) kept.sandbox = {};
}

/** Make what a request of the viewer needs, with the keys that were chosen, and return the request to send. */
export async function prepare(request, spec, contract, keys) {
  if (!request.loadSpec) await CONTRACTS[contract](new Asked(request, spec), keys);
  return request;
}
