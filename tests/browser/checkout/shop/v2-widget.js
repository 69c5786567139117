const widgets = TossPayments('test_gck_toss_dummy').widgets({ customerKey: 'customer-1' });
window.widgets = widgets;

onPay(() => widgets.requestPayment({ orderId: order.orderId, orderName: order.orderName, windowTarget, ...urls, ...more }));

(async () => {
  await widgets.setAmount({ value: order.amount, currency: 'KRW' });
  const [methods, agreement] = await Promise.all([
    widgets.renderPaymentMethods({ selector: '#methods', variantKey: 'DEFAULT' }),
    widgets.renderAgreement({ selector: '#agreement', variantKey: wanted.get('terms') || 'AGREEMENT' }),
  ]);
  window.methods = methods;
  window.agreement = agreement;
  document.body.dataset.ready = 'yes';
})();
