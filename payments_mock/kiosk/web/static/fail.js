/* The window ended without a payment: tell the shop, and the shopper what to do next. */
import { translatePage } from '/static/translations.js';
import { byId, post, ready } from '/static/shop.js';
import { showAnswered, showFailure, showOutcome } from '/static/outcome.js';

const query = new URLSearchParams(location.search);
const orderId = query.get('orderId') ?? query.get('order');
const told = { code: query.get('code') ?? 'UNKNOWN', message: query.get('message') ?? '', orderId };

/* Draw what the shop knows of the order, whatever the address says. */
function draw({ code, message, order }) {
  if (order !== null && order.status !== 'OPEN') {
    showAnswered(order);
    return;
  }
  showFailure(code, order?.orderId);
  byId('message').textContent = message;
  byId('code').textContent = code;
  byId('reason').hidden = false;
  byId('assure').hidden = order === null;
}

translatePage();
showOutcome('busy', 'checkingOrder');
post('/api/v1/payments/fail', told)
  // A shop that takes no report knows nothing of the order, and so nothing is said of the money.
  .catch(() => ({ code: told.code, message: '', order: null }))
  .then(draw)
  .then(ready);
