/* How a payment ended, in words and with what to do next. */
import { say } from '/static/translations.js';
import { byId, make, problemWord } from '/static/shop.js';

/* Show a state (busy, paid, unknown, failed, refunded), its title and its advice. */
export function showOutcome(state, title, advice) {
  byId('outcome').dataset.state = state;
  byId('title').textContent = say(title);
  byId('advice').textContent = advice ? say(advice) : '';
}

export const link = (word, href, testid, className = 'secondary') => make('a', { className, href, textContent: say(word), data: { testid } });

export function offer(...actions) {
  byId('actions').replaceChildren(...actions);
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

/* Say why nothing was paid, by the provider's code. */
export function showFailure(code, orderId) {
  if (CLOSED.has(code)) showOutcome('closed', 'closedTitle', 'closedAdvice');
  else if (/^(REJECT|INVALID|EXCEED|NOT_)/.test(code)) showOutcome('failed', 'refusedTitle', 'refusedAdvice');
  else showOutcome('failed', 'failedTitle', 'failedAdvice');
  offer(...(orderId ? [again(orderId)] : []), link('toMenu', '/', 'to-menu'));
}
