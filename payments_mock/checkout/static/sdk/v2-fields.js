/* What v2 takes, as its published types say; unknown fields are refused. */
const ORDER_ID = /^[A-Za-z0-9\-_=]{6,64}$/;
const PRODUCT = object({}, { id: text(), name: text(), code: text(), unitPrice: whole(), quantity: whole() });
const CASH_RECEIPT = object({ type: oneOf('소득공제', '지출증빙', '미발행') });
const DIVIDED = list(object({ subMid: text(), amount: whole(), taxFreeAmount: whole(), productInfo: anything }));
const REFUND_ACCOUNT = object({ bankCode: text(), accountNumber: text(), holderName: text() });
const AFFILIATE_CARDS = list(object({ issuerCode: text(), cardProductCode: text() }));
const THREE_DS = object({}, { challengeMode: oneOf('CHALLENGE_REQUIRED') });
const SUB_ORDERS = list(object({
  merchantBusinessNumber: text(), merchantName: text(), orderName: text(),
  merchantAddress: object({ country: text(), postalCode: text(), address: text() }, { detailAddress: text() }),
}));
const ADDRESS = object({ country: text(), area2: text() }, { line1: text(), line2: text(), area1: text(), postalCode: text() });

const COMMON = {
  customerName: text(100), customerEmail: text(100), customerMobilePhone: matching(/^[0-9]{8,15}$/),
  taxFreeAmount: whole(), windowTarget: oneOf('iframe', 'self'), pendingUrl: text(), metadata: anything,
  successUrl: anything, failUrl: anything, orderProductCode: text(), subOrders: SUB_ORDERS,
  sandbox: object({ paymentResult: oneOf('SUCCESS', 'FAIL') }),
};

const ESCROW = { useEscrow: flag, escrowProducts: list(PRODUCT) };
const DEADLINE = { validHours: whole(1, 2160), dueDate: text() };

const FOREIGN = {
  products: list(object({ name: text(), quantity: whole(), unitAmount: anything, currency: text(), description: text() })),
  shipping: object({}, { fullName: text(), address: ADDRESS }),
  paymentMethodOptions: object({}, { paypal: object({}, { setTransactionContext: anything }) }),
};

const OPTIONS = {
  CARD: { card: object({}, {
    ...ESCROW, ...DEADLINE, taxExemptionAmount: whole(), flowMode: oneOf('DEFAULT', 'DIRECT'), cardCompany: text(),
    easyPay: text(), cardInstallmentPlan: whole(0, 12), maxCardInstallmentPlan: whole(0, 12),
    freeInstallmentPlans: list(object({ company: text(), months: list(whole(2)) })), useCardPoint: flag,
    useAppCardOnly: flag, discountCode: text(), useInternationalCardOnly: flag, language: oneOf('KO', 'EN', 'JA', 'ZH'),
    showEstimatedAmount: flag, threeDS: THREE_DS, appScheme: text(), showMobileAppHeader: flag,
    keyin: object({}, { selectableCardTypes: list(oneOf('PERSONAL', 'CORPORATE', 'FOREIGN')) }),
    affiliateCards: AFFILIATE_CARDS, dividedSettlements: DIVIDED,
  }) },
  VIRTUAL_ACCOUNT: { virtualAccount: object({}, {
    ...ESCROW, ...DEADLINE, taxExemptionAmount: whole(), cashReceipt: CASH_RECEIPT, isCulturalExpenses: flag,
    showCustomerMobilePhone: flag, refundReceiveAccount: REFUND_ACCOUNT,
  }) },
  TRANSFER: { transfer: object({}, {
    ...ESCROW, ...DEADLINE, taxExemptionAmount: whole(), cashReceipt: CASH_RECEIPT, isCulturalExpenses: flag,
    encryptedCustomerCi: text(), showSecuritiesAccount: flag, provider: oneOf('OPENBANKING', 'BANKPAY'),
    dividedSettlements: DIVIDED,
  }) },
  MOBILE_PHONE: { mobilePhone: object({}, { mobileCarriers: list(oneOf('KT', 'LGU', 'SKT', 'HELLO', 'KCT', 'SK7')) }) },
  CULTURE_GIFT_CERTIFICATE: {},
  BOOK_GIFT_CERTIFICATE: {},
  GAME_GIFT_CERTIFICATE: {},
  FOREIGN_EASY_PAY: { foreignEasyPay: object({ provider: text(), country: text() }, FOREIGN) },
};

const WIDGET_OPTIONS = {
  card: object({}, { taxExemptionAmount: whole(), appScheme: text(), threeDS: THREE_DS }),
  transfer: object({}, { ...ESCROW, isCulturalExpenses: flag }),
  virtualAccount: object({}, { ...ESCROW, isCulturalExpenses: flag, cashReceipt: CASH_RECEIPT }),
  foreignEasyPay: object({ country: text() }, FOREIGN),
  subMerchantSetting: object({}, {
    normalClientKey: text(), keyinClientKey: text(), foreignEasyPayClientKey: text(), brandpayClientKey: text(),
    brandpayRedirectUrl: text(),
  }),
};

function checkFields(fields, shape) {
  const wrong = shape(fields);
  if (wrong !== null) throw failure('INVALID_PARAMETERS', wrong);
}

function checkAmount(amount, least) {
  checkFields(amount, object({ value: anything, currency: anything }));
  if (!Number.isSafeInteger(amount.value)) throw failure('INVALID_AMOUNT_VALUE');
  if (amount.currency !== 'KRW') throw failure('INVALID_AMOUNT_CURRENCY', String(amount.currency));
  if (amount.value < least) throw failure('BELOW_ZERO_AMOUNT');
}

/* Both URLs or none: tells whether the page is to be left. */
function checkUrls(fields) {
  const isGiven = (value) => value !== undefined && value !== null;
  if (!isGiven(fields.successUrl) && !isGiven(fields.failUrl)) return false;
  if (!isReturnUrl(fields.successUrl)) throw failure('INCORRECT_SUCCESS_URL_FORMAT');
  if (!isReturnUrl(fields.failUrl)) throw failure('INCORRECT_FAIL_URL_FORMAT');
  return true;
}

function readMetadata(metadata) {
  if (metadata === undefined || metadata === null) return undefined;
  const isObject = typeof metadata === 'object' && !Array.isArray(metadata);
  const entries = isObject ? Object.entries(metadata).map(([name, value]) => [name, String(value)]) : [];
  const isFine = ([name, value]) => name.length > 0 && name.length <= 40 && !/[[\]]/.test(name) && value.length > 0 && value.length <= 2000;
  if (!isObject || entries.length > 5 || !entries.every(isFine)) throw failure('INVALID_METADATA');
  return Object.fromEntries(entries);
}

function checkTarget(asked, isRedirect) {
  const target = decideTarget(asked);
  if (target === null) throw failure('INVALID_PARAMETERS', 'windowTarget');
  if (target === 'self' && !isRedirect) throw failure('NOT_SUPPORTED_PROMISE');
  return target;
}

/* The server's words for wrong fields are finer than v2's. */
const FINER_CODES = [
  'INVALID_REQUEST', 'INVALID_REQUIRED_PARAM', 'INVALID_ORDER_ID', 'INVALID_ORDER_NAME', 'INVALID_CARD_COMPANY',
  'INVALID_BANK', 'INVALID_DATE', 'INVALID_CUSTOMER_KEY',
];

async function beginV2(kind, fields) {
  try {
    return await beginSession(kind, fields, 'UNKNOWN');
  } catch (error) {
    if (FINER_CODES.includes(error.code)) throw failureWithMessage('INVALID_PARAMETERS', error.message);
    throw error;
  }
}

function presentV2(payment, isWidget) {
  const { paymentType, paymentKey, orderId } = payment;
  const result = { paymentKey, orderId, amount: { value: payment.amount, currency: 'KRW' } };
  return isWidget ? { paymentType, ...result } : result;
}
