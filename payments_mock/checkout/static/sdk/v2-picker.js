/* renderPaymentWindow(): the ways to pay and the terms in a window, before the shop asks for the payment. */
async function renderPicker(state, clientKey, options) {
  checkWindowOptions(options);
  if (!state.amount) throw failure('NOT_SETUP_AMOUNT');
  if (state.picker) throw failure('PAYMENT_WINDOW_ALREADY_RENDERED');
  const listeners = createListeners();
  let lose;
  const drawn = drawOver('methods', undefined, {
    onCancel: () => cancel(),
    onLost: () => lose(failure('UNKNOWN', SERVER)),
  });
  let stopListening;
  const picker = {
    remove() {
      stopListening();
      drawn.remove();
      state.picker = null;
    },
  };
  const cancel = () => {
    picker.remove();
    listeners.call('cancel');
    lose(failure('USER_CANCEL'));
  };
  state.picker = picker;
  state.picked = null;
  await new Promise((resolve, reject) => {
    lose = reject;
    stopListening = listenTo(drawn.frame, (message) => {
      if (message.type === 'ready') {
        drawn.reveal();
        resolve();
      } else if (message.type === 'problem') {
        reject(failure(message.code));
      } else if (message.type === 'picked') {
        state.picked = message.selection;
        listeners.call('paymentRequest', { paymentMethod: codeOf(message.selection) });
      } else if (message.type === 'cancel') {
        cancel();
      }
    });
    drawn.load(widgetUrl('window', { clientKey, variantKey: agreementVariant(options), amount: state.amount.value }));
  }).catch((error) => {
    if (state.picker === picker) picker.remove();
    throw error;
  });
  return {
    on(name, listener) {
      checkListener(name, listener, ['paymentRequest', 'cancel']);
      listeners.add(name, listener);
    },
    async destroy() {
      if (state.picker === picker) picker.remove();
    },
  };
}
