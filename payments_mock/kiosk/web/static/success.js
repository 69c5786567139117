/* The shopper is back from the window: confirm the payment, and show the receipt. */
import { bankName, language, methodName, say, time, translatePage, won } from '/static/translations.js';
import { byId, drawLines, make, post, read, shortNumber } from '/static/shop.js';
import { link, offer, showFailure, showOutcome, showRefusal } from '/static/outcome.js';

const LOOKS = 5;
const PAUSE_MS = 1500;

const query = new URLSearchParams(location.search);
const payment = { paymentKey: query.get('paymentKey'), orderId: query.get('orderId'), amount: query.get('amount') };
const orderId = payment.orderId ?? query.get('order');

const look = () => read(`/api/v1/orders/${orderId}`);
const confirm = () => (payment.paymentKey ? post('/api/v1/payments/confirm', payment) : look());
const pause = () => new Promise((resolve) => { setTimeout(resolve, PAUSE_MS); });

function drawTicket(order) {
  byId('number').textContent = say('number', { id: shortNumber(order) });
  byId('lines').replaceChildren(...drawLines(order));
  byId('total').textContent = won(order.amount);
  byId('seats').hidden = order.reservation === null;
  if (order.reservation) byId('seats').textContent = order.reservation.seats.map((seat) => seat.id).join(' · ');
  const facts = [['paidBy', methodName(order.payment.method)], ['paidAt', order.payment.approvedAt && time(order.payment.approvedAt)]];
  if (order.cancel) facts.push(['canceledAt', time(order.cancel.canceledAt)]);
  byId('facts').replaceChildren(...facts.filter(([, value]) => value).flatMap(([word, value]) => [make('dt', { textContent: say(word) }), make('dd', { textContent: value })]));
  byId('receipt').hidden = !order.payment.receiptUrl;
  if (order.payment.receiptUrl) byId('receipt').href = order.payment.receiptUrl;
  byId('ticket').hidden = false;
}

function drawDone(order) {
  if (order.status === 'PAID') showOutcome('paid', 'thanks', 'thanksAdvice');
  else showOutcome('refunded', 'refundedTitle');
  drawTicket(order);
  offer(link('toOrders', '/orders.html', 'to-orders', 'primary'), link('toMenu', '/', 'to-menu'));
}

function drawUnknown() {
  showOutcome('unknown', 'unknown', 'unknownAdvice');
  const again = make('button', { type: 'button', className: 'primary', textContent: say('checkAgain'), data: { testid: 'check-again' } });
  again.addEventListener('click', () => run(confirm));
  offer(again, link('toOrders', '/orders.html', 'to-orders'));
}

/* Return the account that waits for the shopper's deposit, null where the payment is by something else, or nobody knows. */
const findAccount = () => read(`/api/v1/orders/${orderId}/payment`).then((payment) => payment.virtualAccount ?? null, () => null);

function drawAccount(order, account) {
  showOutcome('waiting', 'depositTitle', 'depositAdvice');
  const facts = { bank: bankName(account.bankCode), account: account.accountNumber, amount: won(order.amount), due: time(account.dueDate) };
  for (const [name, value] of Object.entries(facts)) byId(`deposit-${name}`).textContent = value;
  byId('copy').onclick = () => navigator.clipboard.writeText(account.accountNumber).then(() => { byId('copied').textContent = say('copied'); }, () => undefined);
  byId('deposit').hidden = false;
  offer(link('toOrders', '/orders.html', 'to-orders', 'primary'), link('toMenu', '/', 'to-menu'));
}

function wait(order, looks) {
  const drawn = byId('deposit').hidden
    ? findAccount().then((account) => (account === null ? drawUnknown() : drawAccount(order, account)))
    : Promise.resolve();
  return drawn.then(() => (looks === 0 ? undefined : pause().then(look).then((again) => settle(again, looks - 1))));
}

function settle(order, looks = LOOKS) {
  if (order.status === 'PENDING') return wait(order, looks);
  byId('deposit').hidden = true;
  if (order.status === 'OPEN') return fail(order);
  return drawDone(order);
}

function fail(order) {
  showFailure(order.payment?.failure?.code ?? order.failure?.code ?? 'UNKNOWN', order.orderId);
}

function run(ask) {
  showOutcome('busy', 'confirming', 'confirmingAdvice');
  offer();
  return ask().then(settle).catch(stop);
}

function stop(error) {
  if (error.code === 'PAYMENT_REFUSED') showFailure(error.reasons.join().split(':')[0], orderId);
  else if (error.code === 'PROVIDER_UNAVAILABLE' || error.code === undefined) drawUnknown();
  else showRefusal(error, orderId);
}

translatePage();
document.documentElement.lang = language;
run(confirm);
