/* Draw a page of the server over the shop's page. */
const LONGEST_OPENING_MILLISECONDS = 30000;

function styled(name, style, attributes = {}) {
  const element = document.createElement(name);
  Object.assign(element.style, style);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  return element;
}

// In the middle, and without a transform: what drives a browser can't tell what covers a frame that has one, so it
// pressed what was still covered, and the press was lost.
const PLACE = {
  position: 'fixed', inset: '0', margin: 'auto', width: 'min(940px, 100vw)', height: 'min(768px, 100vh)', boxSizing: 'border-box',
};

const OPENING_WORDS = {
  ko: { window: '결제창', methods: '결제 수단 선택', opening: '결제창을 열고 있어요', close: '닫기' },
  en: { window: 'Payment window', methods: 'Payment methods', opening: 'Opening the payment window', close: 'Close' },
};

/* What is seen until the page has come: something that turns, and a way out. */
function drawOpening(words, language) {
  const opening = styled('div', {
    ...PLACE, background: '#fff', color: '#18222f', display: 'grid', placeContent: 'center',
    justifyItems: 'center', gap: '16px', font: '600 16px/1.5 system-ui, sans-serif', zIndex: '1',
  }, { 'data-testid': 'opening', lang: language });
  const spinner = styled('span', {
    width: '44px', height: '44px', boxSizing: 'border-box', borderRadius: '50%', border: '4px solid #dbe6fb',
    borderTopColor: '#1f62e8',
  }, { 'aria-hidden': 'true' });
  const text = styled('p', { margin: '0' }, { role: 'status' });
  text.textContent = words.opening;
  const cross = styled('button', {
    position: 'absolute', top: '12px', right: '12px', width: '44px', height: '44px', border: '0', borderRadius: '50%',
    background: 'transparent', color: '#56616f', font: '24px/1 system-ui, sans-serif', cursor: 'pointer',
  }, { type: 'button', 'aria-label': words.close, 'data-testid': 'opening-close' });
  cross.textContent = '✕';
  opening.append(spinner, text, cross);
  return { opening, spinner, cross };
}

/*
 * Open a dialog over the shop's page, which can't be reached behind it. It shows that something comes, until the
 * page that `load` is given says so. `onCancel` is called for the cross and for Escape before that, and `onLost`
 * where the page never comes.
 */
function drawOver(kind, language, { onCancel, onLost }) {
  const words = OPENING_WORDS[language] || OPENING_WORDS.ko;
  const title = words[kind];
  const dialog = styled('dialog', {
    position: 'fixed', inset: '0', width: '100vw', height: '100vh', maxWidth: 'none', maxHeight: 'none', margin: '0',
    padding: '0', border: '0', background: 'transparent', overflow: 'hidden', zIndex: '2147483645', colorScheme: 'light',
  }, { 'aria-label': title });
  const dimmer = styled('div', { position: 'fixed', inset: '0', background: 'rgba(16, 24, 38, 0.55)' }, { id: '___tosspayments_dimmer___' });
  const frame = styled('iframe', {
    ...PLACE, border: '0', background: '#fff', colorScheme: 'light',
    borderRadius: window.innerWidth > 960 && window.innerHeight > 790 ? '22px' : '0',
    boxShadow: '0 24px 80px rgba(16, 24, 38, 0.35)',
  }, { id: '___tosspayments_iframe___', title });
  const { opening, spinner, cross } = drawOpening(words, language || 'ko');
  const overflow = document.body.style.overflow;
  document.body.style.overflow = 'hidden';
  dialog.append(dimmer, opening);
  document.body.append(dialog);
  dialog.showModal();
  spinner.animate([{ transform: 'rotate(0turn)' }, { transform: 'rotate(1turn)' }], { duration: 900, iterations: Infinity });
  let isOver = false;
  const timer = setTimeout(onLost, LONGEST_OPENING_MILLISECONDS);
  const leave = (event) => {
    event.preventDefault();
    // A page that is there closes as by its own cross.
    if (opening.isConnected) onCancel();
    else frame.contentWindow.postMessage({ to: 'payments-mock', type: 'close' }, SERVER);
  };
  cross.addEventListener('click', leave);
  dialog.addEventListener('cancel', leave);
  // A browser lets nobody keep a dialog open against the second Escape.
  dialog.addEventListener('close', () => !isOver && onCancel());
  frame.addEventListener('load', () => !opening.isConnected && frame.focus());
  return {
    frame,
    load(url) {
      frame.src = url;
      dialog.insertBefore(frame, opening);
    },
    reveal() {
      clearTimeout(timer);
      opening.remove();
      frame.focus();
    },
    remove() {
      isOver = true;
      clearTimeout(timer);
      dialog.close();
      dialog.remove();
      document.body.style.overflow = overflow;
    },
  };
}

/* Hear what a page of the server tells from inside `frame`; returns how to stop. */
function listenTo(frame, hear) {
  const listener = (event) => {
    if (!frame.contentWindow || event.source !== frame.contentWindow || event.origin !== SERVER) return;
    if (event.data && event.data.from === 'payments-mock') hear(event.data);
  };
  window.addEventListener('message', listener);
  return () => window.removeEventListener('message', listener);
}
