/* Errors as shops see them: an Error with a stable `code` and a message in the browser's language. */
const MESSAGES = {
  BELOW_ZERO_AMOUNT: ['금액은 0보다 커야 합니다.', 'The amount must be above 0.'],
  AGREEMENT_WIDGET_ALREADY_RENDERED: ['이미 약관이 렌더링되어 있습니다.', 'The agreement is rendered already.'],
  FORBIDDEN_SCRIPT: ['이 기능은 SDK가 제공하지 않습니다.', 'The script does not offer this.'],
  INCORRECT_FAIL_URL_FORMAT: ['failUrl은 http나 https로 시작하는 전체 주소여야 합니다.', 'failUrl must be an absolute http or https URL.'],
  INCORRECT_SUCCESS_URL_FORMAT: ['successUrl은 http나 https로 시작하는 전체 주소여야 합니다.', 'successUrl must be an absolute http or https URL.'],
  INSECURE_KEY_USAGE: ['시크릿 키는 브라우저에서 쓸 수 없습니다.', 'A secret key must not be used in a browser.'],
  INVALID_AMOUNT_CURRENCY: ['지원하지 않는 통화입니다. KRW를 사용해주세요.', 'The currency is not supported; use KRW.'],
  INVALID_AMOUNT_VALUE: ['금액이 올바르지 않습니다.', 'The amount will not do.'],
  INVALID_BANK: ['은행이 올바르지 않습니다.', 'There is no such bank.'],
  INVALID_CARD_COMPANY: ['카드사가 올바르지 않습니다.', 'There is no such card company.'],
  INVALID_CARD_INSTALLMENT_PLANS_WITH_MAX_AND_SINGLE: ['cardInstallmentPlan과 maxCardInstallmentPlan은 함께 쓸 수 없습니다.', 'cardInstallmentPlan and maxCardInstallmentPlan exclude each other.'],
  INVALID_CLIENT_KEY: ['클라이언트 키가 올바르지 않습니다.', 'The client key will not do.'],
  INVALID_CUSTOMER_KEY: ['customerKey는 영문, 숫자, -, _, =, ., @로 된 2~50자여야 합니다.', 'customerKey must be 2 to 50 letters, digits, -, _, =, . and @.'],
  INVALID_DATE: ['날짜가 올바르지 않습니다.', 'The date will not do.'],
  INVALID_EASY_PAY: ['간편결제사가 올바르지 않습니다.', 'There is no such easy pay provider.'],
  INVALID_EMAIL: ['이메일이 올바르지 않습니다.', 'The email address will not do.'],
  INVALID_FLOW_MODE_PARAMETERS: ['flowMode가 DIRECT이면 cardCompany나 easyPay 중 하나가 필요합니다.', 'flowMode DIRECT needs one of cardCompany and easyPay.'],
  INVALID_METADATA: ['metadata가 올바르지 않습니다.', 'metadata will not do.'],
  INVALID_METHOD_TRANSACTION: ['이미 다른 명령을 수행하고 있습니다.', 'Another command is running.'],
  INVALID_ORDER_ID: ['orderId는 영문, 숫자, -, _, =로 된 6~64자여야 합니다.', 'orderId must be 6 to 64 letters, digits, -, _ and =.'],
  INVALID_ORDER_NAME: ['orderName은 1~100자여야 합니다.', 'orderName must be 1 to 100 characters.'],
  INVALID_PARAMETER: ['파라미터가 올바르지 않습니다.', 'A parameter will not do.'],
  INVALID_PARAMETERS: ['파라미터가 올바르지 않습니다.', 'The parameters will not do.'],
  INVALID_PHONE: ['전화번호가 올바르지 않습니다.', 'The phone number will not do.'],
  INVALID_REQUEST: ['이미 결제가 진행되고 있습니다.', 'A payment is going on already.'],
  INVALID_SELECTOR: ['선택자에 맞는 요소가 없습니다.', 'The selector finds no element.'],
  INVALID_SUCCESS_URL: ['successUrl은 http나 https로 시작하는 전체 주소여야 합니다.', 'successUrl must be an absolute http or https URL.'],
  INVALID_URL: ['failUrl은 http나 https로 시작하는 전체 주소여야 합니다.', 'failUrl must be an absolute http or https URL.'],
  INVALID_VALID_HOURS_WITH_DUE_DATE_AND_SINGLE: ['validHours와 dueDate는 함께 쓸 수 없습니다.', 'validHours and dueDate exclude each other.'],
  INVALID_VARIANT_KEY: ['variantKey가 올바르지 않습니다.', 'The variantKey will not do.'],
  EXCEED_MAX_VALID_HOURS: ['validHours는 2160까지입니다.', 'validHours ends at 2160.'],
  NEED_AGREEMENT_WITH_REQUIRED_TERMS: ['필수 약관에 동의해주세요.', 'The required terms must be agreed to.'],
  NEED_CARD_PAYMENT_DETAIL: ['카드 정보를 선택해주세요.', 'The card company must be chosen.'],
  NETWORK_ERROR: ['결제 서버에 연결하지 못했습니다.', 'The payment server can not be reached.'],
  NO_ACTIVE_PAYMENT_REQUEST: ['진행 중인 결제 요청이 없습니다.', 'No payment is going on.'],
  NOT_SELECTED_PAYMENT_METHOD: ['결제 수단을 선택해주세요.', 'A payment method must be chosen.'],
  NOT_SETUP_AMOUNT: ['setAmount()로 금액을 먼저 설정해주세요.', 'Call setAmount() first.'],
  NOT_SUPPORTED: ['이 목 서버는 브랜드페이를 지원하지 않습니다.', 'This mock does not offer brandpay.'],
  NOT_SUPPORTED_API_INDIVIDUAL_KEY: ['API 개별 연동 키는 위젯에서 쓸 수 없습니다. 위젯 연동 키를 사용해주세요.', 'Widgets take a widget key (test_gck_), not an API key.'],
  NOT_SUPPORTED_METHOD: ['지원하지 않는 결제 수단입니다.', 'The payment method is not supported.'],
  NOT_SUPPORTED_PROMISE: ['이 환경이나 결제 수단은 Promise 방식을 지원하지 않습니다. successUrl과 failUrl을 넣어주세요.', 'Promises are not supported here; give successUrl and failUrl.'],
  NOT_SUPPORTED_WIDGET_KEY: ['위젯 연동 키는 여기에서 쓸 수 없습니다. API 개별 연동 키를 사용해주세요.', 'This takes an API key (test_ck_), not a widget key.'],
  PAYMENT_METHODS_WIDGET_ALREADY_RENDERED: ['이미 결제 수단이 렌더링되어 있습니다.', 'The payment methods are rendered already.'],
  PAYMENT_REQUEST_ABORTED: ['결제 요청이 중단되었습니다.', 'The payment request was aborted.'],
  PAYMENT_WINDOW_ALREADY_RENDERED: ['이미 결제창이 렌더링되어 있습니다.', 'The payment window is rendered already.'],
  UNKNOWN: ['알 수 없는 오류가 발생했습니다.', 'An unknown error happened.'],
  USER_CANCEL: ['취소되었습니다.', 'The shopper canceled.'],
  V1_METHOD_NOT_SUPPORTED: ['v2 SDK에 없는 v1 메서드입니다.', 'This is a method of the v1 SDK, which v2 does not have.'],
};

/* The errors of a rendered window that have a name of their own, as of 2.8. */
const NAMES = {
  PAYMENT_WINDOW_ALREADY_RENDERED: 'PaymentWindowAlreadyRendered',
  PAYMENT_REQUEST_ABORTED: 'PaymentRequestAbortedError',
  NO_ACTIVE_PAYMENT_REQUEST: 'NoActivePaymentRequestError',
};

/* The errors of which nobody but the page was told. */
const untold = new WeakSet();

function failure(code, detail) {
  const isKorean = (navigator.language || 'ko').toLowerCase().startsWith('ko');
  const [korean, english] = MESSAGES[code];
  const error = failureWithMessage(code, (isKorean ? korean : english) + (detail ? ` (${detail})` : ''));
  untold.add(error);
  return error;
}

/* The same for what the server knows of. */
function knownFailure(code) {
  const error = failure(code);
  untold.delete(error);
  return error;
}

function failureWithMessage(code, message) {
  return Object.assign(new Error(message), { code, name: NAMES[code] || 'Error' });
}
