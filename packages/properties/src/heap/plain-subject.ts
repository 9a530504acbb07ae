import * as ours from '@reheap/cycle-gc'
import { type CollectorState, PLAIN_KINDS, PLAIN_OPCODES, PlainRequest, Request } from '@reheap/cycle-gc'
import { NO_ID } from '@reheap/kernel'
import type { Arbitrary } from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import type { Rows, Subject } from '../subject.ts'
import { collectorFigures } from './figures.ts'
import { type PlainProgram, plainDrain, plainImpossible, plainProbe, plainPrograms } from './plain-programs.ts'
import { type PlainAsked, type PlainSaid, PlainWitness } from './plain-witness.ts'
import { type HeapSetting, heapProfile, tinySettings } from './profiles.ts'
import { requestAt } from './request-row.ts'

const KINDS = new Map<number, PlainRequest['kind']>(
  Object.entries(PLAIN_OPCODES).map(([kind, code]) => [code, kind as PlainRequest['kind']]),
)
const orNull = (id: number): number | null => (id === NO_ID ? null : id)

/** A request of the plain heap, or of the collector, as its row says. */
function plainRequestAt(rows: Rows, row: number): PlainAsked {
  const id = rows.id[row] ?? NO_ID
  const other = rows.other[row] ?? NO_ID
  const tag = rows.tag[row] ?? 0
  switch (KINDS.get(rows.code[row] ?? 0)) {
    case 'MakeObject':
      return { kind: 'MakeObject', object: id, type: PLAIN_KINDS[tag] ?? 'atom' }
    case 'Hold':
      return { kind: 'Hold', from: orNull(other), to: id }
    case 'LetGo':
      return { kind: 'LetGo', from: orNull(other), to: id }
    case 'ReferWeakly':
      return { kind: 'ReferWeakly', weak: id, object: other, callback: tag === 1 }
    case 'GiveFinalizer':
      return { kind: 'GiveFinalizer', object: id, into: orNull(other) }
    default:
      return requestAt(rows, row) as Request
  }
}

/** Why a drained collector is not empty, or null. */
function leftover(state: Parameters<typeof ours.generationSizes>[0]): string | null {
  const tracked = ours.generationSizes(state).reduce((sum, size) => sum + size, 0)
  if (tracked > 0) return `${tracked} objects are still tracked`
  return ours.garbageRows(state).length > 0 ? 'gc.garbage is not empty' : null
}

/** A collector over the plain heap that it brings along, ready for the laws. @param programs tiny thresholds of every version if not given */
export function plainSubject(
  programs: Arbitrary<PlainProgram> = plainPrograms(tinySettings),
): Subject<CollectorState, HeapSetting, PlainAsked, PlainSaid> {
  return {
    name: 'collector',
    reducer: ours.collectorReducer as never,
    mechanism: ours.collectorMechanism as never,
    wording: ours.collectorWording as never,
    initial: (setting) => ours.emptyCollector(heapProfile(setting).collector),
    programs,
    impossible: plainImpossible,
    drain: plainDrain,
    probe: plainProbe,
    figures: (state) => ({ collector: collectorFigures(ours, state), garbage: ours.garbageRows(state) }),
    check: (state) => ours.checkFull(state),
    model: (setting) => new PlainWitness(heapProfile(setting)),
    kindOf: (reason) => (reason as { readonly kind: string }).kind,
    flow: (facts) => ({
      collected: facts.reduce((sum, fact) => sum + (fact.kind === 'CollectionFinished' && fact.isCounted ? fact.collected : 0), 0),
    }),
    held: (state) => ({ collected: ours.collectionStats(state).reduce((sum, { collected }) => sum + collected, 0) }),
    leftover: (_, state) => leftover(state),
    requestAt: plainRequestAt,
    decode: (value) => {
      const plain = PlainRequest.decode(value)
      return isRight(plain) ? plain : Request.decode(value)
    },
    logOf: ({ setting, requests }) => [setting, ...requests].map((line) => JSON.stringify(line)),
    programOf: ([setting = '{}', ...requests]) => ({
      setting: JSON.parse(setting) as HeapSetting,
      requests: requests.map((request) => JSON.parse(request) as PlainAsked),
    }),
  }
}
