/** Application menu: editing, zoom and windows. Everything else is in the window's own palette. */
import { Menu } from 'electron';

export function setApplicationMenu(isMac: boolean): void {
  const zoom = {
    label: 'View',
    submenu: [
      { role: 'resetZoom' as const },
      { role: 'zoomIn' as const },
      { role: 'zoomOut' as const },
      { role: 'togglefullscreen' as const },
    ],
  };
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(isMac ? [{ role: 'appMenu' as const }] : []),
      { role: 'fileMenu' },
      { role: 'editMenu' },
      zoom,
      { role: 'windowMenu' },
    ]),
  );
}
