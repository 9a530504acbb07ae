import { createReadStream, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type LogEvent, readJsonl } from '@reheap/trace'
import { describe, expect, test } from 'vitest'
import { someOf } from '../../../scripts/tests/effort.ts'
import { observedLog } from '../test/objects/program.ts'
import { batchesOf, must } from '../test/recordings.ts'
import { profileOfRuntime, type Runtime, startingFrom, Verification, type VerifyReport } from './index.ts'

/** What the script of `test/objects` printed on real interpreters: natively, and 3.12.7, 3.13.2, 3.14.2 and 3.15.0rc1 in WebAssembly. */
const SEEN: Readonly<Record<string, readonly string[]>> = JSON.parse(
  readFileSync(new URL('../test/objects/observed.json', import.meta.url), 'utf8'),
)
const NOTHING_BEFORE = { counts: [0, 0, 0], objects: [0, 0, 0, 0] } as const

function verify(version: string, events: readonly LogEvent[], rows?: number): VerifyReport {
  const profile = must(profileOfRuntime({ name: 'cpython', version, pointerBits: 64 }))
  const verification = new Verification(startingFrom(profile, NOTHING_BEFORE))
  for (const batch of batchesOf(events, rows)) must(verification.feed(batch))
  return verification.report()
}

type Seen = Extract<LogEvent, { kind: 'Observe' }>

/** Every single value of an observation, spoiled alone: what the event becomes, and the path to the value. */
function* spoilings({ of, values }: Seen): Generator<{ readonly path: string; readonly event: Seen }> {
  const asks = ['object', 'argument', 'generation'].filter((name) => !['finalizer', 'collection'].includes(of) && name in values)
  for (const [name, value] of Object.entries(values)) {
    if (asks.includes(name)) continue
    for (const [path, changed] of changes(value))
      yield { path: `${of}.${name}${path}`, event: { kind: 'Observe', of, values: { ...values, [name]: changed } } }
  }
}

function* changes(value: unknown): Generator<readonly [string, never]> {
  if (typeof value === 'number') yield ['', (value + 1) as never]
  else if (typeof value === 'boolean') yield ['', !value as never]
  else if (value === null) yield ['', 99 as never]
  else if (Array.isArray(value)) {
    for (const [place, part] of value.entries())
      for (const [path, changed] of changes(part)) yield [`[${place}]${path}`, value.with(place, changed) as never]
  } else
    for (const [name, part] of Object.entries(value as object))
      for (const [path, changed] of changes(part)) yield [`.${name}${path}`, { ...(value as object), [name]: changed } as never]
}

describe.each([...Object.keys(SEEN).entries()])('objects as $1 saw them', (turn, version) => {
  const events = observedLog(SEEN[version] ?? [])
  const clean = verify(version, events)

  test('[M22] every observation is compared and none differs', () => {
    expect(clean).toMatchObject({ mismatches: 0, unanswered: 0, first: [] })
    expect(clean.observations).toBeGreaterThan(40)
  })

  test('[M23] each value, spoiled alone, is exactly one mismatch at its event', () => {
    const kinds = new Set<string>()
    const spoiled = [...events.entries()].flatMap(([index, event]) => {
      if (event.kind !== 'Observe') return []
      kinds.add(event.of)
      return [...spoilings(event)].map((spoiling) => ({ index, ...spoiling }))
    })
    for (const { index, path, event } of someOf(spoiled, turn)) {
      const report = verify(version, events.with(index, event))
      expect([path, report.mismatches, report.first[0]?.index, report.first[0]?.of]).toEqual([path, 1, index, path])
    }
    expect([...kinds].sort()).toEqual(
      'collection collectorCounts finalizer frozenObjects garbage generationObjects generationStats refcount tracked trackedObjects weakCallback'.split(
        ' ',
      ),
    )
  })

  test.each(['collection', 'finalizer', 'weakCallback'])(
    '[M24] each %s that the log lacks, or has twice, is exactly one mismatch',
    (of) => {
      for (const [index, event] of events.entries()) {
        if (event.kind !== 'Observe' || event.of !== of) continue
        // A log without any observation of a kind does not observe it.
        if (events.filter((other) => other.kind === 'Observe' && other.of === of).length > 1)
          expect(verify(version, events.toSpliced(index, 1))).toMatchObject({ mismatches: 1, first: [{ expected: null }] })
        expect(verify(version, events.toSpliced(index, 0, event))).toMatchObject({ mismatches: 1, first: [{ simulated: null }] })
      }
    },
  )

  test.each([1, 3])('[M10] batches of %i rows give the same report', (rows) => {
    expect(verify(version, events, rows)).toEqual(clean)
  })
})

test('[M23] the number of live objects that the log created is compared too', () => {
  const log = (count: number): readonly LogEvent[] => [
    { kind: 'DefineType', type: 0, layout: 'list', name: 'list' },
    { kind: 'CreateObject', object: 0, type: 0, bytes: 56 },
    { kind: 'CreateObject', object: 1, type: 0, bytes: 56 },
    { kind: 'DropReference', from: null, to: 0 },
    { kind: 'Observe', of: 'objects', values: { count } },
  ]
  expect(verify('3.13.0', log(1))).toMatchObject({ observations: 1, mismatches: 0 })
  expect(verify('3.13.0', log(2)).first).toEqual([{ index: 4, of: 'objects.count', expected: 2, simulated: 1 }])
})

/** Generated programs with automatic collections, freezing, finalizers, weak references and SAVEALL, as these interpreters ran them. */
const FOLDER = fileURLToPath(new URL('../test/objects', import.meta.url))
const GENERATED = readdirSync(FOLDER).filter((name) => name.endsWith('.jsonl.gz'))

test.each(GENERATED)('[M22] %s, a generated program, verifies with no mismatch', async (name) => {
  const { header, batches } = must(await readJsonl(createReadStream(`${FOLDER}/${name}`), { name }))
  const profile = must(profileOfRuntime(header.runtime as Runtime))
  const verification = new Verification(startingFrom(profile, header.collector))
  for await (const batch of batches) must(verification.feed(must(batch)))
  expect(verification.report()).toMatchObject({ mismatches: 0, unanswered: 0 })
  expect(verification.report().observations).toBeGreaterThanOrEqual(50)
})

test('[M25] while nothing stands in gc.callbacks a collection need not be observed', () => {
  const seen: LogEvent = { kind: 'Observe', of: 'collection', values: { generation: 2, collected: 0, uncollectable: 0 } }
  const log = (callbacks: number): readonly LogEvent[] => [
    { kind: 'SetCallbacks', callbacks: 1 },
    { kind: 'Collect', generation: 2 },
    seen,
    { kind: 'SetCallbacks', callbacks },
    { kind: 'Collect', generation: 0 },
    { kind: 'SetCallbacks', callbacks: 1 },
    { kind: 'Collect', generation: 2 },
    seen,
  ]
  for (const rows of [1, 3, 100]) {
    expect(verify('3.11.7', log(0), rows)).toMatchObject({ mismatches: 0 })
    expect(verify('3.11.7', log(1), rows)).toMatchObject({ mismatches: 1, first: [{ index: 4, expected: null, simulated: 0 }] })
  }
})

describe('the count that a call gives', () => {
  const created: readonly LogEvent[] = [
    { kind: 'DefineType', type: 0, layout: 'list', name: 'list' },
    { kind: 'CreateObject', object: 0, type: 0, bytes: 56 },
  ]
  const asked = (version: string, values: Seen['values'], more: readonly LogEvent[] = []): number | null | undefined =>
    verify(version, [...created, ...more, { kind: 'Observe', of: 'refcount', values: { object: 0, count: -1, ...values } }]).first[0]
      ?.simulated

  test('[M21] a held argument is counted; a local variable only where the call does not borrow it', () => {
    for (const version of ['3.8.18', '3.13.0', '3.14.2', '3.15.0']) {
      expect(asked(version, {})).toBe(1)
      expect(asked(version, { argument: 'held' })).toBe(2)
    }
    for (const version of ['3.8.18', '3.13.0']) expect(asked(version, { argument: 'local' })).toBe(2)
    for (const version of ['3.14.2', '3.15.0']) expect(asked(version, { argument: 'local' })).toBe(1)
  })

  test('[M21] an immortal object has the count of its version, whoever holds it', () => {
    const immortal: LogEvent = { kind: 'MakeImmortal', object: 0 }
    expect(asked('3.11.7', { argument: 'held' }, [immortal])).toBe(2)
    // What sys.getrefcount(None) prints on 3.12.1 and 3.13.0.
    for (const version of ['3.12.1', '3.13.0']) expect(asked(version, { argument: 'held' }, [immortal])).toBe(4294967295)
  })

  test('[M21] an object that is dead has no count', () => {
    expect(asked('3.11.7', {}, [{ kind: 'DropReference', from: null, to: 0 }])).toBeNull()
  })
})
