import { accessSync, closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CHILD_BYTES, CHILDREN_MAX, CHUNK_BYTES, CHUNK_COUNT, RING_HEADER_BYTES, RING_MAGIC, RING_OFFSETS } from './ring-layout.ts'

/** The reader's side of the ring. Chunks come in order, each once. */
export interface Ring {
  /** Where the program opens it. */
  readonly path: string
  /** The next full chunk as words, or null: the program has not filled one. Valid until the next call. */
  take(): Uint32Array | null
  /** What stands in the chunk that the program was filling when it ended. */
  takeRest(): Uint32Array
  /** Tells the program to stop recording and go on. */
  stop(): void
  /** Tells the program, which waits, that so many samples are taken. */
  sampled(samples: number): void
  /** Process that recorded, 0 if none did. */
  recordedPid(): number
  /** Index in `STOP_REASONS`. */
  stopReason(): number
  /** Forks of the program that go on as it does; counted where its children are recorded. */
  forks(): number
  /** A process that the recorded one started and that asks to be recorded; null: none. */
  childAsking(): number | null
  /** Answers it. @param ring the descriptor of a ring for it; null: it is not recorded */
  answerChild(ring: number | null): void
  readonly descriptor: number
  close(): void
}

/** Descriptor of no ring, as the program reads it. */
const NO_RING = 0xffff_ffff

/** A file of the ring's full size, whose memory is reserved: the program must never meet a full disk in it. */
function reservedFile(bytes: number): number {
  const zeros = Buffer.alloc(1 << 20)
  let failure: unknown
  for (const folder of ['/dev/shm', tmpdir()]) {
    let fd = -1
    try {
      accessSync(folder, constants.W_OK)
      const own = mkdtempSync(join(folder, 'reheap-'))
      try {
        fd = openSync(join(own, 'ring'), 'wx+', 0o600)
      } finally {
        // The program reaches it as /proc/PID/fd/N: no name is left behind, however this process ends.
        rmSync(own, { recursive: true })
      }
      for (let at = 0; at < bytes; at += zeros.length) writeSync(fd, zeros, 0, Math.min(zeros.length, bytes - at), at)
      return fd
    } catch (error) {
      if (fd >= 0) closeSync(fd)
      failure = error
    }
  }
  throw failure
}

/** Makes an empty ring. @throws the system's error if there is no room for it in shared memory or on disk */
export function createRing(observeEvery: number, sampleEvery = 0, followsChildren = false): Ring {
  const fd = reservedFile(RING_HEADER_BYTES + CHUNK_BYTES * CHUNK_COUNT)
  const header = new DataView(new ArrayBuffer(36))
  header.setUint32(RING_OFFSETS.magic, RING_MAGIC, true)
  header.setUint32(RING_OFFSETS.chunkBytes, CHUNK_BYTES, true)
  header.setUint32(RING_OFFSETS.chunkCount, CHUNK_COUNT, true)
  header.setUint32(RING_OFFSETS.readerPid, process.pid, true)
  header.setBigUint64(RING_OFFSETS.observeEvery, BigInt(observeEvery), true)
  header.setBigUint64(RING_OFFSETS.sampleEvery, BigInt(sampleEvery), true)
  header.setUint32(RING_OFFSETS.followsChildren, followsChildren ? 1 : 0, true)
  writeSync(fd, new Uint8Array(header.buffer), 0, 36, 0)

  const chunk = new Uint32Array(CHUNK_BYTES / 4)
  const word = new Uint32Array(1)
  const flag = new Uint8Array(1)
  let next = 0
  const readWord = (offset: number): number => {
    readSync(fd, word, 0, 4, offset)
    return word[0] ?? 0
  }
  const readChunk = (bytes: number): Uint32Array => {
    readSync(fd, chunk, 0, bytes, RING_HEADER_BYTES + next * CHUNK_BYTES)
    return chunk.subarray(0, bytes / 4)
  }
  const isFull = (): boolean => {
    readSync(fd, flag, 0, 1, RING_OFFSETS.full + next)
    return flag[0] === 1
  }
  let answered = 0
  return {
    descriptor: fd,
    path: `/proc/${process.pid}/fd/${fd}`,
    childAsking: () => {
      if (answered === Math.min(readWord(RING_OFFSETS.children), CHILDREN_MAX)) return null
      const pid = readWord(RING_OFFSETS.child + answered * CHILD_BYTES)
      return pid === 0 ? null : pid
    },
    answerChild: (ring) => {
      word[0] = ring ?? NO_RING
      writeSync(fd, word, 0, 4, RING_OFFSETS.child + answered++ * CHILD_BYTES + 4)
    },
    take: () => {
      if (!isFull()) return null
      // Less than a whole chunk where the program waits for a sample.
      const records = readChunk(Math.min(readWord(RING_OFFSETS.used + next * 4), CHUNK_BYTES))
      // Emptied before it is handed back: a program killed on entering it leaves no old records to be read again.
      word[0] = 0
      writeSync(fd, word, 0, 4, RING_OFFSETS.used + next * 4)
      flag[0] = 0
      writeSync(fd, flag, 0, 1, RING_OFFSETS.full + next)
      next = (next + 1) % CHUNK_COUNT
      return records
    },
    takeRest: () => readChunk(Math.min(readWord(RING_OFFSETS.used + next * 4), CHUNK_BYTES)),
    stop: () => {
      word[0] = 1
      writeSync(fd, word, 0, 4, RING_OFFSETS.readerStops)
    },
    sampled: (samples) => {
      word[0] = samples
      writeSync(fd, word, 0, 4, RING_OFFSETS.samplesTaken)
    },
    recordedPid: () => readWord(RING_OFFSETS.recordedPid),
    stopReason: () => readWord(RING_OFFSETS.stopped),
    forks: () => readWord(RING_OFFSETS.forks),
    close: () => closeSync(fd),
  }
}
