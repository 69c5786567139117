/* The global of v1: TossPayments(clientKey). */
function TossPayments(clientKey) {
  return reporting(clientKey, 'TossPayments', [], () => createPayments(clientKey));
}

function createPayments(clientKey) {
  if (!isClientKey(clientKey)) throw failure('INVALID_CLIENT_KEY');
  if (isWidgetKey(clientKey)) throw failure('NOT_SUPPORTED_WIDGET_KEY');
  return {
    async requestPayment(methodOrRequest, maybeRequest) {
      const isNamed = typeof methodOrRequest === 'string' || methodOrRequest === null;
      const request = isNamed ? maybeRequest : methodOrRequest;
      const { fields, target } = readV1Payment(isNamed ? methodOrRequest || '' : '', request);
      if (active) throw failure('INVALID_REQUEST');
      return runWindow({
        offline: 'NETWORK_ERROR',
        begin: () => beginV1('sessions', { clientKey, ...fields }),
        target,
        language: fields.language,
        present: ({ paymentKey, orderId, amount }) => ({ paymentKey, orderId, amount }),
      });
    },
    async requestBillingAuth(method, request) {
      const { fields, target } = readV1BillingAuth(method, request);
      if (active) throw failure('INVALID_REQUEST');
      return runWindow({
        offline: 'NETWORK_ERROR',
        begin: () => beginV1('billing-sessions', { clientKey, ...fields }),
        target,
        present: () => undefined,
      });
    },
    cancelPayment() {
      abortWindow('USER_CANCEL');
    },
  };
}

function readV1Payment(name, request) {
  const method = findMethod(name);
  if (method === null || method === 'FOREIGN_EASY_PAY') throw failure('NOT_SUPPORTED_METHOD', name);
  checkOrder(request);
  const amount = readAmount(request.amount);
  const isRedirect = checkReturnUrls(request);
  checkPerson(request);
  const skipAuth = readSkipAuth(request);
  const target = skipAuth ? 'none' : decideV1Target(request.windowTarget, isRedirect);
  const wishes = { skipAuth, ...readV1Person(request), ...readV1Method(method, request), fails: request.forceFailure ? true : undefined };
  return { fields: compact({ ...readV1Order(request), amount, ...wishes }), target };
}

/* How the payment ends without a window, for a test of the shop's pages. */
function readSkipAuth({ _skipAuth: asked }) {
  if (asked === undefined || asked === null) return undefined;
  if (!['FORCE_SUCCESS', 'FORCE_FAIL'].includes(asked)) throw failure('INVALID_PARAMETER', '_skipAuth');
  return asked;
}

function readV1Method(method, request) {
  if (method === '') return {};
  if (method === 'TOSSPAY') return { method: 'EASY_PAY', easyPay: 'TOSSPAY' };
  if (method === 'CARD') return readV1Card(request);
  if (method === 'VIRTUAL_ACCOUNT') return readV1Account(request);
  if (method === 'TRANSFER') return { method, bank: request.bank };
  return { method };
}

function readV1Card(request) {
  const single = readNumber(request.cardInstallmentPlan);
  const longest = readNumber(request.maxCardInstallmentPlan);
  if (single !== null && longest !== null) throw failure('INVALID_CARD_INSTALLMENT_PLANS_WITH_MAX_AND_SINGLE');
  const { cardCompany, easyPay } = request;
  const isDirect = request.flowMode === 'DIRECT';
  if (isDirect && !cardCompany === !easyPay) throw failure('INVALID_FLOW_MODE_PARAMETERS');
  if (easyPay && !Object.entries(WALLET_NAMES).flat().includes(easyPay)) throw failure('INVALID_EASY_PAY', String(easyPay));
  return {
    method: 'CARD',
    cardCompany: cardCompany || undefined,
    easyPay: easyPay || undefined,
    isDirect: isDirect || undefined,
    installmentMonths: single,
    maxInstallmentMonths: longest,
    useCardPoint: typeof request.useCardPoint === 'boolean' ? request.useCardPoint : undefined,
    language: { KO: 'ko', EN: 'en', JA: 'ja', ZH: 'zh' }[request.language],
  };
}

function readV1Account(request) {
  const validHours = readNumber(request.validHours);
  if (validHours !== null && request.dueDate) throw failure('INVALID_VALID_HOURS_WITH_DUE_DATE_AND_SINGLE');
  if (validHours !== null && validHours > 2160) throw failure('EXCEED_MAX_VALID_HOURS');
  if (request.dueDate && Number.isNaN(Date.parse(request.dueDate))) throw failure('INVALID_DATE');
  return { method: 'VIRTUAL_ACCOUNT', validHours, dueDate: request.dueDate || undefined };
}

function readV1BillingAuth(name, request) {
  const method = findMethod(name);
  if (!['CARD', 'TRANSFER'].includes(method)) throw failure('NOT_SUPPORTED_METHOD', String(name));
  if (typeof request !== 'object' || request === null) throw failure('INVALID_PARAMETER');
  checkCustomerKey(request.customerKey);
  if (!isReturnUrl(request.successUrl)) throw failure('INVALID_SUCCESS_URL');
  if (!isReturnUrl(request.failUrl)) throw failure('INVALID_URL');
  checkPerson(request);
  const { customerKey, successUrl, failUrl } = request;
  const fields = compact({ method, customerKey, successUrl, failUrl, customerName: request.customerName || undefined });
  return { fields, target: decideV1Target(request.windowTarget, true) };
}

TossPayments.version = '1.0.0';
window.TossPayments = TossPayments;
