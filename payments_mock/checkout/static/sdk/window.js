/* The payment window: one at a time on a page. */
let active = null;

window.addEventListener('pagehide', () => {
  // A page that comes back from the browser's memory is free to pay again.
  if (active) close(active);
});

function close(run) {
  run.isOver = true;
  if (run.stop) run.stop();
  if (active === run) active = null;
}

/* Open the window of the session that `begin` promises. The promise stays pending where the page is left. */
function runWindow({ begin, target, present }) {
  const run = { isOver: false, stop: null, reject: null };
  active = run;
  return new Promise((resolve, reject) => {
    run.reject = reject;
    begin().then(
      (session) => {
        if (run.isOver) return;
        const url = SERVER + session.windowPath;
        if (target === 'self') leaveTo(url);
        else drawWindow(run, `${url}&display=iframe`, (payment) => resolve(present(payment)), reject);
      },
      (error) => {
        close(run);
        reject(error);
      },
    );
  });
}

function drawWindow(run, url, resolve, reject) {
  const drawn = drawOver(url, '결제창 · Payment');
  const stopListening = listenTo(drawn.frame, (message) => {
    if (message.type === 'cancel') {
      close(run);
      reject(failure('USER_CANCEL'));
    } else if (message.type === 'outcome') {
      finish(run, message.outcome, resolve, reject);
    }
  });
  run.stop = () => {
    stopListening();
    drawn.remove();
  };
}

function finish(run, outcome, resolve, reject) {
  if (outcome.redirectUrl) {
    // The window stays until the page is gone, so that the shop does not flash up in between.
    leaveTo(outcome.redirectUrl);
    return;
  }
  close(run);
  if (outcome.kind === 'AUTHENTICATED') resolve(outcome.payment);
  else if (outcome.kind === 'CLOSED') reject(failure('USER_CANCEL'));
  else reject(failureWithMessage(outcome.code, outcome.message));
}

/* Close the window from outside; returns whether there was one. */
function abortWindow(code) {
  if (!active) return false;
  const run = active;
  close(run);
  run.reject(failure(code));
  return true;
}
