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

/*
 * Open the window of the session that `begin` promises, which is seen to open at once. The promise stays pending
 * where the page is left, and breaks with `offline` where the window never comes. The target `none` draws nothing.
 */
function runWindow({ begin, target, present, offline, language }) {
  const run = { isOver: false, stop: null, reject: null };
  active = run;
  return new Promise((resolve, reject) => {
    run.reject = reject;
    const keep = (payment) => resolve(present(payment));
    const drawn = target === 'none' ? null : drawWindow(run, { offline, language }, keep);
    begin().then(
      (session) => {
        if (run.isOver) return;
        if (session.outcome) finish(run, session.outcome, keep, reject);
        else if (target === 'self') leaveTo(SERVER + session.windowPath);
        else drawn.load(`${SERVER}${session.windowPath}&display=iframe`);
      },
      (error) => {
        if (run.isOver) return;
        close(run);
        reject(error);
      },
    );
  });
}

function drawWindow(run, { offline, language }, resolve) {
  const drawn = drawOver('window', language, {
    onCancel: () => breakOff(run, failure('USER_CANCEL')),
    onLost: () => breakOff(run, failure(offline, SERVER)),
  });
  const stopListening = listenTo(drawn.frame, (message) => {
    if (message.type === 'ready') drawn.reveal();
    else if (message.type === 'cancel') breakOff(run, failure('USER_CANCEL'));
    else if (message.type === 'outcome') finish(run, message.outcome, resolve, run.reject);
  });
  run.stop = () => {
    stopListening();
    drawn.remove();
  };
  return drawn;
}

function breakOff(run, error) {
  close(run);
  run.reject(error);
}

function finish(run, outcome, resolve, reject) {
  if (outcome.redirectUrl) {
    // The window stays until the page is gone, so that the shop does not flash up in between.
    leaveTo(outcome.redirectUrl);
    return;
  }
  close(run);
  if (outcome.kind === 'AUTHENTICATED') resolve(outcome.payment);
  else if (outcome.kind === 'CLOSED') reject(knownFailure('USER_CANCEL'));
  else reject(failureWithMessage(outcome.code, outcome.message));
}

/* Close the window from outside; returns whether there was one. */
function abortWindow(code) {
  if (!active) return false;
  breakOff(active, failure(code));
  return true;
}
