/** Every state of the window in the dark theme. */
import { describeStates } from '../support/describe-states.js';
import { WINDOW_STATES } from '../support/window-states.js';

describeStates('the window, dark', WINDOW_STATES, { theme: 'dark', suffix: 'dark' });
