import { begin, onSubmit, wireControls } from './acting.js';
import { findProblem, followMethod, readSelection } from './selection.js';

begin((form) => {
  const authenticate = () => ({ action: 'authenticate', selection: readSelection(form) });
  followMethod(form);
  onSubmit(findProblem, authenticate);
  wireControls({ authenticate, expire: () => ({ action: 'expire' }) });
});
