import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/**
 * The page asks for the application, its parts and its styles with its own first script, instead of when
 * that script has run and names them.
 */
const applicationWithPage: Plugin = {
  name: 'application-with-page',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (html, { bundle }) => {
      const chunks = Object.values(bundle ?? {}).filter((file) => file.type === 'chunk');
      const application = chunks.find(({ name }) => name === 'application');
      if (application === undefined) throw new Error('the window has no chunk of the application');
      const parts = chunks.filter(({ fileName }) => application.imports.includes(fileName));
      const scripts = [application, ...parts];
      const styles = scripts.flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])]);
      const links = [
        ...scripts.map(({ fileName }) => ({ fileName, attrs: { rel: 'modulepreload' } })),
        ...styles.map((fileName) => ({ fileName, attrs: { rel: 'preload', as: 'style' } })),
      ];
      return links
        .filter(({ fileName }) => !html.includes(fileName))
        .map(({ fileName, attrs }) => ({
          tag: 'link',
          attrs: { ...attrs, crossorigin: true, href: `./${fileName}` },
          injectTo: 'head',
        }));
    },
  },
};

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      // What every command reads at its start: one file each instead of a dozen.
      externalizeDeps: { exclude: ['@noble/hashes', 'chevrotain', 'commander', 'valibot', 'ws'] },
      target: 'node20',
      rolldownOptions: {
        input: {
          main: path('electron/main.ts'),
          'engine-host': path('electron/engine-host.ts'),
          cli: path('src/cli/main.ts'),
          'share-first-run': path('src/cli/share-first-run.ts'),
          'sim-worker': path('src/app/sim-worker.ts'),
          'map-worker': path('src/app/map/map-worker.ts'),
        },
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rolldownOptions: {
        input: { preload: path('electron/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: path('renderer'),
    plugins: [vue(), applicationWithPage],
    build: {
      minify: true,
      outDir: path('out/renderer'),
      rolldownOptions: {
        input: { index: path('renderer/index.html') },
        // What the first view needs: the line to the lab, the chart library, the application. Three files
        // are parsed side by side.
        output: {
          codeSplitting: {
            groups: [
              { name: 'start', test: /renderer\/main\.ts$/, priority: 3 },
              { name: 'charts', test: /node_modules\/(?:echarts|zrender)\//, priority: 2 },
              { name: 'application', test: /renderer\/application\.ts$/, priority: 1 },
            ],
          },
        },
      },
    },
  },
});
