import { type Columns, type FactBatch, NO_ID, NOT_GIVEN, type Wording } from '@reheap/kernel'
import { FACT_OPCODES, type Fact, type FactOpcode, REQUEST_OPCODES, type Request, type RequestOpcode } from './events.ts'
import { LAYOUT } from './layout.ts'

const FACT_NAMES = new Map<number, Fact['kind']>(Object.entries(FACT_OPCODES).map(([name, code]) => [code, name as Fact['kind']]))
const idOf = (id: number | null | undefined): number => id ?? NO_ID
const objectOf = (id: number): number | null => (id === NO_ID ? null : id)

/** Writes one request as a row. Names of types and names stay in the request. */
function write(request: Request, rows: Columns): void {
  const code = REQUEST_OPCODES[request.kind]
  const push = (tag: number, id: number, other = 0, size = 0, address = NOT_GIVEN): void =>
    rows.push(code, rows.firstIndex + rows.length, tag, id, other, size, address)
  switch (request.kind) {
    case 'DefineType':
      push(LAYOUT[request.layout], request.type)
      break
    case 'DefineName':
      push(0, request.name)
      break
    case 'CreateObject':
      push(request.items ?? 0, request.object, request.type, request.bytes, request.block ?? NOT_GIVEN)
      break
    case 'ResizeObject':
      push(0, request.object, 0, request.bytes)
      break
    case 'AddReference':
      push(0, request.to, idOf(request.from), request.name ?? NOT_GIVEN, request.slot ?? NOT_GIVEN)
      break
    case 'DropReference':
      push(0, request.to, idOf(request.from), 0, request.slot ?? NOT_GIVEN)
      break
    case 'BindName':
      push(0, request.object, request.scope, request.name)
      break
    case 'UnbindName':
      push(0, NO_ID, request.scope, request.name)
      break
    case 'EnterScope':
      push(0, request.scope, idOf(request.code))
      break
    case 'LeaveScope':
      push(0, request.scope)
      break
    case 'CreateWeakReference':
      push(request.callback ? 1 : 0, request.weak, request.object, request.code ?? NOT_GIVEN)
      break
    case 'SetFinalizer':
      push(0, request.object, idOf(request.resurrectsInto), request.code ?? NOT_GIVEN)
      break
    case 'SetCallback':
      push(0, request.weak, idOf(request.dropsFrom))
      break
    case 'TrackObject':
    case 'UntrackObject':
    case 'MakeImmortal':
    case 'ClearWeakReferences':
      push(0, request.object)
      break
  }
}

/** Reads one fact from its row. */
function read(facts: FactBatch<FactOpcode>, row: number): Fact {
  const kind = FACT_NAMES.get(facts.code[row]) as Fact['kind']
  const id = facts.id[row]
  const object = objectOf(id)
  const bytes = facts.size[row]
  const flag = facts.tag[row] === 1
  switch (kind) {
    case 'ObjectCreated':
      return { kind, object, bytes, isReused: flag }
    case 'BlockRequested':
    case 'BlockReleased':
      return { kind, object, bytes, beside: flag, block: Number.isNaN(facts.address[row]) ? null : facts.address[row] }
    case 'ObjectDied':
      return { kind, object, bytes }
    case 'FinalizerRan':
      return { kind, object: id, isResurrected: flag }
    case 'WeakReferenceCleared':
    case 'WeakReferenceCalled':
      return { kind, weak: id, object: facts.other[row] }
    case 'ObjectTracked':
    case 'ObjectUntracked':
      return { kind, object }
  }
}

/** The requests and facts of objects as tagged values. */
export const refcountWording: Wording<RequestOpcode, FactOpcode, Request, Fact> = { write, read }
