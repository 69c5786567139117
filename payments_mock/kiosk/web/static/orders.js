/* The order book: every order, its payment as the provider tells it, and refunds. */
import { methodName, say, time, translatePage, won } from '/static/translations.js';
import { byId, drawLines, make, post, read, ready, shortNumber, showProblem, storyLinks } from '/static/shop.js';

const STATUSES = ['OPEN', 'PENDING', 'PAID', 'REFUND_PENDING', 'REFUNDED'];

function fact(word, value) {
  return [make('dt', { textContent: say(word) }), make('dd', { textContent: value })];
}

function drawFacts(order) {
  const facts = [];
  if (order.payment) facts.push(...fact('paymentKey', order.payment.paymentKey));
  if (order.payment?.method) facts.push(...fact('paidBy', methodName(order.payment.method)));
  if (order.payment?.approvedAt) facts.push(...fact('paidAt', time(order.payment.approvedAt)));
  if (order.cancel) facts.push(...fact('canceledAt', time(order.cancel.canceledAt)), ...fact('reason', order.cancel.cancelReason));
  return make('dl', { className: 'facts' }, ...facts);
}

function drawProvider(order) {
  const shown = make('pre', { tabIndex: 0, ariaLabel: say('atProvider'), data: { testid: 'provider-payment' } });
  const more = make('details', { className: 'provider' }, make('summary', { textContent: say('atProvider') }), shown);
  more.addEventListener('toggle', () => {
    if (!more.open) return;
    read(`/api/v1/orders/${order.orderId}/payment`).then(
      (payment) => { shown.textContent = JSON.stringify(payment, null, 2); },
      () => { shown.textContent = say('unavailable'); },
    );
  });
  return more;
}

function drawActions(order) {
  const actions = [];
  if (order.status === 'OPEN') actions.push(make('a', { className: 'secondary', href: `/pay.html?order=${order.orderId}`, textContent: say('payNow'), data: { testid: 'pay-now' } }));
  if (order.status === 'PENDING') actions.push(make('a', { className: 'secondary', href: `/payments/success.html?order=${order.orderId}`, textContent: say('checkAgain') }));
  if (order.payment?.receiptUrl) actions.push(make('a', { className: 'quiet', href: order.payment.receiptUrl, target: '_blank', rel: 'noopener', textContent: say('providerReceipt') }));
  if (['PAID', 'REFUND_PENDING'].includes(order.status)) {
    const refund = make('button', { type: 'button', className: 'secondary', textContent: say('refund'), data: { testid: 'refund' } });
    refund.addEventListener('click', () => askRefund(order));
    actions.push(refund);
  }
  return make('div', { className: 'actions' }, ...actions, ...storyLinks(order.orderId));
}

function drawOrder(order) {
  const head = make(
    'div', { className: 'order-head' },
    make('span', { className: 'pill', textContent: say(order.status), data: { status: order.status, testid: 'status' } }),
    make('div', { className: 'order-name' }, make('h2', { textContent: order.orderName }), make('p', { className: 'soft', textContent: [order.buyer, time(order.createdAt), shortNumber(order)].filter(Boolean).join(' · ') })),
    make('strong', { className: 'amount', textContent: won(order.amount) }),
  );
  const inside = make('div', { className: 'order-inside' }, make('ul', { className: 'lines' }, ...drawLines(order)), drawFacts(order));
  if (order.payment) inside.append(drawProvider(order));
  const details = make('details', { className: 'order-details' }, make('summary', { textContent: say('details'), data: { testid: 'details' } }), inside);
  return make('li', { className: 'order', data: { testid: 'order', order: order.orderId } }, head, details, drawActions(order));
}

function askRefund(order) {
  byId('refund-text').textContent = say('refundText', { name: order.orderName, amount: won(order.amount) });
  byId('reason').value = say('defaultReason');
  byId('keep').onclick = () => byId('refund').close();
  byId('yes').disabled = false;
  byId('yes').onclick = () => {
    byId('yes').disabled = true;
    const cancelReason = byId('reason').value.trim() || say('defaultReason');
    post(`/api/v1/orders/${order.orderId}/cancel`, { cancelReason }).then(load, (error) => load().then(() => showProblem(error))).catch(showProblem)
      .finally(() => byId('refund').close());
  };
  byId('refund').showModal();
}

function load() {
  const status = byId('filter').value;
  showProblem(null);
  return read(`/api/v1/orders${status ? `?status=${status}` : ''}`).then(({ orders }) => {
    byId('orders').replaceChildren(...orders.map(drawOrder));
    byId('empty').hidden = orders.length > 0;
    ready();
  });
}

translatePage();
byId('filter').append(make('option', { value: '', textContent: say('all') }), ...STATUSES.map((status) => make('option', { value: status, textContent: say(status) })));
byId('filter').addEventListener('change', () => load().catch(showProblem));
load().catch(showProblem);
