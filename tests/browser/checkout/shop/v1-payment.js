const payments = TossPayments('test_ck_toss_dummy');
window.payments = payments;

/* As the vendor's own samples do: text for a number, nulls, and fields of other methods. */
const request = {
  amount: String(order.amount), orderId: order.orderId, orderName: order.orderName,
  currency: 'KRW', validHours: null, cardCompany: null, taxFreeAmount: null, windowTarget, ...urls, ...more,
};

const requestPayment = () => (method === 'any' ? payments.requestPayment(request) : payments.requestPayment(method || '카드', request));

const registerCard = () => payments.requestBillingAuth(method || '카드', { customerKey: 'customer-1', ...urls });

onPay(() => (wanted.get('billing') ? registerCard() : requestPayment()));
