import { grown } from '@reheap/kernel'

/** Where a log's bytes go: a file, memory. Methods throw what the system throws. */
export interface ByteSink {
  /** What messages call it, such as the file's name. */
  readonly name: string
  /** Appends all of `bytes`, which the caller uses again afterwards. */
  write(bytes: Uint8Array): void
  /** Forgets what stands from byte `length` on. */
  cut(length: number): void
  close(): void
}

/** A sink in memory, and what has been written to it. */
export interface MemorySink extends ByteSink {
  bytes(): Uint8Array
}

/** Makes an empty {@link MemorySink}: a log without a file, as in a browser. */
export function memorySink(name = 'log'): MemorySink {
  let memory = new Uint8Array(4096)
  let length = 0
  return {
    name,
    write: (bytes) => {
      memory = grown(memory, length + bytes.length)
      memory.set(bytes, length)
      length += bytes.length
    },
    cut: (end) => {
      length = end
    },
    close: () => {},
    bytes: () => memory.slice(0, length),
  }
}
