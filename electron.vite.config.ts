import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      target: 'node20',
      rolldownOptions: {
        input: {
          main: path('electron/main.ts'),
          'engine-host': path('electron/engine-host.ts'),
          cli: path('src/cli/main.ts'),
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
    plugins: [vue()],
    build: {
      minify: true,
      outDir: path('out/renderer'),
      rolldownOptions: { input: { index: path('renderer/index.html') } },
    },
  },
});
