/** Every state of the window in the light theme. */
import { describeStates } from '../support/describe-states.js';
import { WINDOW_STATES } from '../support/window-states.js';

describeStates('the window, light', WINDOW_STATES, { theme: 'light', suffix: 'light' });
