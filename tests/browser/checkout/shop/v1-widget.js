const widget = PaymentWidget('test_gck_toss_dummy', PaymentWidget.ANONYMOUS);
const methods = widget.renderPaymentMethods('#methods', { value: order.amount }, { variantKey: 'DEFAULT' });
const agreement = widget.renderAgreement('#agreement', { variantKey: 'AGREEMENT' });
Object.assign(window, { widget, methods, agreement });

methods.on('ready', () => {
  methods.updateAmount(order.amount);
  document.body.dataset.ready = 'yes';
});

onPay(() => widget.requestPayment({ orderId: order.orderId, orderName: order.orderName, ...urls, ...more }));
