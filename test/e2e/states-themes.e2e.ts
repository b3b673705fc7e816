/** Every state of the window in every theme: light, and as it changes to dark and to high contrast. */
import { describeRealStates, describeStates } from '../support/describe-states.js';
import { REAL_FILES, REAL_STATES } from '../support/real-states.js';
import { WINDOW_STATES } from '../support/window-states.js';

const LOOK = { theme: 'light', suffix: 'light', otherThemes: ['dark', 'contrast'] } as const;

describeStates('the window, all themes', WINDOW_STATES, LOOK);
describeRealStates('the window with the real engine, all themes', REAL_STATES, {
  ...LOOK,
  files: REAL_FILES,
});
