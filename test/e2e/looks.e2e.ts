/**
 * A few states of the window, for every check: the screens that people see first and most, in the light
 * theme and at 200 percent in the dark one. All states in all themes: `npm run test:states`.
 */
import { describeStates } from '../support/describe-states.js';
import { WINDOW_STATES } from '../support/window-states.js';

const NAMES = ['first-run', 'mistake', 'over', 'explain', 'entries'];
const LARGE = ['first-run', 'over', 'explain'];
const states = WINDOW_STATES.filter(({ name }) => NAMES.includes(name));

describeStates('the window as most see it', states, { theme: 'light', suffix: 'light' });
const large = states.filter(({ name }) => LARGE.includes(name));
describeStates('the window at 200 %, dark', large, {
  theme: 'dark',
  suffix: '200',
  width: 720,
  height: 450,
  scale: 2,
});
