// How a shop is connected: address, keys, lines to paste, and whether anything has arrived.
import { facts, get, ofSandbox } from "./api.js";
import { at, attempt, make, put } from "./dom.js";
import { curlLines, keysOf, pytestLines, scriptTag } from "./snippets.js";
import { clockTime } from "./times.js";
import { word } from "./words.js";

export function open(main, sandbox) {
  const root = make("connect");
  main.replaceChildren(root);
  const pairs = keysOf(sandbox);
  const keys = pairs.flatMap((pair) => [[word("secret"), "", pair.secret], ...(pair.client ? [[word("client"), "", pair.client]] : [])]);
  const parts = [
    [word("base"), word("base_hint"), facts.base],
    ...keys,
    [word("curl"), pairs.length ? word("curl_hint") : word("keys_hidden"), curlLines(sandbox)],
    [word("pytest"), word("pytest_hint"), pytestLines(sandbox)],
    ...(sandbox.contract === "toss" ? [[word("sdk"), word("sdk_hint"), scriptTag()]] : []),
  ];
  at(root, "snippets").replaceChildren(...parts.map(snippet));
  at(root, "save-report").addEventListener("click", () => save(sandbox, "json", (told) => told));
  at(root, "save-har").addEventListener("click", () => save(sandbox, "har", (told) => told.har));
  return {
    refresh: async () => {
      const { orders, calls } = await get(ofSandbox(sandbox.id, "orders?limit=1"));
      const last = [...orders, ...calls].sort((one, other) => (one.at < other.at ? 1 : -1))[0];
      at(root, "arrived").classList.toggle("yes", Boolean(last));
      const what = last && (last.counts ? last.orderId : `${last.method} ${last.path}`);
      put(root, { "arrived-text": last ? word("arrived", { time: clockTime(last.at), what }) : word("nothing_arrived") });
    },
  };
}

const save = (sandbox, ending, chosen) => attempt(async () => {
  const told = chosen(await get(ofSandbox(sandbox.id, "export")));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(told, null, 2)], { type: "application/json" }));
  link.download = `${sandbox.id}.${ending}`;
  link.click();
  URL.revokeObjectURL(link.href);
}, word("saved"));

function snippet([name, hint, code]) {
  const made = make("snippet");
  put(made, { name, hint, code });
  at(made, "hint").hidden = !hint;
  made.querySelector("[data-copy]").setAttribute("aria-label", `${word("copy")}: ${name}`);
  return made;
}
