/** The line between a widget's page and the script that drew it in the shop's page. */
export function tellScript(message) {
  // What is told is what the shopper sees, and any shop may draw a widget, so any may listen.
  if (window.parent !== window) window.parent.postMessage({ from: 'payments-mock', ...message }, '*');
}

/** Let the script know how tall the widget is, now and whenever that changes. */
export function tellHeight() {
  const content = document.querySelector('.widget');
  new ResizeObserver(() => tellScript({ type: 'height', height: Math.ceil(content.getBoundingClientRect().height) })).observe(content);
}

/** Hear what the script tells. */
export function onScript(listen) {
  window.addEventListener('message', (event) => {
    if (event.source === window.parent && event.data?.to === 'payments-mock') listen(event.data);
  });
}

/** Say what the widget holds whenever the script asks, as its own messages may still be on their way. */
export function reportWhenAsked(read) {
  onScript((message) => {
    if (message.type === 'report') tellScript({ type: 'report', ...read() });
  });
}

/** Tell that the widget can be used, or why it never will be; `state` is what it begins with. */
export function tellReady(state) {
  const code = document.body.dataset.problemCode;
  tellScript(code ? { type: 'problem', code } : { type: 'ready', ...state });
}
