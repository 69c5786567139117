/* Draw a page of the server over the shop's page. */
function drawOver(url, title) {
  const dimmer = document.createElement('div');
  dimmer.id = '___tosspayments_dimmer___';
  Object.assign(dimmer.style, {
    position: 'fixed', inset: '0', zIndex: '2147483645', background: 'rgba(16, 24, 38, 0.55)',
  });
  const frame = document.createElement('iframe');
  frame.id = '___tosspayments_iframe___';
  frame.title = title;
  frame.src = url;
  Object.assign(frame.style, {
    position: 'fixed', zIndex: '2147483646', top: '50%', left: '50%', transform: 'translate(-50%, -50%)',
    width: 'min(940px, 100vw)', height: 'min(768px, 100vh)', border: '0', background: '#fff', colorScheme: 'light',
    borderRadius: window.innerWidth > 960 && window.innerHeight > 790 ? '22px' : '0',
    boxShadow: '0 24px 80px rgba(16, 24, 38, 0.35)',
  });
  const before = document.activeElement;
  const overflow = document.body.style.overflow;
  document.body.style.overflow = 'hidden';
  document.body.append(dimmer, frame);
  frame.addEventListener('load', () => frame.focus());
  return {
    frame,
    remove() {
      dimmer.remove();
      frame.remove();
      document.body.style.overflow = overflow;
      if (before && before.focus) before.focus();
    },
  };
}

/* Hear what a page of the server tells from inside `frame`; returns how to stop. */
function listenTo(frame, hear) {
  const listener = (event) => {
    if (event.source !== frame.contentWindow || event.origin !== SERVER) return;
    if (event.data && event.data.from === 'payments-mock') hear(event.data);
  };
  window.addEventListener('message', listener);
  return () => window.removeEventListener('message', listener);
}
