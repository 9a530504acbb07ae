import { configDefaults, defineConfig } from 'vitest/config'

/** Minutes of whole recordings, browsers and planted bugs: the nightly run has them, and `npm run test:all`. */
const LONG = [
  'packages/cli/test/check-planted.test.ts',
  'packages/cli/test/{claims,claim-figures}.test.ts',
  'packages/machine/test/what-if-recordings.test.ts',
  'packages/properties/test/{heap,objects}-mutants.test.ts',
  'packages/properties/test/registered.test.ts',
  'packages/recorder/test/wasm/claims.test.ts',
  'packages/viewer/test/{area-view,beside,collection-truth,equality,maps,objects,playground,questions,time}.test.ts',
  'scripts/tests/{docs-long,whatif}.test.ts',
]

/** Tests run on the sources: the condition picks `src/index.ts` of every package. */
export default defineConfig({
  resolve: { conditions: ['@reheap/source'] },
  ssr: { resolve: { conditions: ['@reheap/source'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts', 'scripts/tests/*.test.ts'],
    exclude: process.env.REHEAP_TESTS === 'all' ? configDefaults.exclude : [...configDefaults.exclude, ...LONG],
    // An interpreter takes seconds to start, and many times as long on a machine that is busy.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    // Files of a worker share what they import: loading it for each anew would be a quarter of the whole run. So no module of a test keeps state.
    isolate: false,
    // By default one core of two would stand idle.
    maxWorkers: '100%',
  },
})
