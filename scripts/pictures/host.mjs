import { emptyHostMemory, hostMemoryProfile, hostMemoryReducer, processMemory } from '../../packages/host-memory/dist/index.js'
import { formatBytes } from '../../packages/kernel/dist/index.js'
import { COLOURS, Picture } from './svg.mjs'

const KIB = 1024
const BYTES_PER_PIXEL = 16 * KIB

const PROGRAM = [
  [
    'malloc(100 KiB), written',
    [
      { kind: 'LibraryMalloc', block: 1, bytes: 100 * KIB },
      { kind: 'TouchBlock', block: 1, from: 0, bytes: 100 * KIB },
    ],
  ],
  ['calloc(4 MiB)', [{ kind: 'LibraryCalloc', block: 2, count: 4, elementBytes: 1024 * KIB }]],
  ['half of it written', [{ kind: 'TouchBlock', block: 2, from: 0, bytes: 2048 * KIB }]],
  ['free(100 KiB)', [{ kind: 'LibraryFree', block: 1 }]],
  ['free(4 MiB)', [{ kind: 'LibraryFree', block: 2 }]],
]

/** What a process has mapped and what of it is in RAM, call by call. */
export function hostPicture() {
  let host = emptyHostMemory(hostMemoryProfile('linux-x86_64'))
  const picture = new Picture()
  PROGRAM.forEach(([words, requests], step) => {
    for (const request of requests) {
      const answer = hostMemoryReducer.step(host, request)
      if (answer._tag === 'Left') throw new Error(answer.left.reason.message)
      host = answer.right.state
    }
    const { vmsBytes, rssBytes } = processMemory(host, 0)
    const y = 8 + step * 34
    picture.text(0, y + 14, words)
    picture.rect(200, y, vmsBytes / BYTES_PER_PIXEL, 22, COLOURS.free)
    picture.rect(200, y, rssBytes / BYTES_PER_PIXEL, 22, COLOURS.live)
    picture.text(480, y + 14, `${formatBytes(rssBytes)} of ${formatBytes(vmsBytes)}`)
  })
  return picture.toString('Mapped and resident size of a process after each call of the C library')
}
