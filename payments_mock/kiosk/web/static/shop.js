/* Calls to the shop's own API, and the few things that every page draws. */
import { knows, language, say, won } from '/static/translations.js';

/* With this, a refusal comes as an outcome in the body; a browser reports other statuses than 200 as errors of the page. */
const OUTCOME = 'application/vnd.cinema.outcome+json';

/* What the shop answered to a call that it refused: `code` says why. */
export class ShopError extends Error {
  constructor(answer) {
    super(answer.message);
    this.code = answer.code;
    this.reasons = Object.values(answer.errors ?? {}).flat();
  }
}

function send(method, path, body) {
  const options = { method, headers: { Accept: `${OUTCOME}, application/json` } };
  if (body !== undefined) {
    options.headers['Content-Type'] = 'application/json';
    options.body = JSON.stringify(body);
  }
  return fetch(path, options).then((response) => response.json().then((answer) => {
    if (answer.refused || !response.ok) throw new ShopError(answer.refused ?? answer);
    return answer;
  }));
}

export const read = (path) => send('GET', path);
export const post = (path, body) => send('POST', path, body);

export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  const { data = {}, ...rest } = properties;
  for (const [name, value] of Object.entries(rest)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  Object.assign(element.dataset, data);
  element.append(...children);
  return element;
}

export const byId = (id) => document.getElementById(id);

/* Return the lines of an order: seats first, then goods. */
export function drawLines(order) {
  const lines = [];
  if (order.reservation) {
    const seats = order.reservation.seats;
    const names = seats.map((seat) => seat.id).join(', ');
    lines.push([`${order.reservation.name[language]} ${names}`, seats.reduce((sum, seat) => sum + seat.price, 0)]);
  }
  order.items.forEach((item) => lines.push([`${item.name[language]} × ${item.quantity}`, item.amount]));
  return lines.map(([name, amount]) => make('li', {}, make('span', { textContent: name }), make('span', { className: 'amount', textContent: won(amount) })));
}

/* Tell that the page has drawn what it asked its shop for. */
export function ready() {
  document.querySelector('main').removeAttribute('aria-busy');
  document.body.dataset.ready = 'yes';
}

const PROBLEMS = {
  SEAT_TAKEN: 'seatTaken', OUT_OF_STOCK: 'outOfStock', PROVIDER_UNAVAILABLE: 'unavailable', REFUND_REFUSED: 'refundRefused',
  PAYMENT_REFUSED: 'cardRefused', NEED_AGREEMENT_WITH_REQUIRED_TERMS: 'needTerms', NEED_CARD_PAYMENT_DETAIL: 'needCard',
  USER_CANCEL: 'windowClosed', PAY_PROCESS_CANCELED: 'windowClosed',
};

/* Return the word for what the shop said no to. */
export const problemWord = (error, otherwise = 'trouble') => (Object.hasOwn(PROBLEMS, error.code) ? PROBLEMS[error.code] : otherwise);

/* Show what went wrong, in words for a shopper; null clears it. */
export function showProblem(error) {
  const box = byId('problem');
  box.hidden = error === null;
  if (error === null) return;
  box.textContent = say(problemWord(error));
  document.querySelector('main').removeAttribute('aria-busy');
}

/* Return how people name an order: the beginning of its id. */
export const shortNumber = (order) => order.orderId.slice(0, 8).toUpperCase();

export const sellerName = (seller) => (knows(seller) ? say(seller) : seller);

/* Lead to what happened to an order at the provider, where that is one for tests and has such a page. */
export function storyLinks(orderId) {
  const { inspector } = document.body.dataset;
  if (!inspector || !orderId) return [];
  return [make('a', { className: 'quiet', href: `${inspector}#/-/order/${encodeURIComponent(orderId)}`, target: '_blank', rel: 'noopener', textContent: say('story'), data: { testid: 'story' } })];
}
