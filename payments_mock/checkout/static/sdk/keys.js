/* Keys: their families, and who a customer is. */
const ANONYMOUS = '@@ANONYMOUS';

function isClientKey(key) {
  return typeof key === 'string' && /^(test|live)_g?ck_[\x21-\x7e]+$/.test(key);
}

function isWidgetKey(key) {
  return /^(test|live)_gck_/.test(key);
}

function checkCustomerKey(key) {
  if (typeof key === 'string' && /^(test|live)_g?sk_/.test(key)) throw failure('INSECURE_KEY_USAGE');
  if (key !== ANONYMOUS && !(typeof key === 'string' && /^[A-Za-z0-9\-_=.@]{2,50}$/.test(key))) {
    throw failure('INVALID_CUSTOMER_KEY');
  }
}
