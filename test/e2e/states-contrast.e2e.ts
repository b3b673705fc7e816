/** Every state of the window in the high contrast theme. */
import { describeRealStates, describeStates } from '../support/describe-states.js';
import { REAL_FILES, REAL_STATES } from '../support/real-states.js';
import { WINDOW_STATES } from '../support/window-states.js';

const LOOK = { theme: 'contrast', suffix: 'contrast' } as const;

describeStates('the window, high contrast', WINDOW_STATES, LOOK);
describeRealStates('the window with the real engine, high contrast', REAL_STATES, {
  ...LOOK,
  files: REAL_FILES,
});
