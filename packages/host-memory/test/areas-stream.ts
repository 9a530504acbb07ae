/** Streams of requests about address space, with Linux's answers, as `oracle/areas-stream.c` prints them. */
import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { Emit, EventColumns } from '@reheap/kernel'
import type * as HostMemory from '../src/index.ts'
import type { Request } from '../src/index.ts'

const PAGE = 4096
const FIXTURES = new URL('fixtures/', import.meta.url)

export interface Asked {
  readonly line: string
  readonly request: Request
  /** Base less the address, resident pages, mapped pages. */
  readonly answer: string
}

const REQUESTS: Readonly<Record<string, (numbers: readonly number[]) => Request>> = {
  m: ([mapping = 0, pages = 0]) => ({ kind: 'MapMemory', mapping, bytes: pages * PAGE, backing: 'anonymous' }),
  t: ([mapping = 0, from = 0, pages = 0]) => ({ kind: 'TouchPages', mapping, from: from * PAGE, bytes: pages * PAGE }),
  d: ([mapping = 0, from = 0, pages = 0]) => ({ kind: 'ReleasePages', mapping, from: from * PAGE, bytes: pages * PAGE }),
  u: ([mapping = 0, from = 0, pages = 0]) => ({ kind: 'UnmapMemory', mapping, from: from * PAGE, bytes: pages * PAGE }),
  r: ([mapping = 0, pages = 0]) => ({ kind: 'RemapMemory', mapping, bytes: pages * PAGE }),
}

export function parseAreas(text: string): readonly Asked[] {
  const [, ...lines] = text.trimEnd().split('\n')
  return lines.map((line) => {
    const [kind = '', ...words] = line.split(' ')
    const numbers = words.map(Number)
    const request = (REQUESTS[kind] as (numbers: readonly number[]) => Request)(numbers.slice(0, -3))
    return { line, request, answer: words.slice(-3).join(' ') }
  })
}

/** The recorded streams, by the name of their file. */
export const recordedAreas = (): ReadonlyMap<string, readonly Asked[]> =>
  new Map(
    readdirSync(FIXTURES)
      .filter((name) => name.includes('-areas-'))
      .map((name) => [name, parseAreas(gunzipSync(readFileSync(new URL(name, FIXTURES))).toString('utf8'))]),
  )

/** The first line that the package answers otherwise, with its answer; null: none. */
export function firstDifference(host: typeof HostMemory, stream: readonly Asked[]): string | null {
  const profile = host.hostMemoryProfile('linux-x86_64') as HostMemory.HostMemoryProfile
  const draft = host.hostMemoryMechanism.thaw(host.emptyHostMemory(profile))
  const emit = new Emit<HostMemory.FactOpcode>()
  // What the program mapped before lies above.
  const above: Asked = {
    line: 'above',
    request: { kind: 'MapMemory', mapping: 0, bytes: PAGE, backing: 'anonymous', address: profile.mapTop },
    answer: '0 0 0',
  }
  for (const { line, request, answer } of [above, ...stream]) {
    const rows = new EventColumns(1)
    host.hostMemoryWording.write(request, rows)
    emit.clear()
    if (host.hostMemoryMechanism.applyBatch(draft, rows as never, 0, 1, emit) >= 0) return `${line}: rejected`
    const { rssBytes, vmsBytes } = host.processMemory(draft, 0)
    const address = request.kind === 'MapMemory' || request.kind === 'RemapMemory' ? host.mappingOf(draft, request.mapping) : null
    const ours = `${address === null ? 0 : profile.mapTop - address.start} ${rssBytes / PAGE} ${vmsBytes / PAGE - 1}`
    if (ours !== answer) return `${line}: ${ours}`
  }
  return null
}
