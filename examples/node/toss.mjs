// The three calls of the payments API that a shop needs. None throws: a look-up tells later what got lost.
const { TOSS_URL = "https://api.tosspayments.com", TOSS_SECRET_KEY, TOSS_TIMEOUT = "3000" } = process.env;
const headers = { Authorization: `Basic ${btoa(`${TOSS_SECRET_KEY}:`)}`, "Content-Type": "application/json" };

async function call(method, path, body, idempotencyKey) {
  try {
    const answer = await fetch(`${TOSS_URL}/v1/payments${path}`, {
      method,
      headers: idempotencyKey ? { ...headers, "Idempotency-Key": idempotencyKey } : headers,
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(Number(TOSS_TIMEOUT)),
    });
    return { status: answer.status, content: await answer.json() };
  } catch {
    return { status: 0, content: {} }; // reset, too late, or no JSON: nobody knows what was done
  }
}

/** The key comes from the shopper's browser: what is no part of a path must not become one. */
const path = (paymentKey) => `/${encodeURIComponent(paymentKey)}`;

/** Charge the shopper. A repeated attempt has the same key, and another card, with its own payment key, another. */
export const confirm = ({ paymentKey, id, amount }) =>
  call("POST", "/confirm", { paymentKey, orderId: id, amount }, `${id}:${paymentKey}`);

/** Give money back. The refund's id stays the same however often it has to be sent. */
export const cancel = ({ paymentKey, refund }) =>
  call("POST", `${path(paymentKey)}/cancel`, { cancelReason: refund.reason, cancelAmount: refund.amount }, refund.id);

/** Look a payment up; undefined if that fails, too. */
export async function find(paymentKey) {
  const answer = await call("GET", path(paymentKey));
  return answer.status === 200 ? answer.content : undefined;
}

/** Tell whether a call was refused for good. 409 and 429, a 5xx, and no answer at all leave it open. */
export const isRefused = ({ status, content }) =>
  [400, 403, 404].includes(status) && ![undefined, "ALREADY_PROCESSED_PAYMENT"].includes(content.code);
