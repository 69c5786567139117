// Where one is: all of it stands in the address, as #/toss/order/order_1?q=status:4xx&from=4711.
export function read() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [sandbox = "", view = "flow", ...rest] = path.split("/").map(decoded);
  const values = new URLSearchParams(query);
  return { sandbox, view: view || "flow", id: rest.join("/"), q: values.get("q") || "", from: values.get("from") || "" };
}

export function address(place) {
  const parts = [place.sandbox, place.view, ...(place.id ? [place.id] : [])].map(encodeURIComponent);
  const values = new URLSearchParams();
  if (place.q) values.set("q", place.q);
  if (place.from) values.set("from", place.from);
  const query = String(values);
  return `#/${parts.join("/")}${query ? `?${query}` : ""}`;
}

export function go(changes) {
  location.hash = address({ ...read(), ...changes });
}

// Changes the address without a step in the browser's history.
export function note(changes) {
  history.replaceState(null, "", address({ ...read(), ...changes }));
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
