/** Every state of the window in the dark theme. */
import { describeRealStates, describeStates } from '../support/describe-states.js';
import { REAL_FILES, REAL_STATES } from '../support/real-states.js';
import { WINDOW_STATES } from '../support/window-states.js';

const LOOK = { theme: 'dark', suffix: 'dark' } as const;

describeStates('the window, dark', WINDOW_STATES, LOOK);
describeRealStates('the window with the real engine, dark', REAL_STATES, {
  ...LOOK,
  files: REAL_FILES,
});
