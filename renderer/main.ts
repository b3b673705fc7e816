/** Start of the window: the line to the lab first, then the application. */
import './styles/base.css';
import { chooseConnection } from './bridge/choose-connection.js';
import { openLab } from './bridge/opened-lab.js';
import { decodeViewLink } from './stores/view-link.js';
import { isFirstStart } from './stores/view-memory.js';

// A file that is dropped before the application listens must not take the place of the window.
for (const name of ['dragover', 'drop']) {
  window.addEventListener(name, (event) => {
    event.preventDefault();
  });
}

const connection = chooseConnection(window);
// The token is gone from the fragment; what is left is the view that was asked for.
const opened = openLab(connection, decodeViewLink(window.location.hash) === null && isFirstStart());

void import('./application.js').then(({ mountApplication }) => mountApplication(opened));
