/* Pay an order: in the provider's widgets, in its window, or at the kiosk's own terminal. */
import { clock, say, translatePage, won } from '/static/translations.js';
import { byId, drawLines, make, post, read, ready, showProblem } from '/static/shop.js';

const orderId = new URLSearchParams(location.search).get('order');

function draw(order) {
  byId('lines').replaceChildren(...drawLines(order));
  byId('total').textContent = won(order.amount);
  byId('pay').textContent = say('payAmount', { amount: won(order.amount) });
  if (order.reservation) byId('hold').textContent = say('heldUntil', { time: clock(order.reservation.heldUntil) });
}

/* Promise the provider's script, which defines TossPayments. */
function loadScript(source) {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = source;
    script.addEventListener('load', () => resolve(window.TossPayments));
    script.addEventListener('error', () => reject(Object.assign(new Error(source), { code: 'PROVIDER_UNAVAILABLE' })));
    document.head.append(script);
  });
}

function request(order) {
  return {
    orderId: order.orderId,
    orderName: order.orderName,
    customerName: order.buyer,
    successUrl: `${location.origin}/payments/success.html`,
    failUrl: `${location.origin}/payments/fail.html?order=${order.orderId}`,
  };
}

/* Each of these promises a function that pays, once the shopper may press the button. */
function prepareWidgets(TossPayments, shop, order) {
  const widgets = TossPayments(shop.clientKey).widgets({ customerKey: TossPayments.ANONYMOUS });
  return widgets.setAmount({ value: order.amount, currency: 'KRW' })
    .then(() => Promise.all([
      widgets.renderPaymentMethods({ selector: '#methods', variantKey: 'DEFAULT' }),
      widgets.renderAgreement({ selector: '#agreement', variantKey: 'AGREEMENT' }),
    ]))
    .then(() => () => widgets.requestPayment(request(order)));
}

function showNote(word) {
  byId('methods').replaceChildren(make('img', { className: 'terminal', src: '/static/pictures/terminal.svg', alt: '', width: 300, height: 170 }));
  byId('note').textContent = say(word);
}

function prepareWindow(TossPayments, shop, order) {
  showNote('windowNote');
  const payment = TossPayments(shop.clientKey).payment({ customerKey: TossPayments.ANONYMOUS });
  const amount = { value: order.amount, currency: 'KRW' };
  return () => payment.requestPayment({ method: 'CARD', amount, ...request(order) });
}

function prepareTerminal(order) {
  showNote('terminalNote');
  return () => post(`/orders/${order.orderId}/pay`).then(() => location.assign(`/payments/success.html?order=${order.orderId}`));
}

function prepare(shop, order) {
  if (shop.script === null) return prepareTerminal(order);
  return loadScript(shop.script).then((TossPayments) => (shop.hasWidgets ? prepareWidgets : prepareWindow)(TossPayments, shop, order));
}

function offer(pay) {
  const button = byId('pay');
  button.disabled = false;
  ready();
  button.addEventListener('click', () => {
    button.disabled = true;
    showProblem(null);
    // Seats may have been let go since: nobody is sent to the window for a seat that is gone.
    post(`/api/v1/orders/${orderId}/hold`).then(pay).catch(showProblem).finally(() => { button.disabled = false; });
  });
}

function begin(order) {
  if (order.status !== 'OPEN') {
    location.replace(`/payments/success.html?order=${order.orderId}`);
    return undefined;
  }
  draw(order);
  return read('/api/v1/shop').then((shop) => prepare(shop, order)).then(offer);
}

translatePage();
if (orderId === null) location.replace('/');
else post(`/api/v1/orders/${orderId}/hold`).then(begin).catch(showProblem);
