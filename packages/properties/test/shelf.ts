/**
 * A mechanism as small as can be, to try the laws on: a shelf that things of some bytes are put on
 * and taken from. It can be made with one flaw, each of which breaks one law.
 */
import {
  type Batch,
  type Columns,
  createKeeper,
  type Emit,
  type FactBatch,
  type Mechanism,
  reducerOf,
  type Sealed,
  type Wording,
} from '@reheap/kernel'
import fc from 'fast-check'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { Model, Program, Subject } from '../src/index.ts'

export type Asked =
  | { readonly kind: 'Put'; readonly thing: number; readonly bytes: number }
  | { readonly kind: 'Take'; readonly thing: number }
export type Said = { readonly kind: 'Stands' | 'Gone'; readonly thing: number; readonly bytes: number }

export const FLAWS = [
  'answers differently each time',
  'counts batches',
  'forgets where it was in a batch',
  'shares memory with the state that it came from',
  'writes before it rejects',
  'gives the wrong reason',
  'counts from its last thaw',
  'holds a thing twice',
  'says a byte too many',
  'writes thing and bytes the wrong way round',
  'returns fewer bytes than it gave',
  'never lets the last thing go',
] as const
export type Flaw = (typeof FLAWS)[number]

interface Shelf {
  /** Bytes of each thing; -1: not there. */
  bytes: Float64Array
  held: number
  batches: number
}

const PUT = 1
const TAKE = 2
const THINGS = 8
const REASONS = ['', 'Negative', 'Unknown', 'ThereAlready', 'NotThere']
const empty = (): Shelf => ({ bytes: new Float64Array(THINGS).fill(-1), held: 0, batches: 0 })

/** Why a request cannot be, by number; 0: it can. */
function reasonOf(shelf: Shelf, code: number, thing: number, bytes: number): number {
  if (code === PUT && bytes < 0) return 1
  if (thing >= THINGS) return 2
  return code === PUT ? (shelf.bytes[thing] >= 0 ? 3 : 0) : shelf.bytes[thing] >= 0 ? 0 : 4
}

interface Made {
  readonly mechanism: Mechanism<Shelf, number, number, string>
  readonly read: (state: Sealed<Shelf>) => Shelf
  readonly initial: () => Sealed<Shelf>
}

function mechanismWith(flaw: Flaw | null): Made {
  const keeper = createKeeper<Shelf>((shelf) => {
    if (flaw === 'shares memory with the state that it came from') return shelf
    return { ...shelf, bytes: shelf.bytes.slice(), batches: flaw === 'counts from its last thaw' ? 0 : shelf.batches }
  })
  let calls = 0
  const apply = (shelf: Shelf, { id, size, code, firstIndex }: Batch, row: number, emit: Emit): number => {
    const [thing, bytes] = [id[row], code[row] === PUT ? size[row] : shelf.bytes[id[row]]]
    const reason = reasonOf(shelf, code[row], thing, bytes)
    if (reason > 0 && flaw === 'writes before it rejects') shelf.held += 1
    if (reason > 0) return flaw === 'gives the wrong reason' ? 1 + (reason % 4) : reason
    const isKept = flaw === 'never lets the last thing go' && thing === THINGS - 1 && code[row] === TAKE
    if (!isKept) shelf.bytes[thing] = code[row] === PUT ? bytes : -1
    if (flaw === 'holds a thing twice' && thing === 3) shelf.bytes[4] = bytes
    if (!isKept) shelf.held += code[row] === PUT ? bytes : -bytes
    if (flaw === 'counts from its last thaw') shelf.batches += 1
    const lie = flaw === 'says a byte too many' && thing === 2 ? 1 : flaw === 'answers differently each time' ? calls++ % 2 : 0
    const short = flaw === 'returns fewer bytes than it gave' && code[row] === TAKE && bytes > 5 ? -1 : 0
    if (!isKept) emit.push(code[row], firstIndex + row, 0, thing, 0, bytes + lie + short, 0)
    return 0
  }
  return {
    read: keeper.read,
    initial: () => keeper.sealed(empty(), 0),
    mechanism: {
      thaw: keeper.thaw,
      seal: keeper.seal,
      explain: (reason) => REASONS[reason] ?? '',
      applyBatch: (draft, batch, from, to, emit) => {
        const shelf = keeper.own(draft)
        if (flaw === 'counts batches') shelf.batches += 1
        const end = flaw === 'forgets where it was in a batch' && from > 0 ? to - 1 : to
        for (let row = from; row < end; row++) {
          emit.reason = apply(shelf, batch, row, emit)
          if (emit.reason === 0) continue
          keeper.advance(draft, row - from)
          return row
        }
        keeper.advance(draft, to - from)
        return -1
      },
    },
  }
}

const wordingWith = (flaw: Flaw | null): Wording<number, number, Asked, Said> => ({
  write: (asked: Asked, rows: Columns) => {
    const bytes = asked.kind === 'Put' ? asked.bytes : 0
    const isSwapped = flaw === 'writes thing and bytes the wrong way round' && asked.kind === 'Put' && bytes < THINGS && bytes >= 0
    rows.push(
      asked.kind === 'Put' ? PUT : TAKE,
      rows.firstIndex + rows.length,
      0,
      isSwapped ? bytes : asked.thing,
      0,
      isSwapped ? asked.thing : bytes,
      0,
    )
  },
  read: (facts: FactBatch, row: number): Said => ({
    kind: facts.code[row] === PUT ? 'Stands' : 'Gone',
    thing: facts.id[row],
    bytes: facts.size[row],
  }),
})

class NaiveShelf implements Model<Asked, Said> {
  readonly things = new Map<number, number>()

  step(asked: Asked): Either<string, readonly Said[]> {
    if (asked.kind === 'Put' && asked.bytes < 0) return left('Negative')
    if (asked.thing >= THINGS) return left('Unknown')
    const bytes = this.things.get(asked.thing)
    if (asked.kind === 'Put') {
      if (bytes !== undefined) return left('ThereAlready')
      this.things.set(asked.thing, asked.bytes)
      return right([{ kind: 'Stands', thing: asked.thing, bytes: asked.bytes }])
    }
    if (bytes === undefined) return left('NotThere')
    this.things.delete(asked.thing)
    return right([{ kind: 'Gone', thing: asked.thing, bytes }])
  }

  figures(): unknown {
    return {
      things: [...this.things].sort(([a], [b]) => a - b),
      held: [...this.things.values()].reduce((sum, bytes) => sum + bytes, 0),
      batches: 0,
    }
  }
}

/** Whatever is asked for, only what can be is kept. */
const programs: fc.Arbitrary<Program<null, Asked>> = fc
  .array(fc.record({ thing: fc.nat(THINGS - 1), bytes: fc.integer({ min: 1, max: 9 }), puts: fc.boolean() }), {
    maxLength: 30,
    size: 'max',
  })
  .map((wishes) => {
    const model = new NaiveShelf()
    const requests = wishes.map(({ puts, thing, bytes }): Asked => (puts ? { kind: 'Put', thing, bytes } : { kind: 'Take', thing }))
    return { setting: null, requests: requests.filter((asked) => model.step(asked)._tag === 'Right') }
  })

function things(requests: readonly Asked[]): readonly number[] {
  const model = new NaiveShelf()
  for (const asked of requests) model.step(asked)
  return [...model.things.keys()]
}

/** The shelf as a subject of the laws. */
export function shelfSubject(flaw: Flaw | null = null): Subject<Shelf, null, Asked, Said> {
  const { mechanism, read, initial } = mechanismWith(flaw)
  const wording = wordingWith(flaw)
  const listed = (state: Sealed<Shelf>): (readonly [number, number])[] =>
    [...read(state).bytes].flatMap((bytes, thing) => (bytes < 0 ? [] : [[thing, bytes] as const]))
  return {
    name: flaw === null ? 'shelf' : `shelf that ${flaw}`,
    mechanism,
    wording,
    reducer: reducerOf(mechanism, wording, initial),
    initial,
    programs,
    impossible: () =>
      fc.oneof(
        fc.record({ kind: fc.constant('Put' as const), thing: fc.nat(THINGS), bytes: fc.integer({ min: -1, max: 3 }) }),
        fc.record({ kind: fc.constant('Take' as const), thing: fc.nat(THINGS) }),
      ),
    drain: ({ requests }) => things(requests).map((thing) => ({ kind: 'Take', thing })),
    probe: () => [],
    figures: (state) => ({ things: listed(state), held: read(state).held, batches: read(state).batches }),
    check: (state) => {
      const total = listed(state).reduce((sum, [, bytes]) => sum + bytes, 0)
      return total === read(state).held ? right(undefined) : left({ invariant: 'held', message: `${read(state).held} = ${total}` })
    },
    model: () => new NaiveShelf(),
    kindOf: String,
    flow: (said) => ({ bytes: said.reduce((sum, { kind, bytes }) => sum + (kind === 'Stands' ? bytes : -bytes), 0) }),
    held: (state) => ({ bytes: read(state).held }),
    leftover: (_, state) => (listed(state).length === 0 ? null : `${listed(state).length} things remain`),
    requestAt: (rows, row) =>
      rows.code[row] === PUT ? { kind: 'Put', thing: rows.id[row], bytes: rows.size[row] } : { kind: 'Take', thing: rows.id[row] },
    decode: (value) => right(value as Asked),
    logOf: ({ requests }) => requests.map((asked) => JSON.stringify(asked)),
    programOf: (lines) => ({ setting: null, requests: lines.map((line) => JSON.parse(line) as Asked) }),
  }
}
