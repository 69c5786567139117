/* renderPaymentWindow(): the ways to pay and the terms in a window, before the shop asks for the payment. */
async function renderPicker(state, clientKey, options) {
  checkWindowOptions(options);
  if (!state.amount) throw failure('NOT_SETUP_AMOUNT');
  if (state.picker) throw failure('PAYMENT_WINDOW_ALREADY_RENDERED');
  const listeners = createListeners();
  const drawn = drawOver(widgetUrl('window', { clientKey, amount: state.amount.value }), '결제 수단 선택 · Payment methods');
  let stopListening;
  const picker = {
    remove() {
      stopListening();
      drawn.remove();
      state.picker = null;
    },
  };
  state.picker = picker;
  state.picked = null;
  await new Promise((resolve, reject) => {
    stopListening = listenTo(drawn.frame, (message) => {
      if (message.type === 'ready') resolve();
      else if (message.type === 'problem') reject(failure(message.code));
      else if (message.type === 'picked') {
        state.picked = message.selection;
        listeners.call('paymentRequest', { paymentMethod: codeOf(message.selection) });
      } else if (message.type === 'cancel') {
        picker.remove();
        listeners.call('cancel');
      }
    });
  }).catch((error) => {
    picker.remove();
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
