import { closeSync, existsSync, openSync, readFileSync, readlinkSync, readSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { createRing, type Ring } from './ring.ts'
import {
  CHILD_BYTES,
  CHILDREN_MAX,
  CHUNK_BYTES,
  CHUNK_COUNT,
  RECORD_BYTES,
  RECORD_OPS,
  RING_HEADER_BYTES,
  RING_MAGIC,
  RING_OFFSETS,
} from './ring-layout.ts'

const HEADER = readFileSync(fileURLToPath(new URL('../shim/ring.h', import.meta.url)), 'utf8')
const isLinux = process.platform === 'linux'
const linuxOnly = isLinux ? '' : ' (skipped: not Linux)'

/** The program's side, by the file alone. */
function program(ring: Ring): { fill(chunk: number, value: number, bytes?: number): void; read(offset: number): number; close(): void } {
  const fd = openSync(ring.path, 'r+')
  return {
    fill: (chunk, value, bytes = CHUNK_BYTES) => {
      writeSync(fd, new Uint8Array(bytes).fill(value), 0, bytes, RING_HEADER_BYTES + chunk * CHUNK_BYTES)
      writeSync(fd, new Uint8Array(Uint32Array.of(bytes).buffer), 0, 4, RING_OFFSETS.used + chunk * 4)
      if (bytes === CHUNK_BYTES) writeSync(fd, Uint8Array.of(1), 0, 1, RING_OFFSETS.full + chunk)
    },
    read: (offset) => {
      const word = new Uint32Array(1)
      readSync(fd, word, 0, 4, offset)
      return word[0] ?? 0
    },
    close: () => closeSync(fd),
  }
}

/** What the program would store: bytes of one value. */
const firstByte = (words: Uint32Array | null): number => (words === null ? -1 : (words[0] ?? 0) & 0xff)

describe.skipIf(!isLinux)(`the ring${linuxOnly}`, () => {
  test('[R31] hands out full chunks in order and each once, then what the program had begun', () => {
    const ring = createRing(0)
    const other = program(ring)
    try {
      expect(ring.take()).toBeNull()
      for (let chunk = 0; chunk < CHUNK_COUNT; chunk++) other.fill(chunk, chunk + 1)
      for (let chunk = 0; chunk < CHUNK_COUNT; chunk++) expect(firstByte(ring.take())).toBe(chunk + 1)
      expect(ring.take()).toBeNull()
      // Once around: a chunk that was read counts as empty until the program fills it again.
      expect(ring.takeRest()).toHaveLength(0)
      other.fill(0, 200)
      other.fill(1, 201, 3 * RECORD_BYTES)
      expect(firstByte(ring.take())).toBe(200)
      expect(ring.take()).toBeNull()
      const rest = ring.takeRest()
      expect([rest.length, firstByte(rest)]).toStrictEqual([(3 * RECORD_BYTES) / 4, 201])
    } finally {
      other.close()
      ring.close()
    }
  })

  test('[R31] tells the program its shape, its reader and when to observe', () => {
    const ring = createRing(12345)
    const other = program(ring)
    try {
      expect(other.read(RING_OFFSETS.magic)).toBe(RING_MAGIC)
      expect(other.read(RING_OFFSETS.chunkBytes)).toBe(CHUNK_BYTES)
      expect(other.read(RING_OFFSETS.chunkCount)).toBe(CHUNK_COUNT)
      expect(other.read(RING_OFFSETS.readerPid)).toBe(process.pid)
      expect(other.read(RING_OFFSETS.observeEvery)).toBe(12345)
      expect(other.read(RING_OFFSETS.readerStops)).toBe(0)
      ring.stop()
      expect(other.read(RING_OFFSETS.readerStops)).toBe(1)
    } finally {
      other.close()
      ring.close()
    }
  })

  test('[R31] leaves no file, not even while it is open', () => {
    const ring = createRing(0)
    const file = readlinkSync(ring.path)
    expect(file).toMatch(/reheap-\w+\/ring \(deleted\)$/)
    expect(existsSync(dirname(file))).toBe(false)
    ring.close()
  })
})

describe('both sides of the ring', () => {
  test('[R31] have the same opcodes', () => {
    const body = /enum \{\n([\s\S]*?)\n\};\n\nstruct record/.exec(HEADER)?.[1] ?? ''
    const names = [...body.matchAll(/\bOP_([A-Z_]+)/g)].map(([, name = '']) =>
      name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
    )
    expect(Object.keys(RECORD_OPS)).toStrictEqual(names)
    expect(Object.values(RECORD_OPS)).toStrictEqual(names.map((_, place) => place + 1))
  })

  test('[R31] have the same offsets', () => {
    const fields = /struct ring_header \{([\s\S]*?)\n\};/.exec(HEADER)?.[1] ?? ''
    const counts: Readonly<Record<string, number>> = { RING_CHUNKS_MAX: 512, CHILDREN_MAX }
    const offsets = new Map<string, number>()
    let offset = 0
    for (const [, type = '', names = ''] of fields.matchAll(/^\s+(uint\d+_t|struct child) ([^;]+);/gm)) {
      for (const declared of names.split(', ')) {
        const [, name = '', count = '1'] = /^(\w+)(?:\[(\w+)\])?$/.exec(declared) ?? []
        offsets.set(
          name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
          offset,
        )
        offset += (type === 'struct child' ? CHILD_BYTES : Number(/\d+/.exec(type)?.[0]) / 8) * (counts[count] ?? Number(count))
      }
    }
    expect(offset).toBe(RING_HEADER_BYTES)
    for (const [name, at] of Object.entries(RING_OFFSETS)) expect([name, offsets.get(name)]).toStrictEqual([name, at])
    expect(CHUNK_COUNT).toBeLessThanOrEqual(512)
    expect(HEADER).toContain(`#define CHILDREN_MAX ${CHILDREN_MAX}\n`)
  })
})
