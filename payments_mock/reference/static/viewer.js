// Shows the document of the contract that the page is about, and lets it be tried on this server.
import { mendLabels } from "./labels.js";
import { prepare, remember } from "./prepare.js";

const place = document.getElementById("reference");
const keys = document.getElementById("key");
const SCHEME = "secretKey";

/* Give whatever an example makes a name of its own, so that it works again and again. */
function freshen(text) {
  const mark = Math.random().toString(36).slice(2, 7);
  let count = 0;
  return text
    .replaceAll("pay_123", `pay_${mark}`)
    .replaceAll("order_123", `order_${mark}`)
    .replaceAll("order_0001", () => `order_${mark}_${count += 1}`)
    .replaceAll("bakery", `bakery_${mark}`);
}

/* Offer the key that the reader entered by hand before, as it is kept. */
function offerKeptKey() {
  const kept = JSON.parse(localStorage.getItem("authorized") ?? "{}")[SCHEME]?.value?.username;
  if (!kept) return;
  if (![...keys.options].some((option) => option.value === kept)) keys.add(new Option(kept, kept));
  keys.value = kept;
}

function chosenKeys() {
  return { secret: keys?.value, client: keys?.selectedOptions[0].dataset.client };
}

function useKey(viewer) {
  viewer.preauthorizeBasic(SCHEME, keys.value, "");
}

/* Open the operation that the address names, as #confirm does. */
function openNamed() {
  const wanted = decodeURIComponent(location.hash.slice(1));
  const block = wanted && [...place.querySelectorAll(".opblock[id]")].find((one) => one.id.endsWith(`-${wanted}`));
  if (!block) return;
  block.querySelector(".opblock-summary-control")?.click();
  block.scrollIntoView();
}

function show(spec) {
  const viewer = window.SwaggerUIBundle({
    domNode: place,
    spec,
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    persistAuthorization: true,
    tryItOutEnabled: true,
    validatorUrl: null,
    requestInterceptor: (request) => prepare(request, spec, place.dataset.contract, chosenKeys()),
    responseInterceptor: (response) => {
      if (response.ok && new URL(response.url).pathname.startsWith("/control/sandboxes")) remember(response.body ?? {});
      return response;
    },
    onComplete: () => {
      openNamed();
      if (!keys) return;
      offerKeptKey();
      useKey(viewer);
      keys.addEventListener("change", () => useKey(viewer));
    },
  });
}

mendLabels(place);
const spec = JSON.parse(freshen(await (await fetch(place.dataset.document)).text()));
// What is tried on this page happens in a sandbox of its own.
const { FlatVerifyRequest, SandboxRequest } = spec.components.schemas;
if (FlatVerifyRequest) FlatVerifyRequest.example.sandbox = SandboxRequest.example.id;
show(spec);
