/** Every state of the window in the high contrast theme. */
import { describeStates } from '../support/describe-states.js';
import { WINDOW_STATES } from '../support/window-states.js';

describeStates('the window, high contrast', WINDOW_STATES, {
  theme: 'contrast',
  suffix: 'contrast',
});
