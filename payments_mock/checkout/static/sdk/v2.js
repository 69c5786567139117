/* The global of v2. */
function TossPayments(clientKey) {
  function check(params, isForWidgets) {
    if (!isClientKey(clientKey)) throw failure('INVALID_CLIENT_KEY');
    if (isForWidgets && !isWidgetKey(clientKey)) throw failure('NOT_SUPPORTED_API_INDIVIDUAL_KEY');
    if (!isForWidgets && isWidgetKey(clientKey)) throw failure('NOT_SUPPORTED_WIDGET_KEY');
    checkCustomerKey(params?.customerKey);
  }

  const sdk = {
    widgets(params) {
      check(params, true);
      return createWidgets(clientKey, params.customerKey);
    },
    brandpay(params) {
      check(params, false);
      return createBrandpay();
    },
    payment(params) {
      check(params, false);
      return createPayment(clientKey, params.customerKey);
    },
  };
  for (const name of ['requestPayment', 'requestBillingAuth']) {
    hide(sdk, name, async () => refuseV1(clientKey, name));
  }
  hide(sdk, 'cancelPayment', () => refuseV1(clientKey, 'cancelPayment'));
  return heeded(clientKey, sdk);
}

/* Methods of v1 are there to say that they are not; nobody who lists the object meets them. */
function hide(object, name, value) {
  Object.defineProperty(object, name, { value, enumerable: false });
}

function refuseV1(clientKey, name) {
  throw tellRefusal(clientKey, name, failure('V1_METHOD_NOT_SUPPORTED', name));
}

TossPayments.ANONYMOUS = ANONYMOUS;
window.TossPayments = TossPayments;
