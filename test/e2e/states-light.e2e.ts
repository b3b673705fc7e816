/** Every state of the window in the light theme. */
import { describeRealStates, describeStates } from '../support/describe-states.js';
import { REAL_FILES, REAL_STATES } from '../support/real-states.js';
import { WINDOW_STATES } from '../support/window-states.js';

const LOOK = { theme: 'light', suffix: 'light' } as const;

describeStates('the window, light', WINDOW_STATES, LOOK);
describeRealStates('the window with the real engine, light', REAL_STATES, {
  ...LOOK,
  files: REAL_FILES,
});
