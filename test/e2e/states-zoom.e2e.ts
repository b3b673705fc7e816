/**
 * The window at 80 and 200 percent, on the screen of 1440 x 900: the page zoom of a browser is a viewport
 * of other size in its own pixels.
 */
import { describeStates } from '../support/describe-states.js';
import { WINDOW_STATES } from '../support/window-states.js';

const NAMES = [
  'start',
  'scenarios',
  'mistake',
  'over',
  'side',
  'explain',
  'entries',
  'first-run',
  'tlb',
  'find',
  'difference',
  'palette',
  'copy-menu',
];
const states = WINDOW_STATES.filter(({ name }) => NAMES.includes(name));

describeStates('the window at 80 %', states, {
  theme: 'light',
  suffix: '80',
  width: 1800,
  height: 1125,
  scale: 0.8,
});
describeStates('the window at 200 %', states, {
  theme: 'dark',
  suffix: '200',
  width: 720,
  height: 450,
  scale: 2,
});
