/** Streams of requests to the C library's heap, with the real answers, as `heap-stream.c` prints them. */

export const HEAP_STREAM_KINDS = ['small', 'mixed', 'large', 'python', 'align', 'grow', 'edge', 'unsorted']

const REQUESTS = {
  m: ([block, bytes]) => ({ kind: 'LibraryMalloc', block, bytes }),
  c: ([block, bytes]) => ({ kind: 'LibraryCalloc', block, count: 1, elementBytes: bytes }),
  a: ([block, alignment, bytes]) => ({ kind: 'LibraryAlign', block, alignment, bytes }),
  r: ([block, newBlock, bytes]) => ({ kind: 'LibraryRealloc', block, newBlock, bytes }),
  f: ([block]) => ({ kind: 'LibraryFree', block }),
}
/** The program writes large blocks nowhere. */
const OPENED = {
  kind: 'HostOpened',
  ramBytes: 2 ** 36,
  swapBytes: 0,
  pageBytes: 4096,
  romBytes: 0,
  systemBytes: 0,
  cacheBytes: 0,
  touches: 'recorded',
}

/** @returns each line with its request, null where figures were asked for, and the real answer */
export function parseHeapStream(text) {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const words = line.split(' ')
      if (words[0] === 'i') return { line, answer: words.slice(1).join(' '), request: null }
      const answer = words.splice(-2).join(' ')
      return { line, answer, request: REQUESTS[words[0]](words.slice(1).map(Number)) }
    })
}

/**
 * Our answers, in the same words.
 * @param host the package `host-memory`, @param kernel the package `kernel`
 * @param after is called with the draft after each line
 */
export function heapAnswers(host, kernel, stream, after = () => {}) {
  const profile = host.hostMemoryProfile('linux-x86_64')
  const draft = host.hostMemoryMechanism.thaw(host.emptyHostMemory(profile))
  const emit = new kernel.Emit()
  const ask = (request) => {
    const rows = new kernel.EventColumns(1)
    host.hostMemoryWording.write(request, rows)
    emit.clear()
    return host.hostMemoryMechanism.applyBatch(draft, rows, 0, 1, emit) < 0
  }
  const answer = (request) => {
    if (request === null) return figures(host, draft, profile)
    if (!ask(request)) return `rejected ${emit.reason}`
    const { heapBytes } = host.processMemory(draft, 0)
    return `${request.kind === 'LibraryFree' ? 0 : given(host, emit.facts, profile.breakStart, heapBytes)} ${heapBytes}`
  }
  ask(OPENED)
  return stream.map(({ request }) => {
    const ours = answer(request)
    after(draft)
    return ours
  })
}

function figures(host, draft, { breakStart }) {
  const { arena, ordblks, smblks, hblks, hblkhd, fsmblks, uordblks, fordblks, keepcost } = host.mallinfo(draft, 0)
  const resident = host.areaAt(draft, 0, breakStart)?.residentBytes ?? 0
  return [arena, ordblks, smblks, hblks, hblkhd, fsmblks, uordblks, fordblks, keepcost, resident].join(' ')
}

/** Where the block lies that the request gave; 0: it gave none. */
function given(host, facts, start, heapBytes) {
  for (let row = facts.length - 1; row >= 0; row--) {
    if (facts.code[row] !== host.FACT_OPCODES.ChunkGiven) continue
    const offset = facts.address[row] - start
    return offset >= 0 && offset < heapBytes ? offset : `M${facts.address[row] % 4096}`
  }
  return 0
}

/** Sections of a text, each below a line `# TITLE`. */
export function sectionsOf(text) {
  return text
    .split(/^# /m)
    .slice(1)
    .map((section) => {
      const end = section.indexOf('\n')
      return { title: section.slice(0, end), text: section.slice(end + 1) }
    })
}
