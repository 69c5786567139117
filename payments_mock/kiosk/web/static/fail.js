/* The window ended without a payment: tell the shop, and the shopper what to do next. */
import { translatePage } from '/static/translations.js';
import { byId, post } from '/static/shop.js';
import { showFailure } from '/static/outcome.js';

const query = new URLSearchParams(location.search);
const code = query.get('code') ?? 'UNKNOWN';
const orderId = query.get('orderId') ?? query.get('order');

showFailure(code, orderId);
translatePage();
byId('message').textContent = query.get('message') ?? '';
byId('code').textContent = code;
post('/api/v1/payments/fail', { code, message: query.get('message') ?? '', orderId })
  // A report that is not taken changes nothing for the shopper: nothing was paid, and the page has said so.
  .catch(() => undefined)
  .then(() => { document.body.dataset.ready = 'yes'; });
