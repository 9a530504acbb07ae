import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'

/**
 * The most that each package may weigh, in KiB: its tarball, and its main entry with all that it imports, minified and gzipped, as a page
 * would load it; null: no page loads it. A change that needs more raises the figure here, where a reviewer sees it.
 */
const BUDGETS = {
  kernel: { packed: 60, bundled: 20 },
  allocator: { packed: 100, bundled: 30 },
  refcount: { packed: 160, bundled: 35 },
  'cycle-gc': { packed: 140, bundled: 35 },
  'device-memory': { packed: 220, bundled: 45 },
  'host-memory': { packed: 180, bundled: 40 },
  'event-log': { packed: 140, bundled: 70 },
  trace: { packed: 300, bundled: 150 },
  machine: { packed: 280, bundled: 140 },
  projections: { packed: 100, bundled: 40 },
  properties: { packed: 400, bundled: null },
  recorder: { packed: 400, bundled: null },
  viewer: { packed: 600, bundled: null },
  cli: { packed: 5000, bundled: null },
}

/** What no mechanism may bring into a page. */
const MECHANISMS = ['kernel', 'allocator', 'refcount', 'cycle-gc', 'device-memory', 'host-memory']
const FOREIGN = [/\/rxjs\//, /\/packages\/event-log\//, /\/apache-arrow\//, /__vite-browser-external/, /^node:/]

/** The built main entry of a package with all its dependencies, as one minified module. */
async function bundled(folder) {
  const entry = fileURLToPath(new URL(`../../packages/${folder}/dist/index.js`, import.meta.url))
  const [{ output }] = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, minify: true, lib: { entry, formats: ['es'], fileName: 'index' } },
  })
  return {
    bytes: output.reduce((sum, { code }) => sum + gzipSync(code ?? '').length, 0),
    modules: output.flatMap(({ moduleIds = [], imports = [] }) => [...moduleIds, ...imports]),
  }
}

/** Weighs a package. @returns the figures in KiB, and what is too heavy or does not belong there */
export async function weigh(folder, packedBytes) {
  const budget = BUDGETS[folder]
  if (budget === undefined) return { figures: null, faults: ['has no budget in scripts/packages/budgets.mjs'] }
  const bundle = budget.bundled === null ? null : await bundled(folder)
  const figures = { packed: packedBytes / 1024, bundled: bundle === null ? null : bundle.bytes / 1024 }
  const faults = Object.entries(figures)
    .filter(([what, kib]) => kib !== null && kib > budget[what])
    .map(([what, kib]) => `${what} weighs ${kib.toFixed(1)} KiB, more than its budget of ${budget[what]} KiB`)
  if (MECHANISMS.includes(folder))
    for (const module of bundle.modules)
      if (FOREIGN.some((pattern) => pattern.test(module))) faults.push(`brings ${module} into a page: a mechanism needs no log and no Node`)
  return { figures, faults }
}
