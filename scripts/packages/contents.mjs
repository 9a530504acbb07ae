import { posix } from 'node:path'

/** A command is run, not imported. */
const isCommand = ({ bin }) => bin !== undefined
/** The page is bundled by vite; its own modules are not what a user loads. */
const isAsset = (path) => path.startsWith('dist/page/')
const isForbidden = (path) => /(\.test\.|\.bench\.|\.tsbuildinfo$|^test\/|node_modules\/|\.cache\/)/.test(path)

function manifestFaults(manifest) {
  const faults = []
  for (const field of ['description', 'keywords', 'license', 'engines', 'type'])
    if (manifest[field] === undefined) faults.push(`package.json has no ${field}`)
  if (manifest.sideEffects !== isCommand(manifest)) faults.push(`sideEffects is ${manifest.sideEffects}`)
  const ranges = Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies })
  for (const [name, range] of ranges) if (/^(workspace|catalog|file|link):/.test(range)) faults.push(`${name} is still ${range}`)
  return faults
}

function mapFaults(files, read) {
  const faults = []
  for (const path of files.filter((path) => /^dist\/.*\.(js|d\.ts)$/.test(path) && !isAsset(path))) {
    const map = `${path}.map`
    if (!files.includes(map)) {
      faults.push(`${path} has no map`)
      continue
    }
    for (const source of JSON.parse(read(map)).sources) {
      const named = posix.join(posix.dirname(map), source)
      if (!files.includes(named)) faults.push(`${map} names ${named}, which is not packed`)
    }
  }
  return faults
}

/**
 * What a tarball lacks or should not hold: manifest, readme, licence, rules, sources, and a map from every built file to a source that is there.
 *
 * @param files paths in the tarball
 * @param read text of one of them
 */
export function contentFaults(files, read) {
  const faults = manifestFaults(JSON.parse(read('package.json')))
  for (const name of ['README.md', 'LICENSE', 'SPEC.md']) if (!files.includes(name)) faults.push(`${name} is not packed`)
  for (const path of files.filter(isForbidden)) faults.push(`${path} is packed`)
  return [...faults, ...mapFaults(files, read)]
}
