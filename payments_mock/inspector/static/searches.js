// What a search means: words to be found, status:4xx, and fault:lost or fault:*.
export function matches(item, search) {
  return search.trim().split(/\s+/).filter(Boolean).every((term) => fits(item, term));
}

function fits(item, term) {
  const [, name, value] = /^(status|fault):(.*)$/.exec(term) || [];
  if (name === "status") return statuses(item).some((status) => likeStatus(status, value));
  if (name === "fault") {
    const faults = item.counts ? item.counts.faults : item.faults || [];
    return value === "*" || value === "" ? faults.length > 0 : faults.some((fault) => fault.includes(value));
  }
  const text = [item.orderId, item.orderName, item.paymentKey, item.state, item.path, item.operation, item.code, item.verdict?.code];
  return text.some((part) => part && part.toLowerCase().includes(term.toLowerCase()));
}

const statuses = (item) => (item.counts ? item.counts.statuses : [item.status]);

function likeStatus(status, wanted) {
  return [...wanted.toLowerCase()].every((sign, place) => sign === "x" || String(status)[place] === sign);
}
