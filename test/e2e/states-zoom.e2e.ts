/**
 * Every state of the window at 80 and 200 percent, on the screen of 1440 x 900: the page zoom of a browser
 * is a viewport of other size in its own pixels.
 */
import { describeRealStates, describeStates } from '../support/describe-states.js';
import { REAL_FILES, REAL_STATES } from '../support/real-states.js';
import { WINDOW_STATES } from '../support/window-states.js';

const SMALL = { theme: 'light', suffix: '80', width: 1800, height: 1125, scale: 0.8 } as const;
const LARGE = { theme: 'dark', suffix: '200', width: 720, height: 450, scale: 2 } as const;

describeStates('the window at 80 %', WINDOW_STATES, SMALL);
describeRealStates('the window with the real engine at 80 %', REAL_STATES, {
  ...SMALL,
  files: REAL_FILES,
});
describeStates('the window at 200 %', WINDOW_STATES, LARGE);
describeRealStates('the window with the real engine at 200 %', REAL_STATES, {
  ...LARGE,
  files: REAL_FILES,
});
