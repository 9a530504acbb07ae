/** Streams of requests to the C library's heap, with the real answers, as `heap-stream.c` prints them. */
import {
  emptyHostMemory,
  FACT_OPCODES,
  hostMemoryMechanism,
  hostMemoryProfile,
  hostMemoryWording,
  processMemory,
} from '../../packages/host-memory/dist/index.js'
import { Emit, EventColumns } from '../../packages/kernel/dist/index.js'

export const HEAP_STREAM_KINDS = ['small', 'mixed', 'large', 'python', 'align', 'grow']

const REQUESTS = {
  m: ([block, bytes]) => ({ kind: 'LibraryMalloc', block, bytes }),
  c: ([block, bytes]) => ({ kind: 'LibraryCalloc', block, count: 1, elementBytes: bytes }),
  a: ([block, alignment, bytes]) => ({ kind: 'LibraryAlign', block, alignment, bytes }),
  r: ([block, newBlock, bytes]) => ({ kind: 'LibraryRealloc', block, newBlock, bytes }),
  f: ([block]) => ({ kind: 'LibraryFree', block }),
}

/** @returns each request with its line and the real answer, `ADDRESS HEAP-SIZE` */
export function parseHeapStream(text) {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const words = line.split(' ')
      const answer = words.splice(-2).join(' ')
      return { line, answer, request: REQUESTS[words[0]](words.slice(1).map(Number)) }
    })
}

/** Our answers, in the same words. */
export function heapAnswers(stream) {
  const profile = hostMemoryProfile('linux-x86_64')
  const draft = hostMemoryMechanism.thaw(emptyHostMemory(profile))
  const emit = new Emit()
  return stream.map(({ request }, at) => {
    const rows = new EventColumns(1, at)
    hostMemoryWording.write(request, rows)
    emit.clear()
    const rejected = hostMemoryMechanism.applyBatch(draft, rows, 0, 1, emit)
    if (rejected >= 0) return `rejected ${emit.reason}`
    const { heapBytes } = processMemory(draft, 0)
    return `${request.kind === 'LibraryFree' ? 0 : givenAddress(emit.facts, profile.breakStart, heapBytes)} ${heapBytes}`
  })
}

function givenAddress(facts, start, heapBytes) {
  for (let row = facts.length - 1; row >= 0; row--) {
    if (facts.code[row] !== FACT_OPCODES.ChunkGiven) continue
    const offset = facts.address[row] - start
    return offset >= 0 && offset < heapBytes ? offset : `M${facts.address[row] % 4096}`
  }
  return 'none'
}
