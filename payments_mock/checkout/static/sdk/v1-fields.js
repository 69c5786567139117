/* What v1 takes: a flat request, forgiving about fields of other methods, nulls and numbers as text. */
function readNumber(value) {
  const isText = typeof value === 'string' && value.trim() !== '';
  const number = isText ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

function readAmount(value) {
  const amount = readNumber(value);
  if (amount === null || !Number.isSafeInteger(amount)) throw failure('INVALID_PARAMETER', 'amount');
  if (amount <= 0) throw failure('BELOW_ZERO_AMOUNT');
  return amount;
}

function checkOrder(request) {
  if (typeof request !== 'object' || request === null) throw failure('INVALID_PARAMETER');
  if (!/^[A-Za-z0-9\-_=]{6,64}$/.test(String(request.orderId ?? ''))) throw failure('INVALID_ORDER_ID');
  const name = request.orderName;
  if (typeof name !== 'string' || name.length < 1 || name.length > 100) throw failure('INVALID_ORDER_NAME');
}

/* Both URLs or none: tells whether the page is to be left. */
function checkReturnUrls(request) {
  const isGiven = (value) => value !== undefined && value !== null;
  if (!isGiven(request.successUrl) && !isGiven(request.failUrl)) return false;
  if (!isReturnUrl(request.successUrl)) throw failure('INVALID_SUCCESS_URL');
  if (!isReturnUrl(request.failUrl)) throw failure('INVALID_URL');
  return true;
}

function checkPerson(request) {
  if (request.customerEmail && !/^[^\s@]{1,64}@[^\s@]{1,64}$/.test(request.customerEmail)) throw failure('INVALID_EMAIL');
  if (request.customerMobilePhone && !/^[0-9]{8,15}$/.test(String(request.customerMobilePhone))) throw failure('INVALID_PHONE');
}

function decideV1Target(asked, isRedirect) {
  const target = decideTarget(asked);
  if (target === null || (target === 'self' && !isRedirect)) throw failure('INVALID_PARAMETER', 'windowTarget');
  return target;
}

function readV1Metadata(metadata) {
  if (!metadata || typeof metadata !== 'object') return undefined;
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, String(value)]));
}

/* The part of a session that window and widget share. */
function readV1Order(request) {
  return compact({
    orderId: String(request.orderId),
    orderName: request.orderName,
    successUrl: request.successUrl,
    failUrl: request.failUrl,
    taxFreeAmount: readNumber(request.taxFreeAmount),
    cultureExpense: typeof request.cultureExpense === 'boolean' ? request.cultureExpense : undefined,
    useEscrow: typeof request.useEscrow === 'boolean' ? request.useEscrow : undefined,
    metadata: readV1Metadata(request.metadata),
  });
}

function readV1Person(request) {
  return {
    customerName: request.customerName || undefined,
    customerEmail: request.customerEmail || undefined,
    customerMobilePhone: request.customerMobilePhone ? String(request.customerMobilePhone) : undefined,
  };
}

async function beginV1(kind, fields) {
  return beginSession(kind, fields, 'NETWORK_ERROR');
}
