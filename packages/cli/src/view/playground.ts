/** What the page's playground is given: interpreters that are installed, and scripts to begin with. */
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { deflateRawSync } from 'node:zlib'
import { DEFAULT_INTERPRETER, INTERPRETERS, interpreterUrl } from '@reheap/recorder'
import type { Served } from './page-server.ts'

/** Scripts of the introduction that need nothing but Python, by their claims. */
const EXAMPLES = ['counting', 'deleting', 'cycles', 'generations', 'free-lists', 'leak', 'function-counts', 'thresholds'] as const
const SCENARIOS = new URL('../../scenarios/', import.meta.url)
/** 3.12 has no way to hear of objects. */
const UNRECORDABLE: ReadonlySet<string> = new Set(['3.12.7'])

interface Example {
  readonly name: string
  readonly title: string
  readonly source: string
}

/** Folders of the interpreters that can record, by version; the default one first. */
export function installedRuntimes(): ReadonlyMap<string, string> {
  const versions = [DEFAULT_INTERPRETER, ...[...INTERPRETERS.keys()].filter((version) => version !== DEFAULT_INTERPRETER)]
  const found = versions.flatMap((version) => {
    const url = UNRECORDABLE.has(version) ? null : interpreterUrl(version)
    return url === null ? [] : [[version, dirname(fileURLToPath(url))] as const]
  })
  return new Map(found)
}

/** What a page with a playground is served. */
export function playgroundOf(runtimes: ReadonlyMap<string, string>): Pick<Served, 'runtimes' | 'playground'> {
  return { runtimes, playground: JSON.stringify({ versions: [...runtimes.keys()], examples: EXAMPLES.map(exampleOf) }) }
}

/** A program as a link holds it. */
export const linkText = (source: string): string => deflateRawSync(source).toString('base64url')

/** The first line of each script says which claim it shows. */
function exampleOf(name: string): Example {
  const source = readFileSync(new URL(`${name}.py`, SCENARIOS), 'utf8')
  return { name, title: /^# (Claim \d+: .*?)\.?$/m.exec(source)?.[1] ?? name, source }
}
