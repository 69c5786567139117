/* A widget: a page of the server, drawn inside an element of the shop's page. */
const LONGEST_REPORT_MILLISECONDS = 2000;
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
  let isReady = false;
  let reported = () => {};
  const ready = new Promise((resolve, reject) => {
    stopListening = listenTo(frame, (message) => {
      isReady = isReady || message.type === 'ready';
      if (message.type === 'height') frame.style.height = `${message.height}px`;
      else if (message.type === 'problem') reject(tellRefusal(fields.clientKey, `widgets/${kind}`, failure(message.code)));
      else hear(message);
      if (message.type === 'ready') resolve();
      if (message.type === 'report') reported();
    });
  });
  element.append(frame);
  function tell(message) {
    if (isReady) frame.contentWindow.postMessage({ to: 'payments-mock', ...message }, SERVER);
  }
  return {
    ready,
    tell,
    /* Let the widget say what it holds, as a click may overtake what it told. */
    refresh() {
      if (!isReady) return Promise.resolve();
      return new Promise((resolve) => {
        reported = resolve;
        setTimeout(resolve, LONGEST_REPORT_MILLISECONDS);
        tell({ type: 'report' });
      });
    },
    remove() {
      stopListening();
      frame.remove();
    },
  };
}

/* Bring what is known of these widgets up to date; those that are not drawn are left out. */
function refreshAll(...widgets) {
  return Promise.all(widgets.filter(Boolean).map((widget) => widget.refresh()));
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
