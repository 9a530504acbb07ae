import { defineConfig } from 'vite'

/** The page from the sources of all packages, with relative addresses: it works from any folder. */
export default defineConfig({
  base: './',
  resolve: { conditions: ['@reheap/source', 'browser', 'module', 'import', 'default'] },
  worker: { format: 'es' },
  build: { outDir: 'dist/page', emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
})
