/* How a payment ended, in words and with what to do next. */
import { pageTitle, say } from '/static/translations.js';
import { byId, make, problemWord, storyLinks } from '/static/shop.js';

/* Show a state (busy, paid, unknown, failed, refunded), its title and its advice. */
export function showOutcome(state, title, advice) {
  byId('outcome').dataset.state = state;
  showStep(['paid', 'refunded'].includes(state) ? 2 : 1);
  document.title = pageTitle(say(title));
  byId('title').textContent = say(title);
  byId('advice').textContent = advice ? say(advice) : '';
}

/* Mark how far the shopper has come. */
function showStep(current) {
  document.querySelectorAll('.steps li').forEach((step, number) => {
    step.classList.toggle('done', number < current);
    if (number === current) step.setAttribute('aria-current', 'step');
    else step.removeAttribute('aria-current');
  });
}

export const link = (word, href, testid, className = 'secondary') => make('a', { className, href, textContent: say(word), data: { testid } });

export function offer(...actions) {
  const query = new URLSearchParams(location.search);
  byId('actions').replaceChildren(...actions, ...storyLinks(query.get('orderId') ?? query.get('order')));
}

const CLOSED = new Set(['PAY_PROCESS_CANCELED', 'USER_CANCEL']);

const again = (orderId) => link('again', `/pay.html?order=${orderId}`, 'again', 'primary');

/* Orders that cannot be had any more as they are: the way on begins at the menu. */
const LOST = new Set(['NOT_FOUND', 'SEAT_TAKEN', 'OUT_OF_STOCK']);

/* Say why nothing was paid, where the shop itself said no before it asked the provider. */
export function showRefusal(error, orderId) {
  showOutcome('failed', 'failedTitle', problemWord(error, 'failedAdvice'));
  if (LOST.has(error.code)) offer(link('toMenu', '/', 'to-menu', 'primary'));
  else offer(again(orderId), link('toMenu', '/', 'to-menu'));
}

/* Say how an order stands that is no longer open: a window that failed later takes nothing back. */
export function showAnswered(order) {
  if (order.status === 'PENDING') showOutcome('unknown', 'unknown', 'unknownAdvice');
  else if (order.status === 'REFUNDED') showOutcome('refunded', 'refundedTitle');
  else showOutcome('paid', 'paidAlready', 'paidAlreadyAdvice');
  offer(link('seeOrder', `/payments/success.html?order=${order.orderId}`, 'see-order', 'primary'), link('toOrders', '/orders.html', 'to-orders'));
}

/* Codes that speak of the shopper's card or account, and those that speak of the shop; after all others a new try may help. */
const OF_THE_SHOPPER = /^(REJECT_|EXCEED_|CARD_DECLINED|INVALID_(CARD|STOPPED_CARD|REJECT_CARD|PASSWORD|ACCOUNT)|RESTRICTED_|NOT_ALLOWED_POINT_USE|NOT_AVAILABLE_BANK|NOT_SUPPORTED_(MONTHLY_)?INSTALLMENT)/;
const OF_THE_SHOP = /^(UNAUTHORIZED_|FORBIDDEN_|INCORRECT_|INVALID_|NOT_REGISTERED_|NOT_SUPPORTED_|NOT_FOUND_(TERMINAL|MERCHANT)|BELOW_|UNAPPROVED_)/;

/* Say why nothing was paid, by the provider's code. */
export function showFailure(code, orderId) {
  if (CLOSED.has(code)) showOutcome('closed', 'closedTitle', 'closedAdvice');
  else if (OF_THE_SHOPPER.test(code)) showOutcome('failed', 'refusedTitle', 'refusedAdvice');
  else if (OF_THE_SHOP.test(code)) showOutcome('failed', 'shopTitle', 'shopAdvice');
  else showOutcome('failed', 'failedTitle', 'failedAdvice');
  offer(...(orderId ? [again(orderId)] : []), link('toMenu', '/', 'to-menu'));
}
