/* The global of the v1 widget: PaymentWidget(clientKey, customerKey, options?). */
function PaymentWidget(clientKey, customerKey) {
  return reporting(clientKey, 'PaymentWidget', [], () => createWidget(clientKey, customerKey));
}

function createWidget(clientKey, customerKey) {
  if (!isClientKey(clientKey)) throw failure('INVALID_CLIENT_KEY');
  checkCustomerKey(customerKey);
  const state = { amount: null, methods: null, agreement: null };
  return {
    renderPaymentMethods: (selector, amount, options) => renderV1Methods(state, clientKey, selector, amount, options),
    renderAgreement: (selector, options) => renderV1Terms(state, clientKey, selector, options),
    async requestPayment(info) {
      await refreshAll(state.methods && state.methods.widget, state.agreement && state.agreement.widget);
      const { fields, target } = readV1WidgetPayment(state, info);
      if (active) throw failure('INVALID_REQUEST');
      return runWindow({
        offline: 'NETWORK_ERROR',
        begin: () => beginV1('sessions', { clientKey, customerKey, ...fields }),
        target,
        present: ({ paymentType, paymentKey, orderId, amount }) => ({ paymentType, paymentKey, orderId, amount }),
      });
    },
  };
}

function readV1WidgetPayment(state, info) {
  checkOrder(info);
  const isRedirect = checkReturnUrls(info);
  checkPerson(info);
  const selection = state.methods && state.methods.selection;
  if (!selection) throw failure('NOT_SELECTED_PAYMENT_METHOD');
  if (state.agreement && !readStatus(state.agreement.terms).agreedRequiredTerms) {
    throw failure('NEED_AGREEMENT_WITH_REQUIRED_TERMS');
  }
  if (selection.method === 'CARD' && !selection.issuer) throw failure('NEED_CARD_PAYMENT_DETAIL');
  const target = decideV1Target(undefined, isRedirect);
  const wishes = { ...readV1Person(info), selection, agreed: Boolean(state.agreement) };
  return { fields: compact({ ...readV1Order(info), amount: readAmount(state.amount), ...wishes }), target };
}

function readWidgetAmount(amount) {
  const value = readNumber(typeof amount === 'object' && amount !== null ? amount.value : amount);
  if (value === null || !Number.isSafeInteger(value) || value < 0) throw failure('INVALID_PARAMETER', 'amount');
  if (typeof amount === 'object' && amount.currency && amount.currency !== 'KRW') throw failure('INVALID_PARAMETER', 'currency');
  return value;
}

function readVariant(options) {
  const variantKey = options?.variantKey ?? undefined;
  if (variantKey !== undefined && !isVariantKey(variantKey)) throw failure('INVALID_VARIANT_KEY');
  return variantKey;
}

function checkV1Listener(listener) {
  if (typeof listener !== 'function') throw failure('INVALID_PARAMETER', 'callback');
}

function renderV1Methods(state, clientKey, selector, amount, options) {
  const variantKey = readVariant(options);
  const element = findElement(selector);
  state.amount = readWidgetAmount(amount);
  if (state.methods) state.methods.widget.remove();
  const listeners = createListeners();
  const methods = { selection: null, widget: null };
  const hear = (message) => {
    if (message.selection) methods.selection = message.selection;
    if (message.type !== 'ready') return;
    methods.widget.tell({ type: 'amount', amount: state.amount });
    listeners.callOnce('ready');
  };
  methods.widget = drawWidget(element, 'methods', { clientKey, variantKey, amount: state.amount }, hear);
  methods.widget.ready.catch(reportProblem);
  state.methods = methods;
  return {
    updateAmount(changed) {
      state.amount = readWidgetAmount(changed);
      if (methods.selection) methods.widget.tell({ type: 'amount', amount: state.amount });
    },
    UPDATE_REASON: { COUPON: 'COUPON', POINT: 'POINT' },
    on(name, listener) {
      checkV1Listener(listener);
      listeners.add(name, listener);
    },
    getSelectedPaymentMethod: () => presentSelection(methods.selection || { method: 'CARD' }),
  };
}

function presentSelection({ method, easyPay }) {
  const named = { type: 'NORMAL', method: METHOD_NAMES[method] };
  return method === 'EASY_PAY' ? { ...named, easyPay: { provider: WALLET_NAMES[easyPay] } } : named;
}

function renderV1Terms(state, clientKey, selector, options) {
  const variantKey = readVariant(options);
  const element = findElement(selector);
  if (state.agreement) state.agreement.widget.remove();
  const listeners = createListeners();
  const agreement = { terms: [], widget: null };
  const hear = (message) => {
    agreement.terms = message.terms || agreement.terms;
    if (message.type === 'ready') listeners.callOnce('ready');
    else if (message.type === 'terms') listeners.call('change', readStatus(agreement.terms));
  };
  agreement.widget = drawWidget(element, 'agreement', { clientKey, variantKey }, hear);
  agreement.widget.ready.catch(reportProblem);
  state.agreement = agreement;
  return {
    on(name, listener) {
      checkV1Listener(listener);
      listeners.add(name, listener);
    },
    getAgreementStatus: () => readStatus(agreement.terms),
  };
}

function readStatus(terms) {
  const agreedRequiredTerms = terms.length > 0 && terms.every((term) => term.agreed || !term.required);
  return { agreedRequiredTerms, terms: terms.map((term) => ({ ...term })) };
}

/* v1 renders without a promise, so there is nobody to reject; the page's own error event tells it. */
function reportProblem(error) {
  setTimeout(() => {
    throw error;
  }, 0);
}

PaymentWidget.ANONYMOUS = ANONYMOUS;
PaymentWidget.version = '1.0.0';
window.PaymentWidget = PaymentWidget;
