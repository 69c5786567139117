/* payment(): the window for a method that the shop chose. */
function createPayment(clientKey, customerKey) {
  return {
    async requestPayment(request) {
      const { fields, target } = readPayment(request);
      if (active) throw failure('INVALID_METHOD_TRANSACTION');
      const session = { clientKey, customerKey, ...fields };
      return runWindow({
        offline: 'UNKNOWN',
        begin: () => beginV2('sessions', session),
        target,
        language: fields.language,
        present: (payment) => presentV2(payment, false),
      });
    },
    async requestBillingAuth(request) {
      const { fields, target } = readBillingAuth(request);
      if (active) throw failure('INVALID_METHOD_TRANSACTION');
      return runWindow({
        offline: 'UNKNOWN',
        begin: () => beginV2('billing-sessions', { clientKey, customerKey, ...fields }),
        target,
        present: () => undefined,
      });
    },
    async destroy() {
      if (!abortWindow('PAYMENT_REQUEST_ABORTED')) throw failure('NO_ACTIVE_PAYMENT_REQUEST');
    },
  };
}

function readPayment(request) {
  if (typeof request !== 'object' || request === null) throw failure('INVALID_PARAMETERS');
  const options = Object.hasOwn(OPTIONS, request.method) ? OPTIONS[request.method] : null;
  if (request.method && !options) throw failure('NOT_SUPPORTED_METHOD', String(request.method));
  const required = { method: text(), amount: anything, orderId: matching(ORDER_ID), orderName: text(100) };
  const isForeign = request.method === 'FOREIGN_EASY_PAY';
  checkFields(request, isForeign ? object({ ...required, ...options }, COMMON) : object(required, { ...COMMON, ...options }));
  const isRedirect = checkUrls(request);
  if (isForeign && !isRedirect) throw failure('NOT_SUPPORTED_PROMISE');
  if (isForeign) throw failure('NOT_SUPPORTED_METHOD', request.method);
  checkAmount(request.amount, 1);
  const target = checkTarget(request.windowTarget, isRedirect);
  return { fields: { ...readCommon(request), amount: request.amount.value, ...readOptions(request) }, target };
}

function readCommon(request) {
  return compact({
    orderId: request.orderId,
    orderName: request.orderName,
    successUrl: request.successUrl,
    failUrl: request.failUrl,
    taxFreeAmount: request.taxFreeAmount,
    metadata: readMetadata(request.metadata),
  });
}

function readCustomer(request) {
  return {
    customerName: request.customerName,
    customerEmail: request.customerEmail,
    customerMobilePhone: request.customerMobilePhone,
    fails: request.sandbox?.paymentResult === 'FAIL' ? true : undefined,
  };
}

function readOptions(request) {
  const card = request.card ?? {};
  const account = request.virtualAccount ?? request.transfer ?? {};
  const isSet = (value) => value !== undefined && value !== null;
  if (isSet(card.cardInstallmentPlan) && isSet(card.maxCardInstallmentPlan)) {
    throw failure('INVALID_PARAMETERS', 'card.cardInstallmentPlan, card.maxCardInstallmentPlan');
  }
  if (isSet(account.validHours) && isSet(account.dueDate)) {
    throw failure('INVALID_PARAMETERS', 'validHours, dueDate');
  }
  if (card.flowMode === 'DIRECT' && !card.cardCompany === !card.easyPay) {
    throw failure('INVALID_PARAMETERS', 'card.flowMode');
  }
  return compact({
    cultureExpense: account.isCulturalExpenses,
    useEscrow: card.useEscrow ?? account.useEscrow,
    method: request.method,
    ...readCustomer(request),
    cardCompany: card.cardCompany,
    easyPay: card.easyPay,
    isDirect: card.flowMode === 'DIRECT' ? true : undefined,
    installmentMonths: card.cardInstallmentPlan,
    maxInstallmentMonths: card.maxCardInstallmentPlan,
    useCardPoint: card.useCardPoint,
    language: { KO: 'ko', EN: 'en', JA: 'ja', ZH: 'zh' }[card.language],
    validHours: account.validHours,
    dueDate: account.dueDate,
  });
}

const BILLING = {
  customerName: text(100), customerEmail: text(100), windowTarget: oneOf('iframe', 'self'),
};

function readBillingAuth(request) {
  if (typeof request !== 'object' || request === null) throw failure('INVALID_PARAMETERS');
  if (request.method && !['CARD', 'TRANSFER'].includes(request.method)) {
    throw failure('NOT_SUPPORTED_METHOD', String(request.method));
  }
  const own = request.method === 'TRANSFER'
    ? { transfer: object({}, { encryptedCustomerCi: text() }) }
    : {
      selectableCardTypes: list(oneOf('PERSONAL', 'CORPORATE')), flowMode: oneOf('DEFAULT', 'DIRECT'),
      easyPay: oneOf('토스페이', 'TOSSPAY', '네이버페이', 'NAVERPAY'), cardCompany: text(),
    };
  checkFields(request, object({ method: text(), successUrl: anything, failUrl: anything }, { ...BILLING, ...own }));
  if (!isReturnUrl(request.successUrl)) throw failure('INCORRECT_SUCCESS_URL_FORMAT');
  if (!isReturnUrl(request.failUrl)) throw failure('INCORRECT_FAIL_URL_FORMAT');
  const fields = compact({
    method: request.method,
    successUrl: request.successUrl,
    failUrl: request.failUrl,
    customerName: request.customerName,
    cardCompany: request.cardCompany,
    easyPay: request.easyPay,
  });
  return { fields, target: checkTarget(request.windowTarget, true) };
}
