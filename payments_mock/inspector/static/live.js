// Tells the page when something happened. One tab asks the server, the others hear of it; a hidden tab asks nothing.
import { get } from "./api.js";

const CHANNEL = "payments-mock-inspector";
const WAIT_SECONDS = 25;
const RETRY_MILLISECONDS = 1000;
// A busy server is looked at now and then: a look costs it as much as some tens of calls, and they wait meanwhile.
const MOST_EVENTS = 200;
const REST_MILLISECONDS = 500;
const BUSY_REST_MILLISECONDS = 5000;

export function follow({ changed, connected }) {
  const channel = new BroadcastChannel(CHANNEL);
  let leading = null;

  function tell(news) {
    channel.postMessage(news);
    changed(news);
  }

  channel.addEventListener("message", (message) => {
    connected(!message.data.lost);
    if (!message.data.lost) changed(message.data);
  });

  function begin() {
    if (leading || document.hidden) return;
    leading = new AbortController();
    const { signal } = leading;
    const lead = () => keepAsking(signal, tell, (is) => {
      connected(is);
      if (!is) channel.postMessage({ lost: true });
    });
    const work = navigator.locks ? navigator.locks.request(CHANNEL, { signal }, lead) : lead();
    work.catch((error) => { if (error.name !== "AbortError") throw error; });
  }

  function end() {
    if (leading) leading.abort();
    leading = null;
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      end();
    } else {
      begin();
      changed({ events: [] });
    }
  });
  begin();
}

async function keepAsking(signal, tell, connected) {
  let after = null;
  while (!signal.aborted) {
    try {
      // The first answer says where the news begins; what there was before is read once, by everybody.
      const query = after === null ? "" : `?after=${encodeURIComponent(after)}&wait=${WAIT_SECONDS}&limit=${MOST_EVENTS}`;
      const news = await get(`events${query}`, signal);
      if (after === null || news.events.length) tell(news);
      const isFull = news.events.length === MOST_EVENTS;
      // So much is looked at as a whole, and not told one by one: the news goes on from now.
      after = isFull ? null : news.seq;
      connected(true);
      if (news.events.length) await pause(isFull ? BUSY_REST_MILLISECONDS : REST_MILLISECONDS, signal);
    } catch (error) {
      if (signal.aborted) return;
      connected(false);
      after = null;
      await pause(RETRY_MILLISECONDS, signal);
    }
  }
}

function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}
