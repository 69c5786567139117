/* A widget: a page of the server, drawn inside an element of the shop's page. */
const TITLES = { methods: '결제 수단 · Payment methods', agreement: '약관 동의 · Terms' };

function findElement(selector) {
  try {
    const found = typeof selector === 'string' && selector ? document.querySelector(selector) : null;
    if (found) return found;
  } catch {
    // What is no selector finds nothing either.
  }
  throw failure('INVALID_SELECTOR', String(selector));
}

function widgetUrl(kind, fields) {
  return `${SERVER}/checkout/widgets/${kind}?${new URLSearchParams(compact(fields))}`;
}

/* Draw a widget; `hear` gets its messages, the first of type `ready`. The promise is kept once it is ready. */
function drawWidget(element, kind, fields, hear) {
  const frame = document.createElement('iframe');
  frame.title = TITLES[kind];
  frame.src = widgetUrl(kind, fields);
  Object.assign(frame.style, { display: 'block', width: '100%', height: '120px', border: '0', colorScheme: 'light' });
  let stopListening;
  const ready = new Promise((resolve, reject) => {
    stopListening = listenTo(frame, (message) => {
      if (message.type === 'height') frame.style.height = `${message.height}px`;
      else if (message.type === 'problem') reject(failure(message.code));
      else hear(message);
      if (message.type === 'ready') resolve();
    });
  });
  element.append(frame);
  return {
    ready,
    tell(message) {
      frame.contentWindow.postMessage({ to: 'payments-mock', ...message }, SERVER);
    },
    remove() {
      stopListening();
      frame.remove();
    },
  };
}

/* Listeners of events; those that come late to what has happened are called too, but never at once. */
function createListeners() {
  const listeners = {};
  const past = new Set();
  return {
    add(name, listener) {
      (listeners[name] = listeners[name] || []).push(listener);
      if (past.has(name)) setTimeout(listener, 0);
    },
    call(name, value) {
      for (const listener of listeners[name] || []) listener(value);
    },
    callOnce(name) {
      past.add(name);
      setTimeout(() => this.call(name), 0);
    },
  };
}

function isVariantKey(value) {
  return typeof value === 'string' && /^[^\s]{1,100}$/.test(value);
}
