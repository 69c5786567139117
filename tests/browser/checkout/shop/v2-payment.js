const payment = TossPayments('test_ck_toss_dummy').payment({ customerKey: TossPayments.ANONYMOUS });
window.payment = payment;

onPay(() => payment.requestPayment({
  method: method || 'CARD',
  amount: { value: order.amount, currency: 'KRW' },
  orderId: order.orderId,
  orderName: order.orderName,
  windowTarget,
  ...urls,
  ...more,
}));
