/* The server that this script came from; the shop's page is of another origin. */
const PATHS = /\/(v2\/standard|v1|v1\/payment|v1\/payment-widget)\/?$/;

function findScript() {
  if (document.currentScript && document.currentScript.src) return document.currentScript.src;
  const scripts = Array.from(document.scripts, (script) => script.src).filter(Boolean);
  return scripts.find((source) => PATHS.test(new URL(source).pathname)) || location.href;
}

const SERVER = new URL(findScript()).origin;
