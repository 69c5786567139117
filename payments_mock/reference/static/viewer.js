// Opens the viewer on the document of every contract; the first is shown, the others are a choice away.
const place = document.getElementById("reference");
const urls = place.dataset.contracts
  .split(" ")
  .map((name) => ({ name, url: `/openapi.json?contract=${encodeURIComponent(name)}` }));

window.SwaggerUIBundle({
  domNode: place,
  urls,
  presets: [window.SwaggerUIBundle.presets.apis, window.SwaggerUIStandalonePreset],
  layout: "StandaloneLayout",
  deepLinking: true,
  persistAuthorization: true,
});
