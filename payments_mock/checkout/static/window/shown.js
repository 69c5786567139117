/**
 * Wait until the browser has shown the page. Before that it drops whatever is pressed, as nobody should press
 * what can't be seen; a button that was enabled too early swallowed the press. A page in the background shows
 * nothing, and nobody presses there.
 */
export function isShown() {
  if (document.visibilityState === 'hidden') return Promise.resolve();
  return new Promise((resolve) => {
    new PerformanceObserver((list) => {
      if (list.getEntriesByName('first-contentful-paint').length) resolve();
    }).observe({ type: 'paint', buffered: true });
    document.addEventListener('visibilitychange', resolve, { once: true });
  });
}
