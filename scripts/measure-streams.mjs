/**
 * Measures what real programs ask for, layer by layer, in the recordings that are kept: `node scripts/measure-streams.mjs`.
 * Only the figures go into packages/properties/src/recorded. Sizes, and how long what was asked for is kept, belong together: the
 * requests are put in order of size and divided into parts of equal number, each with its middle size and with the lifetimes of its own.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

const root = new URL('../', import.meta.url)
const PARTS = 16
const LIFETIMES = 8

const MALLOC = ['packages/allocator/test/fixtures/cpython-3.11-stress.jsonl.gz', 'packages/trace/test/fixtures/cpython-3.11-hello.jsonl.gz']
const OBJECTS = [
  'packages/cli/test/fixtures/sessions.jsonl.gz',
  ...['cycles', 'files', 'leak', 'objects-before'].map((name) => `packages/cli/scenarios/${name}.jsonl.gz`),
]
const DEVICE = ['train-default', 'infer-exp', 'graphs-default', 'streams_tight-expgc'].map(
  (name) => `packages/device-memory/test/fixtures/pytorch-2.11-${name}.jsonl.gz`,
)

const eventsOf = (source) =>
  gunzipSync(readFileSync(new URL(source, root)))
    .toString()
    .split('\n')
    .filter((line) => line.startsWith('{"kind"'))
    .map((line) => JSON.parse(line))

/** Middles of parts of equal number. */
const middles = (values, parts) =>
  values.length === 0 ? [] : Array.from({ length: parts }, (_, part) => values[Math.floor(((part + 0.5) / parts) * values.length)])

/** Quantiles; null, which is never, is the largest. */
const quantiles = (values, parts) =>
  middles(
    values.toSorted((a, b) => (a ?? Number.POSITIVE_INFINITY) - (b ?? Number.POSITIVE_INFINITY)),
    parts,
  )

/** Requests by what they have in common, the most frequent first. */
function groups(requests, keyOf) {
  const found = new Map()
  for (const request of requests) {
    const own = found.get(keyOf(request))
    if (own === undefined) found.set(keyOf(request), [request])
    else own.push(request)
  }
  return [...found].toSorted(([, a], [, b]) => b.length - a.length)
}

/** Requests in parts of equal number by size. */
function partsOf(requests, parts) {
  const sorted = requests.toSorted((a, b) => a.bytes - b.bytes)
  return Array.from({ length: parts }, (_, part) => {
    const own = sorted.slice(Math.floor((part / parts) * sorted.length), Math.floor(((part + 1) / parts) * sorted.length))
    return {
      bytes: own[Math.floor(own.length / 2)].bytes,
      lives: quantiles(
        own.map(({ lives }) => lives),
        LIFETIMES,
      ),
    }
  })
}

/** What is asked for between a request and the end of what it gave, by kind of request. */
class Lives {
  requests = []
  #live = new Map()

  born(id, request) {
    this.#live.set(id, this.requests.length)
    this.requests.push({ ...request, lives: null })
  }

  ended(id) {
    const at = this.#live.get(id)
    if (at === undefined) return
    this.requests[at].lives = this.requests.length - at - 1
    this.#live.delete(id)
  }

  /** A block that changed its size is another request, of the new size. */
  resized(id, newId, request) {
    this.ended(id)
    this.born(newId, request)
  }
}

function mallocs() {
  const all = MALLOC.flatMap((source) => {
    const lives = new Lives()
    for (const { kind, block, newBlock, bytes, count, elementBytes } of eventsOf(source)) {
      if (kind === 'Malloc') lives.born(block, { bytes })
      else if (kind === 'Calloc') lives.born(block, { bytes: count * elementBytes })
      else if (kind === 'Realloc') lives.resized(block, newBlock, { bytes })
      else if (kind === 'Free') lives.ended(block)
    }
    return lives.requests
  })
  return {
    requests: all.length,
    all: partsOf(all, PARTS),
    large: partsOf(
      all.filter(({ bytes }) => bytes > 512),
      PARTS / 2,
    ),
  }
}

function devices() {
  const all = DEVICE.flatMap((source) => {
    const lives = new Lives()
    const requests = new Map()
    for (const { kind, block, bytes, stream } of eventsOf(source)) {
      if (kind === 'DeviceMalloc') {
        lives.born(block, { bytes, stream, shared: false })
        requests.set(block, lives.requests.at(-1))
      } else if (kind === 'DeviceFree') lives.ended(block)
      else if (kind === 'RecordStream' && requests.has(block)) requests.get(block).shared = true
    }
    // Streams by how much is asked on them: their numbers are the driver's.
    return groups(lives.requests, ({ stream }) => stream).flatMap(([, own], stream) => own.map((request) => ({ ...request, stream })))
  })
  const streams = [...new Set(all.map(({ stream }) => stream))].toSorted((a, b) => a - b)
  return {
    requests: all.length,
    streams: streams.map((stream) => {
      const own = all.filter((request) => request.stream === stream)
      const percent = (count) => Math.round((100 * count) / own.length)
      return {
        weight: own.length,
        sharedPercent: percent(own.filter(({ shared }) => shared).length),
        parts: partsOf(own, Math.min(PARTS, own.length)),
      }
    }),
  }
}

function objects() {
  const all = OBJECTS.flatMap((source) => {
    const lives = new Lives()
    const layouts = new Map()
    const made = new Map()
    for (const { kind, type, layout, object, bytes, from, to } of eventsOf(source)) {
      if (kind === 'DefineType') layouts.set(type, layout)
      else if (kind === 'CreateObject') {
        lives.born(object, { bytes, layout: layouts.get(type), reaches: [] })
        made.set(object, lives.requests.length - 1)
      } else if (kind === 'AddReference' && made.has(from) && made.has(to)) {
        // Births between the two: below 0 the holder is the younger one.
        lives.requests[made.get(from)].reaches.push(made.get(to) - made.get(from))
      } else if (kind === 'DropReference' && from === null) lives.ended(to)
    }
    return lives.requests
  })
  const layouts = groups(all, ({ layout }) => layout)
  return {
    requests: all.length,
    layouts: layouts.map(([layout, own]) => ({
      layout,
      weight: own.length,
      parts: partsOf(own, Math.min(4, own.length)),
      degrees: quantiles(
        own.map(({ reaches }) => reaches.length),
        LIFETIMES,
      ),
      reaches: quantiles(
        own.flatMap(({ reaches }) => reaches),
        LIFETIMES,
      ),
    })),
  }
}

const file = (name, constant, sources, says, { requests, ...figures }) => ({
  path: `packages/properties/src/recorded/${name}.ts`,
  text: `/**
 * ${says(requests)}
 *
${sources.map((source) => ` * @source ${source}`).join('\n')}
 * Measured by scripts/measure-streams.mjs.
 */
export const ${constant} = ${JSON.stringify(figures)} as const
`,
})

const made = [
  file(
    'malloc',
    'RECORDED_MALLOC',
    MALLOC,
    (count) => `Sizes and lifetimes of ${count} requests of malloc, in bytes and further requests.`,
    mallocs(),
  ),
  file(
    'objects',
    'RECORDED_OBJECTS',
    OBJECTS,
    (count) => `Layouts, bytes, references and lifetimes (further births while held from outside) of ${count} objects.`,
    objects(),
  ),
  file('device', 'RECORDED_DEVICE', DEVICE, (count) => `Bytes and lifetimes of ${count} requests to a GPU, by stream.`, devices()),
]
for (const { path, text } of made) writeFileSync(new URL(path, root), text)
// What is written is laid out as the house lays out its code.
spawnSync('npx', ['biome', 'format', '--write', 'packages/properties/src/recorded'], { cwd: fileURLToPath(root) })
