// Asks the control API, with the token if there is one; what goes wrong comes back as an Error in its words.
export const facts = JSON.parse(document.body.dataset.facts);

const KEPT = "payments-mock-control-token";
let askForToken = null;

export function whenRefused(ask) {
  askForToken = ask;
}

export async function call(method, path, body, signal) {
  const answer = await send(method, path, body, signal);
  if (answer.status === 401 && askForToken) {
    sessionStorage.setItem(KEPT, await askForToken(sessionStorage.getItem(KEPT) !== null));
    return call(method, path, body, signal);
  }
  const told = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(worded(told)), { status: answer.status, code: told.code });
  return told;
}

export const get = (path, signal) => call("GET", path, undefined, signal);
export const post = (path, body = {}) => call("POST", path, body);
export const patch = (path, body) => call("PATCH", path, body);
export const remove = (path) => call("DELETE", path);

export function ofSandbox(sandbox, rest) {
  return `sandboxes/${encodeURIComponent(sandbox)}/${rest}`;
}

export function hasToken() {
  return !facts.needsToken || sessionStorage.getItem(KEPT) !== null;
}

export function keepToken(token) {
  sessionStorage.setItem(KEPT, token);
}

function send(method, path, body, signal) {
  const headers = {};
  const token = sessionStorage.getItem(KEPT);
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  return fetch(`control/${path}`, { method, headers, body: body && JSON.stringify(body), signal });
}

function worded(told) {
  const fields = Object.entries(told.errors || {}).map(([name, why]) => `${name}: ${flat(why)}`);
  return [told.message, ...fields].filter(Boolean).join(" ");
}

function flat(why) {
  if (Array.isArray(why)) return why.join(" ");
  if (why && typeof why === "object") return Object.entries(why).map(([name, inner]) => `${name}: ${flat(inner)}`).join(" ");
  return String(why);
}
