const payment = TossPayments('test_ck_toss_dummy').payment({ customerKey: TossPayments.ANONYMOUS });
window.payment = payment;

onPay(() => (wanted.get('billing') ? registerCard() : requestPayment()));

function registerCard() {
  return TossPayments('test_ck_toss_dummy').payment({ customerKey: 'customer-1' })
    .requestBillingAuth({ method: method || 'CARD', customerName: '김토스', windowTarget, ...urls });
}

const requestPayment = () => (payment.requestPayment({
  method: method || 'CARD',
  amount: { value: order.amount, currency: 'KRW' },
  orderId: order.orderId,
  orderName: order.orderName,
  windowTarget,
  ...urls,
  ...more,
}));
