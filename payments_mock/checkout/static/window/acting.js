/** What every window does: tell the server what was decided, then go where that leads. */
import { keepChoices, restoreChoices } from './choices.js';
import { wireDrawer } from './drawer.js';
import { isShown } from './shown.js';

const page = document.body.dataset;
const form = document.querySelector('form');
const busy = document.querySelector('[data-testid="busy"]');
const problem = document.querySelector('[data-testid="problem"]');
// The scripts say so when they draw the window over the shop's page; a shop that frames it by itself gets a redirect.
export const isDrawnByScript = new URLSearchParams(location.search).get('display') === 'iframe' && window.parent !== window;

export function tellShop(message) {
  window.parent.postMessage({ from: 'payments-mock', ...message }, page.origin);
}

function delayInMilliseconds() {
  const seconds = Number(document.getElementById('delay')?.value ?? 0);
  return Math.min(Math.max(seconds || 0, 0), 120) * 1000;
}

// With this, a refusal comes in the body; a browser reports other statuses than 200 as errors of the page.
const OUTCOME = 'application/vnd.payments-mock.outcome+json';
// These are about fields of the API, which say nothing to a shopper.
const FOR_DEVELOPERS = ['INVALID_REQUEST', 'INVALID_REQUIRED_PARAM'];

async function send(decision) {
  const response = await fetch(page.decisions, {
    method: 'POST',
    headers: {
      Accept: `${OUTCOME}, application/json`, 'Content-Type': 'application/json', 'Accept-Language': document.documentElement.lang,
    },
    body: JSON.stringify({ token: page.token, ...decision }),
  });
  const answer = await response.json();
  const refused = answer.refused ?? (response.ok ? null : answer);
  if (refused) throw new Error(FOR_DEVELOPERS.includes(refused.code) ? page.problem : refused.shown);
  return answer;
}

let isActing = false;

export async function act(decision) {
  if (isActing) return;
  isActing = true;
  const pressed = document.activeElement;
  setBusy(true);
  try {
    const [outcome] = await Promise.all([send(decision), new Promise((done) => setTimeout(done, delayInMilliseconds()))]);
    leave(outcome);
  } catch (error) {
    isActing = false;
    setBusy(false);
    pressed.focus();
    problem.textContent = error instanceof TypeError ? page.problem : error.message;
  }
}

function setBusy(isBusy) {
  busy.hidden = !isBusy;
  document.querySelector('.shell').inert = isBusy;
  for (const button of document.querySelectorAll('button')) button.disabled = isBusy;
}

function leave(outcome) {
  if (isDrawnByScript) tellShop({ type: 'outcome', outcome });
  else if (outcome.redirectUrl) window.top.location.replace(outcome.redirectUrl);
  else showDone(outcome);
}

/** Show how it ended, where nobody else does: after a reload, or without a page to go back to. */
function showDone(outcome) {
  const done = document.querySelector('[data-testid="done"]');
  const isGood = outcome.kind === 'AUTHENTICATED';
  form?.remove();
  document.querySelector('.tests')?.remove();
  document.querySelector('[data-action="close"]')?.remove();
  setBusy(false);
  done.hidden = false;
  done.querySelector(`[data-done="${outcome.kind}"]`).hidden = false;
  done.querySelector('[data-good]').hidden = !isGood;
  done.querySelector('[data-bad]').hidden = isGood;
  done.querySelector('[data-message]').textContent = outcome.message ?? '';
  done.querySelector('[data-alone]').hidden = Boolean(outcome.redirectUrl) || isDrawnByScript;
  const back = done.querySelector('[data-back]');
  back.hidden = !outcome.redirectUrl && !isDrawnByScript;
  if (outcome.redirectUrl) back.href = outcome.redirectUrl;
  back.addEventListener('click', (event) => {
    event.preventDefault();
    leave(outcome);
  });
  done.focus();
}

/** Press Pay, or whatever the window is for, once `findProblem` finds none. */
export function onSubmit(findProblem, decide) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const found = findProblem(form, page);
    problem.textContent = found?.message ?? '';
    if (found) found.field.focus();
    else act(decide(form));
  });
  form.addEventListener('input', () => {
    problem.textContent = '';
  });
}

/** Wire the tester's controls to what they decide, and the ways to close the window. */
export function wireControls(decisions) {
  const codeOf = (button, list) => button.dataset.code ?? document.getElementById(list).value;
  const all = {
    fail: (button) => ({ action: 'fail', code: codeOf(button, 'fail-code') }),
    decline: (button) => ({ ...decisions.authenticate(), decline: codeOf(button, 'decline-code') }),
    close: () => ({ action: 'close' }),
    ...decisions,
  };
  // The shop's page takes the frame away at once; a press is over by then, or what drives a browser waits for its end in vain.
  const cancel = () => setTimeout(() => tellShop({ type: 'cancel' }));
  const close = () => (isDrawnByScript && page.cross === 'rejects' ? cancel() : act(all.close()));
  for (const button of document.querySelectorAll('[data-test]')) {
    const name = button.dataset.test;
    button.addEventListener('click', () => (name === 'cancel' ? cancel() : act(all[name](button))));
  }
  document.querySelector('[data-test="cancel"]').hidden = !isDrawnByScript;
  document.querySelector('[data-action="close"]').addEventListener('click', close);
  const drawer = wireDrawer();
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !drawer.close()) close();
    else pressChip(event);
  });
  window.addEventListener('message', (event) => {
    if (event.source === window.parent && event.data?.to === 'payments-mock' && event.data.type === 'close') close();
  });
}

/** The number on a chip presses it, unless it is being written somewhere. */
function pressChip(event) {
  const isWriting = event.target.closest?.('input:not([type="radio"], [type="checkbox"]), select, textarea');
  if (isWriting || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  const chip = /^[1-6]$/.test(event.key) && document.querySelector(`[data-key="${event.key}"]`);
  if (chip) chip.click();
}

/** Begin: with the window, or with how it ended where it is over. Nothing can be pressed before. */
export async function begin(start) {
  if (page.outcome) {
    showDone(JSON.parse(page.outcome));
  } else {
    start(form);
    restoreChoices(form);
    keepChoices(form);
    await isShown();
    setBusy(false);
  }
  if (isDrawnByScript) tellShop({ type: 'ready' });
}
