import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { SourceError } from './error.ts'
import { openForward } from './forward-log.ts'
import { blobSource, streamedSource } from './streamed-source.ts'

/** Longer than what one read of a stream gives, and than what is passed over. */
const BYTES = Uint8Array.from({ length: 2 ** 24 + 2 ** 20 }, (_, at) => (at * 31) ^ (at >> 8))
const BLOB = new Blob([BYTES])

/** A blob on a platform that reads none into given memory. */
function plain(blob: Blob): Blob {
  const slice = (from: number) => {
    const part = blob.slice(from)
    return { stream: () => part.stream().pipeThrough(new TransformStream()) }
  }
  return { size: blob.size, slice } as unknown as Blob
}

const place = fc.oneof(fc.nat(BYTES.length + 10), fc.constantFrom(0, 1, BYTES.length - 1))
const reads = fc.array(fc.tuple(place, fc.nat(2 ** 20), fc.boolean()), { maxLength: 8 })

test.prop([reads, fc.boolean()], { numRuns: 25 })(
  '[E68] reads at any places, asked for at once, each give the bytes there',
  async (wanted, isPlain) => {
    const source = blobSource(isPlain ? plain(BLOB) : BLOB)
    const given = await Promise.all(
      wanted.map(([at, length, isGiven]) => source.read(at, length, isGiven ? new Uint8Array(2 ** 20) : undefined)),
    )
    for (const [place, [at, length]] of wanted.entries())
      expect(Buffer.compare(given[place] ?? new Uint8Array(0), BYTES.subarray(at, at + length))).toBe(0)
    await source.close()
  },
)

test('[E68] places that come in order are read through one stream', async () => {
  let streams = 0
  const slice = (from: number): Blob => {
    streams++
    return BLOB.slice(from)
  }
  const source = blobSource({ size: BLOB.size, slice } as unknown as Blob)
  for (let at = 0; at < BYTES.length; at += 2 ** 22) await source.read(at, 2 ** 20)
  expect(streams).toBe(1)
  // A little back, as from the body of a message to its head, is still in memory; far back is not.
  await source.read(BYTES.length - 10, 5)
  await source.read(BYTES.length - 12, 5)
  expect(streams).toBe(1)
  await source.read(0, 1)
  expect(streams).toBe(2)
})

test('[E68] a read that fails is told, and the next one begins anew', async () => {
  let isDamaged = true
  const slice = (from: number) => {
    if (isDamaged) return { stream: () => new ReadableStream({ pull: () => Promise.reject(new Error('it was deleted')) }) }
    return BLOB.slice(from)
  }
  const source = blobSource({ size: BLOB.size, slice } as unknown as Blob)
  await expect(source.read(0, 5)).rejects.toThrow('it was deleted')
  const told = async (fault: Error): Promise<unknown> => {
    const failing = streamedSource({ size: 5, from: () => Promise.reject(fault) }, 'log')
    const opened = await openForward(failing, { vocabulary: {} })
    return opened._tag === 'Left' && opened.left.message
  }
  expect(await told(new Error('it was deleted'))).toBe('log: cannot be read: it was deleted; check the disk and try again')
  expect(await told(new SourceError('it was deleted; undo that'))).toBe('log: cannot be read: it was deleted; undo that')
  isDamaged = false
  expect(await source.read(0, 5)).toEqual(BYTES.subarray(0, 5))
})

/** Nothing is left that nobody leads to. */
async function collected(): Promise<void> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  // What a turn of the loop has looked at is kept until it ends.
  for (let round = 0; round < 3; round++) {
    await new Promise((next) => setTimeout(next, 10))
    collect()
  }
}

/** A stream that gives one byte when it is told to; only weak references lead to it. */
function forgotten() {
  const streams: WeakRef<ReadableStream>[] = []
  const controllers: WeakRef<ReadableStreamDefaultController<Uint8Array>>[] = []
  const from = (): ReadableStream<Uint8Array> => {
    const start = (controller: ReadableStreamDefaultController<Uint8Array>) => void controllers.push(new WeakRef(controller))
    const stream = new ReadableStream<Uint8Array>({ start })
    streams.push(new WeakRef(stream))
    return stream
  }
  return { from, isThere: () => streams[0]?.deref() !== undefined, give: () => controllers[0]?.deref()?.enqueue(Uint8Array.of(7)) }
}

test('[E70] a stream that is being read is kept, though nobody else leads to it, until its source is closed', async () => {
  const { from, isThere, give } = forgotten()
  const given: Uint8Array[] = []
  const begin = (): void => {
    const source = streamedSource({ size: 1, from })
    void source.read(0, 1).then((bytes) => {
      given.push(bytes)
      return source.close()
    })
  }
  begin()
  await collected()
  expect(isThere()).toBe(true)
  give()
  await collected()
  expect(given).toEqual([Uint8Array.of(7)])
  expect(isThere()).toBe(false)
})
