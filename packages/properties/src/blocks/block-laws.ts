/** Laws of any allocator that gives out addresses: the least that a program counts on. */
import fc, { type Arbitrary } from 'fast-check'
import { type Finding, type Law, type LawOptions, report } from '../law.ts'
import { Fault } from '../same.ts'
import { fewestSteps } from '../step-shrinking.ts'
import { RECORDED_REQUESTS } from './recorded-requests.ts'

/** An allocator under test. */
export interface BlockAllocator {
  /** The address of a new block; null: there is no room. @units bytes */
  malloc(bytes: number): number | null
  free(address: number): void
}

/** What the laws need to know of an allocator. */
export interface BlockSubject {
  /** Names the laws. */
  readonly name: string
  /** A new allocator that has given out nothing. */
  create(): BlockAllocator
  /** Every address is a multiple of it; 1 if not given. */
  readonly alignmentBytes?: number
}

/** A request, and how many further ones are made until its block is freed; null: it stays. */
export interface BlockRequest {
  readonly bytes: number
  readonly lives: number | null
}

/** Requests of sizes and lifetimes as a real program has them, and of small ones, which fill what there is evenly. */
export const blockRequests: Arbitrary<readonly BlockRequest[]> = fc.array(
  fc.record({
    bytes: fc.oneof(fc.constantFrom(...RECORDED_REQUESTS.sizes), fc.integer({ min: 1, max: 64 })),
    lives: fc.option(fc.oneof(fc.constantFrom(...RECORDED_REQUESTS.lifetimes), fc.integer({ min: 0, max: 8 }))),
  }),
  { maxLength: 80, size: 'max' },
)

interface Block {
  readonly address: number
  readonly bytes: number
  readonly endsAt: number
}

/** Makes the requests, and frees each block when its time has come. @param onBlock told of each new one and of those that live */
function play(
  allocator: BlockAllocator,
  requests: readonly BlockRequest[],
  onBlock: (block: Block, live: readonly Block[], at: number) => void,
): void {
  let live: Block[] = []
  for (const [at, { bytes, lives }] of requests.entries()) {
    for (const { address } of live.filter(({ endsAt }) => endsAt <= at)) allocator.free(address)
    live = live.filter(({ endsAt }) => endsAt > at)
    const address = allocator.malloc(bytes)
    if (address === null) continue
    const block = { address, bytes, endsAt: lives === null ? Number.POSITIVE_INFINITY : at + 1 + lives }
    onBlock(block, live, at)
    live.push(block)
  }
  for (const { address } of live) allocator.free(address)
}

const span = ({ address, bytes }: Block): string => `${bytes} bytes at ${address}`

function blocksLieApart(subject: BlockSubject): (requests: readonly BlockRequest[]) => void {
  return (requests) =>
    play(subject.create(), requests, (block, live, at) => {
      const other = live.find(({ address, bytes }) => address < block.address + block.bytes && block.address < address + bytes)
      if (other !== undefined) throw new Fault(`${span(block)} overlap ${span(other)}, which live`, at)
    })
}

function blocksAreAligned({ create, alignmentBytes = 1 }: BlockSubject): (requests: readonly BlockRequest[]) => void {
  return (requests) =>
    play(create(), requests, (block, _, at) => {
      if (block.address % alignmentBytes !== 0) throw new Fault(`${span(block)}: no multiple of ${alignmentBytes}`, at)
    })
}

/** The largest power of two that an allocator still gives. */
function largest(allocator: BlockAllocator): number {
  for (let bytes = 2 ** 30; bytes >= 1; bytes /= 2) {
    const address = allocator.malloc(bytes)
    if (address === null) continue
    allocator.free(address)
    return bytes
  }
  return 0
}

function freedIsHadAgain({ create }: BlockSubject): (requests: readonly BlockRequest[]) => void {
  return (requests) => {
    const allocator = create()
    const before = largest(allocator)
    play(allocator, requests, () => {})
    const after = largest(allocator)
    if (after < before)
      throw new Fault(`everything is freed and ${after} bytes are the most that it gives, ${before} when it was new`, null)
  }
}

const inWords = ({ bytes, lives }: BlockRequest): string =>
  `malloc(${bytes}), ${lives === null ? 'freed at the end' : lives === 0 ? 'freed before the next request' : `freed ${lives} requests later`}`

function lawOf(subject: BlockSubject, name: string, says: string, holds: (requests: readonly BlockRequest[]) => void): Law {
  const law = `${subject.name}: ${name}`
  const faultOf = (requests: readonly BlockRequest[]): unknown => {
    try {
      holds(requests)
      return null
    } catch (fault) {
      return fault
    }
  }
  const find = ({ runs = 100, seed, path, log }: LawOptions = {}): Finding | null => {
    const requests = log === undefined ? blockRequests : fc.constant(log.map((line) => JSON.parse(line) as BlockRequest))
    const options = { numRuns: runs, ...(seed === undefined ? {} : { seed }), ...(path === undefined ? {} : { path }) }
    const tried = fc.check(fc.property(requests, holds), options)
    if (!tried.failed || tried.counterexample === null) return null
    const steps = fewestSteps(tried.counterexample[0], (fewer) => faultOf(fewer) !== null)
    const fault = faultOf(steps) ?? tried.errorInstance
    return {
      law,
      says,
      message: fault instanceof Error ? fault.message : String(fault),
      event: (fault instanceof Fault ? fault.event : null) ?? Math.max(0, steps.length - 1),
      seed: tried.seed,
      path: tried.counterexamplePath ?? '',
      run: tried.numRuns,
      shrinks: tried.numShrinks,
      steps: steps.map(inWords),
      beside: {},
      log: steps.map((step) => JSON.stringify(step)),
    }
  }
  const run = (options: LawOptions = {}): void => {
    const found = find(options)
    if (found !== null) throw new Error(report(found, options.folder ?? 'counterexamples'))
  }
  return { name: law, says, find, run }
}

/** What any program counts on, of an allocator of one's own. */
export const blockLaws = (subject: BlockSubject): readonly Law[] => [
  lawOf(subject, 'blocks lie apart', 'no two blocks that live have a byte in common', blocksLieApart(subject)),
  lawOf(subject, 'blocks are aligned', 'every address is a multiple of the alignment', blocksAreAligned(subject)),
  lawOf(
    subject,
    'what is freed is had again',
    'when everything is freed, as much can be had as in the beginning',
    freedIsHadAgain(subject),
  ),
]
