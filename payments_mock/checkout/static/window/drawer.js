/** The tester's drawer: it lies over the window, so what is under it can't be reached while it is open. */
import { loadCodes } from './codes.js';

/** Wire the drawer; returns a way to close it, which tells whether it was open. */
export function wireDrawer() {
  const drawer = document.querySelector('[data-testid="test-controls"]');
  const covered = document.querySelector('form');
  drawer.addEventListener('toggle', () => {
    covered.inert = drawer.open;
    if (drawer.open) loadCodes();
  });
  return {
    close() {
      if (!drawer.open) return false;
      drawer.open = false;
      drawer.querySelector('summary').focus();
      return true;
    },
  };
}
