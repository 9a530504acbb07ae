import { defineConfig } from 'vitest/config'

/** Tests run on the sources: the condition picks `src/index.ts` of every package. */
export default defineConfig({
  resolve: { conditions: ['@reheap/source'] },
  ssr: { resolve: { conditions: ['@reheap/source'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts', 'scripts/tests/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // By default one core of two would stand idle.
    maxWorkers: '100%',
  },
})
