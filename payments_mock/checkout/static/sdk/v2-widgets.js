/* widgets(): the ways to pay and the terms, drawn inside the shop's page. */
function createWidgets(clientKey, customerKey) {
  const state = { amount: null, methods: null, agreement: null, picker: null };

  async function requestPayment(request) {
    const { fields, target } = readWidgetPayment(request, {});
    if (!state.amount) throw failure('NOT_SETUP_AMOUNT');
    checkAmount(state.amount, 1);
    await refreshAll(state.methods, state.agreement);
    const selection = chosen(state);
    if (active) throw failure('INVALID_METHOD_TRANSACTION');
    if (state.picker) state.picker.remove();
    const agreed = Boolean(state.agreement || state.picked);
    return open(target, { ...fields, amount: state.amount.value, selection, agreed });
  }

  async function requestPaymentWindow(request, options) {
    const { fields, target } = readWidgetPayment(request, { amount: anything });
    checkWindowOptions(options);
    checkAmount(request.amount, 1);
    if (active) throw failure('INVALID_METHOD_TRANSACTION');
    return open(target, { ...fields, amount: request.amount.value });
  }

  function open(target, fields) {
    return runWindow({
      offline: 'UNKNOWN',
      begin: () => beginV2('sessions', { clientKey, customerKey, ...fields }),
      target,
      present: (payment) => presentV2(payment, true),
    });
  }

  return {
    async setAmount(amount) {
      checkAmount(amount, 0);
      state.amount = { ...amount };
      if (state.methods) state.methods.tellAmount(amount.value);
    },
    renderPaymentMethods: (options) => renderMethods(state, clientKey, options),
    requestPayment,
    requestPaymentWindow,
    renderAgreement: (options) => renderTerms(state, clientKey, options),
    renderPaymentWindow: (options) => renderPicker(state, clientKey, options),
  };
}

/* What the shopper picked, in the widgets or in the window of both. */
function chosen(state) {
  if (state.picked) return state.picked;
  const selection = state.methods && state.methods.selection;
  if (!selection) throw failure('NOT_SELECTED_PAYMENT_METHOD');
  if (state.agreement && !state.agreement.isAgreed()) throw failure('NEED_AGREEMENT_WITH_REQUIRED_TERMS');
  if (selection.method === 'CARD' && !selection.issuer) throw failure('NEED_CARD_PAYMENT_DETAIL');
  return selection;
}

function readWidgetPayment(request, more) {
  const required = { orderId: matching(ORDER_ID), orderName: text(100), ...more };
  checkFields(request, object(required, { ...COMMON, ...WIDGET_OPTIONS }));
  const isRedirect = checkUrls(request);
  const account = { ...request.transfer, ...request.virtualAccount };
  const fields = compact({
    ...readCommon(request),
    cultureExpense: account.isCulturalExpenses,
    useEscrow: account.useEscrow,
    ...readCustomer(request),
  });
  return { fields, target: checkTarget(request.windowTarget, isRedirect) };
}

function checkRender(options) {
  checkFields(options, object({ selector: anything }, { variantKey: anything }));
  checkVariant(options.variantKey);
}

function checkVariant(variantKey) {
  if (variantKey !== undefined && variantKey !== null && !isVariantKey(variantKey)) throw failure('INVALID_VARIANT_KEY');
}

/* One key for both widgets in the window, or one for each. */
function checkWindowOptions(options) {
  if (options === undefined || options === null) return;
  checkFields(options, object({}, { variantKey: anything }));
  const variants = options.variantKey;
  if (typeof variants !== 'object' || variants === null) {
    checkVariant(variants);
    return;
  }
  checkFields(variants, object({}, { paymentMethod: anything, agreement: anything }));
  checkVariant(variants.paymentMethod);
  checkVariant(variants.agreement);
}

function agreementVariant(options) {
  const variants = options?.variantKey;
  return typeof variants === 'string' ? variants : variants?.agreement;
}

/* v2's name of a selection: wallets have their own. */
function codeOf(selection) {
  return { code: selection.method === 'EASY_PAY' ? selection.easyPay : selection.method };
}

function checkListener(name, listener, names) {
  if (!names.includes(name)) throw failure('INVALID_PARAMETER', String(name));
  if (typeof listener !== 'function') throw failure('INVALID_PARAMETER', 'callback');
}

async function renderMethods(state, clientKey, options) {
  checkRender(options);
  if (!state.amount) throw failure('NOT_SETUP_AMOUNT');
  if (state.methods) throw failure('PAYMENT_METHODS_WIDGET_ALREADY_RENDERED');
  const element = findElement(options.selector);
  const listeners = createListeners();
  const methods = {
    selection: null,
    tellAmount: (amount) => widget.tell({ type: 'amount', amount }),
    refresh: () => widget.refresh(),
  };
  const hear = (message) => {
    if (!message.selection) return;
    const before = methods.selection && codeOf(methods.selection).code;
    methods.selection = message.selection;
    if (before && before !== codeOf(message.selection).code) listeners.call('paymentMethodSelect', codeOf(message.selection));
  };
  const fields = { clientKey, variantKey: options.variantKey, amount: state.amount.value };
  const widget = drawWidget(element, 'methods', fields, hear);
  state.methods = methods;
  await readyOrGone(widget, () => { state.methods = null; });
  widget.tell({ type: 'amount', amount: state.amount.value });
  return {
    on(name, listener) {
      checkListener(name, listener, ['paymentMethodSelect']);
      listeners.add(name, listener);
    },
    async getSelectedPaymentMethod() {
      await widget.refresh();
      return codeOf(methods.selection);
    },
    async destroy() {
      widget.remove();
      if (state.methods === methods) state.methods = null;
    },
  };
}

async function renderTerms(state, clientKey, options) {
  checkRender(options);
  if (state.agreement) throw failure('AGREEMENT_WIDGET_ALREADY_RENDERED');
  const element = findElement(options.selector);
  const listeners = createListeners();
  let terms = [];
  const agreement = {
    isAgreed: () => terms.length > 0 && terms.every((term) => term.agreed || !term.required),
    refresh: () => widget.refresh(),
  };
  const hear = (message) => {
    terms = message.terms || terms;
    if (message.type === 'terms') listeners.call('agreementStatusChange', status());
  };
  const status = () => ({
    agreedRequiredTerms: agreement.isAgreed(),
    agreements: terms.map(({ id, required, agreed }) => ({ term: { id, required }, agreed })),
  });
  const widget = drawWidget(element, 'agreement', { clientKey, variantKey: options.variantKey }, hear);
  state.agreement = agreement;
  await readyOrGone(widget, () => { state.agreement = null; });
  return {
    on(name, listener) {
      checkListener(name, listener, ['agreementStatusChange']);
      listeners.add(name, listener);
    },
    async destroy() {
      widget.remove();
      if (state.agreement === agreement) state.agreement = null;
    },
  };
}

async function readyOrGone(widget, forget) {
  try {
    await widget.ready;
  } catch (error) {
    widget.remove();
    forget();
    throw error;
  }
}
