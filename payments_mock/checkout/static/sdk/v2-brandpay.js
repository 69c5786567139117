/* brandpay(): known by name, so that a page that mentions it loads; each call says that it is not offered. */
function createBrandpay() {
  const refuse = async () => {
    throw failure('NOT_SUPPORTED');
  };
  return {
    requestPayment: refuse,
    changePassword: refuse,
    addPaymentMethod: refuse,
    openSettings: refuse,
    changeOneTouchPay: refuse,
    isOneTouchPayEnabled: refuse,
    requestBillingAuth: refuse,
  };
}
