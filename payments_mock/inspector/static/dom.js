// Makes what is shown out of the page's templates; whatever comes from outside becomes text, never markup.
import { word } from "./words.js";

export function fill(root) {
  for (const element of root.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  for (const element of root.querySelectorAll("[data-word-label]")) element.setAttribute("aria-label", word(element.dataset.wordLabel));
  for (const element of root.querySelectorAll("[data-word-title]")) element.title = word(element.dataset.wordTitle);
  for (const element of root.querySelectorAll("[data-word-placeholder]")) element.placeholder = word(element.dataset.wordPlaceholder);
  return root;
}

export function make(template) {
  const made = document.getElementById(`t-${template}`).content.firstElementChild.cloneNode(true);
  fill(made);
  for (const button of made.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", () => copy(button.parentElement.querySelector("code").textContent));
  }
  return made;
}

export const at = (root, name) => root.querySelector(`[data-at="${name}"]`);

export function put(root, values) {
  for (const [name, value] of Object.entries(values)) {
    const element = at(root, name);
    const text = value === null || value === undefined ? "" : String(value);
    if (element.textContent !== text) element.textContent = text;
  }
}

// What a press needs to know is there: its buttons, which waited for it, can be pressed.
export function enable(root) {
  for (const waiting of root.querySelectorAll("[data-waits]")) waiting.disabled = false;
}

// Brings a list up to date by the keys of its items: rows that stay keep their focus, and what is open in them.
export function keyed(list, items, keyOf, makeRow, update) {
  const there = new Map([...list.children].map((row) => [row.dataset.key, row]));
  const focused = document.activeElement;
  let before = list.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    let row = there.get(key);
    if (!row) {
      row = makeRow(item);
      row.dataset.key = key;
    }
    there.delete(key);
    const told = JSON.stringify(item);
    if (row.told !== told) {
      row.told = told;
      update(row, item);
    }
    if (row === before) before = before.nextElementSibling;
    else list.insertBefore(row, before);
  }
  for (const row of there.values()) row.remove();
  if (focused && focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
}

export function button(name, press, kind = "small") {
  const made = document.createElement("button");
  made.type = "button";
  made.className = kind;
  made.textContent = word(name);
  made.addEventListener("click", press);
  return made;
}

let clearing = 0;

export function say(text) {
  const status = document.getElementById("status");
  status.textContent = text;
  clearTimeout(clearing);
  clearing = setTimeout(() => { status.textContent = ""; }, 6000);
}

export async function copy(text) {
  if (!navigator.clipboard) {
    say(word("cannot_copy"));
    return;
  }
  await navigator.clipboard.writeText(text);
  say(word("copied"));
}

// Runs what a press asks for, and says what went wrong instead of failing silently.
export async function attempt(work, done) {
  try {
    const result = await work();
    if (done) say(typeof done === "function" ? done(result) : done);
    return result;
  } catch (error) {
    say(error.message);
    return null;
  }
}

// Runs what a press changes, and has the page look again.
export async function act(work, done) {
  const result = await attempt(work, done || word("done"));
  document.getElementById("view").dispatchEvent(new Event("changed"));
  return result;
}
