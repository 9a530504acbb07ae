import { type Columns, type FactBatch, NO_ID, NOT_GIVEN, type Wording } from '@reheap/kernel'
import {
  COLLECTION_REASONS,
  type CollectionReason,
  FACT_OPCODES,
  type Fact,
  type FactOpcode,
  REQUEST_OPCODES,
  type Request,
  type RequestOpcode,
} from './events.ts'
import { PLAIN_FACT_OPCODES, PLAIN_KINDS, PLAIN_OPCODES, type PlainFact, type PlainOpcode, type PlainRequest } from './plain-events.ts'

type AnyFact = Fact | PlainFact
const FACT_NAMES = new Map<number, AnyFact['kind']>(
  Object.entries({ ...FACT_OPCODES, ...PLAIN_FACT_OPCODES }).map(([name, code]) => [code, name as AnyFact['kind']]),
)
const CODES = { ...REQUEST_OPCODES, ...PLAIN_OPCODES }
const NO_GENERATION_TAG = 0xff
const idOf = (object: number | null): number => object ?? NO_ID

/** Operands of a request: tag, id, other, size. */
function operandsOf(request: Request | PlainRequest): readonly [number, number, number, number] {
  switch (request.kind) {
    case 'Collect':
      return [request.generation, NO_ID, 0, 0]
    case 'SetThresholds':
      return [0, ...request.thresholds]
    case 'SetSaveAll':
      return [request.saveAll ? 1 : 0, NO_ID, 0, 0]
    case 'ReleaseEarlierObject':
      return [request.tracked ? 1 : 0, NO_ID, 0, 0]
    case 'SetCallbacks':
      return [0, request.callbacks, 0, 0]
    case 'MakeObject':
      return [PLAIN_KINDS.indexOf(request.type), request.object, 0, request.bytes ?? NOT_GIVEN]
    case 'Hold':
    case 'LetGo':
      return [0, request.to, idOf(request.from), 0]
    case 'FixCount':
      return [0, request.object, NO_ID, 0]
    case 'ReferWeakly':
      return [request.callback ? 1 : 0, request.weak, request.object, 0]
    case 'GiveFinalizer':
      return [0, request.object, idOf(request.into), 0]
    default:
      return [0, NO_ID, 0, 0]
  }
}

/** Writes one request as a row. */
function write(request: Request | PlainRequest, rows: Columns): void {
  const [tag, id, other, size] = operandsOf(request)
  rows.push(CODES[request.kind], rows.firstIndex + rows.length, tag, id, other, size, 0)
}

/** Reads one fact from its row. */
function read(facts: FactBatch<FactOpcode>, row: number): AnyFact {
  const kind = FACT_NAMES.get(facts.code[row]) as AnyFact['kind']
  const tag = facts.tag[row]
  const id = facts.id[row]
  const other = facts.other[row]
  const size = facts.size[row]
  switch (kind) {
    case 'CollectionDue':
      return { kind, generation: tag === NO_GENERATION_TAG ? null : tag, counts: [id, other, size] }
    case 'FullCollectionDeferred':
      return { kind, longLivedPending: id, longLivedTotal: other }
    case 'CollectionStarted':
      return { kind, generation: tag, reason: COLLECTION_REASONS[id] as CollectionReason, young: size, count0: other }
    case 'CollectionFinished':
      return { kind, generation: tag, collected: id, uncollectable: other, visited: size, isCounted: facts.address[row] === 1 }
    case 'GarbageFound':
    case 'GarbageKept':
      return { kind, object: id === NO_ID ? null : id }
    case 'CalledBack':
    case 'WeaklyCleared':
      return { kind, weak: id }
    case 'ObjectFreed':
    case 'Finalized':
      return { kind, object: id }
  }
}

/** The collector's requests and facts, and those of its plain heap, as tagged values. */
export const collectorWording: Wording<RequestOpcode | PlainOpcode, FactOpcode, Request | PlainRequest, AnyFact> = { write, read }
