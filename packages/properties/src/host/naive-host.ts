import type { Fact, HostMemoryProfile, Request } from '@reheap/host-memory'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { Model } from '../model.ts'
import { type HostFigures, naiveFigures } from './naive-figures.ts'
import { type LibraryRequest, watchLibrary } from './naive-library.ts'
import { powerOff, powerOn, touchPages, type Use } from './naive-paging.ts'
import { rejectionOf } from './naive-rejection.ts'
import { mapPages, releasePages, resizeMapping, unmapPages } from './naive-space.ts'
import {
  type Chunk,
  cellsOf,
  endProcess,
  freePages,
  isAlive,
  lifeOf,
  NaiveHost,
  type NaiveMapping,
  openHost,
  pagesOf,
  startProcess,
} from './naive-state.ts'

/** How pages are used by each kind of request. */
const USES = { TouchPages: 'write', TouchBlock: 'write', ReadPages: 'read', CopyPages: 'copy' } as const satisfies Record<string, Use>

/**
 * A host, obviously right: a note for every page of every address space, all figures counted anew, places searched page by page. It shares
 * no code with the package.
 *
 * It foretells what the system answers. The C library is watched: it says what it gave and what it asked for, and that must be possible.
 * Once pages of processes have to make room, which of them are in RAM is not foretold any more; address spaces, blocks and who lives are.
 * Advice for huge pages changes nothing: the host must be smaller than one of them.
 */
export class NaiveHostMemory implements Model<Request, Fact> {
  readonly #host: NaiveHost

  constructor(profile: HostMemoryProfile) {
    this.#host = new NaiveHost(profile)
  }

  /** Left: the kind of rejection. @throws if the facts that were witnessed are not those that it foretells, or cannot be */
  step(request: Request, witnessed: readonly Fact[] = []): Either<string, readonly Fact[]> {
    const h = this.#host
    const rejection = rejectionOf(h, request)
    if (rejection !== null) return left(rejection)
    h.facts = []
    const process = processOf(request)
    const isPassedOver = process !== null && !isAlive(h, process)
    if (!isPassedOver && isOfLibrary(request)) watchLibrary(h, request, witnessed)
    else {
      const lived = new Set([...h.lives.keys()].filter((each) => isAlive(h, each)))
      if (!isPassedOver) apply(h, process ?? 0, request)
      compare(h, request, witnessed)
      if (h.isPressed) believeKills(h, witnessed, lived)
    }
    return right(witnessed)
  }

  /** Sizes of address spaces and places of mappings; pages too, as long as none had to make room. */
  figures(): HostFigures {
    return naiveFigures(this.#host)
  }
}

/** The process that a request needs alive; null: none. */
function processOf(request: Request): number | null {
  switch (request.kind) {
    case 'HostOpened':
    case 'StartProcess':
    case 'ReadFile':
    case 'PowerOff':
    case 'PowerOn':
      return null
  }
  return request.process ?? 0
}

const isOfLibrary = (request: Request): request is LibraryRequest => request.kind.startsWith('Library')

function apply(h: NaiveHost, process: number, request: Request): void {
  const { pageBytes } = h.profile
  const pagesIn = (bytes: number): number => Math.ceil(bytes / pageBytes)
  switch (request.kind) {
    case 'HostOpened':
      openHost(h, request)
      h.isOpen = true
      break
    case 'StartProcess':
      startProcess(h, request.process)
      break
    case 'EndProcess':
      endProcess(h, process, 'ended')
      break
    case 'ReadFile':
      h.cache += Math.min(pagesIn(request.bytes), freePages(h))
      break
    case 'PowerOff':
      powerOff(h)
      break
    case 'PowerOn':
      powerOn(h)
      break
    case 'MapMemory': {
      const object = request.backing === 'file' || request.backing === 'shared' ? h.objects++ : null
      mapAs(h, process, request, { backing: request.backing, object })
      break
    }
    case 'MapShared': {
      const of = h.mappings.get(request.of) as NaiveMapping
      const cell = cellsOf(h, of.process).get(of.start)
      if (cell !== undefined) mapAs(h, process, request, cell)
      break
    }
    case 'RemapMemory':
      resizeMapping(h, request.mapping, pagesIn(request.bytes), request.address === undefined ? undefined : request.address / pageBytes)
      break
    case 'UnmapMemory': {
      const mapping = h.mappings.get(request.mapping) as NaiveMapping
      unmapPages(h, process, mapping.start + request.from / pageBytes, pagesIn(request.bytes))
      const isLeft = Array.from({ length: mapping.pages }, (_, page) => mapping.start + page).some((page) => cellsOf(h, process).has(page))
      if (!isLeft) h.mappings.delete(request.mapping)
      break
    }
    case 'ReleasePages': {
      const { start } = h.mappings.get(request.mapping) as NaiveMapping
      releasePages(h, process, start + request.from / pageBytes, pagesIn(request.bytes))
      break
    }
    case 'TouchPages':
    case 'ReadPages':
    case 'CopyPages': {
      const { start } = h.mappings.get(request.mapping) as NaiveMapping
      touchPages(h, process, pagesOf(h, start * pageBytes + request.from, request.bytes), USES[request.kind])
      break
    }
    case 'TouchBlock': {
      const { address } = lifeOf(h, process).chunks.get(request.block) as Chunk
      if (request.bytes > 0) touchPages(h, process, pagesOf(h, address + request.from, request.bytes), USES[request.kind])
    }
  }
}

type Mapped = Extract<Request, { readonly kind: 'MapMemory' | 'MapShared' }>

function mapAs(h: NaiveHost, process: number, { mapping, bytes, address }: Mapped, shown: Parameters<typeof mapPages>[3]): void {
  const { pageBytes } = h.profile
  const pages = Math.ceil(bytes / pageBytes)
  const start = mapPages(h, process, pages, shown, address === undefined ? undefined : address / pageBytes)
  h.mappings.set(mapping, { process, start, pages })
}

/** @throws if other facts were witnessed than were foretold */
function compare(h: NaiveHost, request: Request, witnessed: readonly Fact[]): void {
  const [ours, theirs] = [h.facts, witnessed].map((facts) => facts.flatMap((fact) => foretold(h, fact)).join(', ')) as [string, string]
  if (ours !== theirs) throw new Error(`facts of ${JSON.stringify(request)}: ${theirs}, expected ${ours}`)
}

/** What of a fact can be foretold, in short. */
function foretold(h: NaiveHost, fact: Fact): readonly string[] {
  if (!h.isPressed) return [JSON.stringify(fact)]
  if (fact.kind.startsWith('Area')) return [JSON.stringify(fact)]
  return fact.kind === 'ProcessEnded' ? [`process ${fact.process} ended`] : []
}

/** Who is killed depends on pages that are not foretold. */
function believeKills(h: NaiveHost, witnessed: readonly Fact[], lived: ReadonlySet<number>): void {
  for (const fact of witnessed) {
    if (fact.kind !== 'ProcessKilled') continue
    if (!lived.has(fact.process)) throw new Error(`process ${fact.process} is killed, and was not alive`)
    if (isAlive(h, fact.process)) endProcess(h, fact.process, 'killed')
  }
}
