/**
 * How the desktop program is packed: `npm run package` on each system makes the packages of that system
 * and of its processor. The archive holds the built program, the shipped scenarios and `dependencies` of
 * the package, which are what main process and workers load; what only the window uses is bundled and a
 * development dependency. Invariant: outside the archive lies only what native code reads by itself,
 * the rasteriser and its fonts. `electronDist` and the like stay on the command line of the release machine.
 */
import type { Configuration } from 'electron-builder';

/** Fuses of the packed program: it is no Node, takes no options meant for Node, runs only its archive. */
export const FUSES = {
  runAsNode: false,
  enableCookieEncryption: true,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  loadBrowserProcessSpecificV8Snapshot: false,
  grantFileProtocolExtraPrivileges: false,
} as const;

/** Debian wants both in a package; whoever publishes one says who they are. */
const maintainer = process.env['XLAB_MAINTAINER'] ?? 'xlab developers <xlab@xlab.invalid>';
const homepage = process.env['XLAB_HOMEPAGE'] ?? 'https://xlab.invalid/';

const packaging: Configuration = {
  appId: 'org.xlab.lab',
  productName: 'xlab',
  copyright: 'GPL-2.0-only',
  directories: { output: 'dist', buildResources: 'electron/icons' },
  icon: 'electron/icons/icon.png',
  files: [
    'out/**',
    'scenarios/**',
    'package.json',
    'LICENSE',
    '!**/*.map',
    // Design plugins are turned into JavaScript by the library; its commands and messages stay behind.
    '!node_modules/typescript/bin{,/**}',
    '!node_modules/typescript/lib/*/**',
    '!node_modules/typescript/lib/{_*,tsc,tsserver,tsserverlibrary,typingsInstaller,watchGuard}.js',
  ],
  extraMetadata: { homepage },
  removePackageScripts: true,
  asar: true,
  asarUnpack: ['node_modules/dejavu-fonts-ttf/ttf/*.ttf', 'node_modules/@resvg/**'],
  electronFuses: { ...FUSES },
  electronLanguages: ['en-US'],
  npmRebuild: false,
  publish: null,
  linux: {
    target: ['AppImage', 'deb'],
    category: 'Development',
    executableName: 'xlab-desktop',
    synopsis: 'Executable-memory lab',
    maintainer,
  },
  mac: {
    target: ['dmg', 'zip'],
    category: 'public.app-category.developer-tools',
    hardenedRuntime: true,
  },
  win: { target: ['nsis', 'zip'] },
  nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
};

export default packaging;
