import * as allocator from '@reheap/allocator'
import * as cycleGc from '@reheap/cycle-gc'
import * as deviceMemory from '@reheap/device-memory'
import * as hostMemory from '@reheap/host-memory'
import { ANY_LAYER_OPCODES, type EventContext } from '@reheap/kernel'
import * as refcount from '@reheap/refcount'
import type * as t from 'io-ts/lib/index.js'
import { Mark, Observe, Stack } from './any-layer.ts'
import { deviceForms } from './device-forms.ts'
import { type EventForm, form, withContext } from './event-form.ts'
import {
  idField,
  idOrNullField,
  listField,
  optionalField,
  optionalIdField,
  optionalSmallField,
  smallField,
  truthField,
  wholeField,
  wholeOrNullField,
  wordField,
} from './field.ts'
import { hostForms } from './host-forms.ts'

/** An event as a plain value: one line of JSON Lines. A later layer joins by adding its requests here and its forms below. */
export type LogEvent = (
  | allocator.Request
  | refcount.Request
  | cycleGc.Request
  | deviceMemory.Request
  | hostMemory.Request
  | t.TypeOf<typeof Mark>
  | t.TypeOf<typeof Stack>
  | t.TypeOf<typeof Observe>
) &
  t.TypeOf<typeof EventContext>

const observed = optionalField('address', 'address')
const block = idField('block', 'id')
const bytes = wholeField('bytes', 'size')
const domain = wordField('domain', allocator.DOMAINS)
const blockOrNull = idOrNullField('block', 'id')
const object = idField('object', 'id')
const scope = idField('scope', 'other')
const openScope = idField('scope', 'id')
const name = idField('name', 'size')
const fromTo = [idOrNullField('from', 'other'), idField('to', 'id'), optionalIdField('slot', 'address')]

function allocatorForms({ REQUEST_OPCODES: codes, ...codecs }: typeof allocator): readonly EventForm[] {
  const count = idField('count', 'other')
  const newBlock = idField('newBlock', 'other')
  const elementBytes = wholeField('elementBytes', 'size')
  const addressOrNull = wholeOrNullField('address', 'address')
  return [
    form('Malloc', codes.Malloc, [domain, block, bytes, observed], [], withContext(codecs.Malloc)),
    form('Calloc', codes.Calloc, [domain, block, count, elementBytes, observed], [], withContext(codecs.Calloc)),
    form('Realloc', codes.Realloc, [domain, blockOrNull, newBlock, bytes, observed], [], withContext(codecs.Realloc)),
    form('Free', codes.Free, [domain, blockOrNull], [], withContext(codecs.Free)),
    form('ArenaMapped', codes.ArenaMapped, [addressOrNull, bytes], [], withContext(codecs.ArenaMapped)),
    form('ArenaUnmapped', codes.ArenaUnmapped, [wholeField('address', 'address')], [], withContext(codecs.ArenaUnmapped)),
    form('ReleaseHeap', codes.ReleaseHeap, [], [], withContext(codecs.ReleaseHeap)),
  ]
}

function objectForms({ REQUEST_OPCODES: codes, LAYOUTS, ...codecs }: typeof refcount): readonly EventForm[] {
  const born = [object, idField('type', 'other'), bytes, optionalSmallField('items'), optionalIdField('block', 'address')]
  const code = optionalIdField('code', 'size')
  const weak = [idField('weak', 'id'), idField('object', 'other'), truthField('callback'), code]
  const finalizer = [object, idOrNullField('resurrectsInto', 'other'), code]
  return [
    form('DefineType', codes.DefineType, [idField('type', 'id'), wordField('layout', LAYOUTS)], ['name'], withContext(codecs.DefineType)),
    form('DefineName', codes.DefineName, [idField('name', 'id')], ['text'], withContext(codecs.DefineName)),
    form('CreateObject', codes.CreateObject, born, [], withContext(codecs.CreateObject)),
    form('ResizeObject', codes.ResizeObject, [object, bytes], [], withContext(codecs.ResizeObject)),
    form('AddReference', codes.AddReference, [...fromTo, optionalIdField('name', 'size')], [], withContext(codecs.AddReference)),
    form('DropReference', codes.DropReference, fromTo, [], withContext(codecs.DropReference)),
    form('BindName', codes.BindName, [scope, name, object], [], withContext(codecs.BindName)),
    form('UnbindName', codes.UnbindName, [scope, name], [], withContext(codecs.UnbindName)),
    form('EnterScope', codes.EnterScope, [openScope, optionalIdField('code', 'other')], [], withContext(codecs.EnterScope)),
    form('LeaveScope', codes.LeaveScope, [openScope], [], withContext(codecs.LeaveScope)),
    form('CreateWeakReference', codes.CreateWeakReference, weak, [], withContext(codecs.CreateWeakReference)),
    form('SetFinalizer', codes.SetFinalizer, finalizer, [], withContext(codecs.SetFinalizer)),
    form('TrackObject', codes.TrackObject, [object], [], withContext(codecs.TrackObject)),
    form('UntrackObject', codes.UntrackObject, [object], [], withContext(codecs.UntrackObject)),
    form('MakeImmortal', codes.MakeImmortal, [object], [], withContext(codecs.MakeImmortal)),
    form(
      'SetCallback',
      codes.SetCallback,
      [idField('weak', 'id'), idOrNullField('dropsFrom', 'other')],
      [],
      withContext(codecs.SetCallback),
    ),
    form('ClearWeakReferences', codes.ClearWeakReferences, [object], [], withContext(codecs.ClearWeakReferences)),
  ]
}

function collectorForms({ REQUEST_OPCODES: codes, ...codecs }: typeof cycleGc): readonly EventForm[] {
  const thresholds = listField('thresholds', ['id', 'other', 'size'])
  return [
    form('Collect', codes.Collect, [smallField('generation', 2)], [], withContext(codecs.Collect)),
    form('SetThresholds', codes.SetThresholds, [thresholds], [], withContext(codecs.SetThresholds)),
    form('EnableCollector', codes.EnableCollector, [], [], withContext(codecs.EnableCollector)),
    form('DisableCollector', codes.DisableCollector, [], [], withContext(codecs.DisableCollector)),
    form('FreezeObjects', codes.FreezeObjects, [], [], withContext(codecs.FreezeObjects)),
    form('UnfreezeObjects', codes.UnfreezeObjects, [], [], withContext(codecs.UnfreezeObjects)),
    form('SetSaveAll', codes.SetSaveAll, [truthField('saveAll')], [], withContext(codecs.SetSaveAll)),
    form('ClearGarbage', codes.ClearGarbage, [], [], withContext(codecs.ClearGarbage)),
    form('SetCallbacks', codes.SetCallbacks, [idField('callbacks', 'id')], [], withContext(codecs.SetCallbacks)),
    form('CheckEvalBreaker', codes.CheckEvalBreaker, [], [], withContext(codecs.CheckEvalBreaker)),
    form('ReleaseEarlierObject', codes.ReleaseEarlierObject, [truthField('tracked')], [], withContext(codecs.ReleaseEarlierObject)),
  ]
}

/** Every kind of event that this version reads and writes. The columns are those of the packages' opcode tables. */
export const EVENT_FORMS: readonly EventForm[] = [
  ...allocatorForms(allocator),
  ...objectForms(refcount),
  ...collectorForms(cycleGc),
  ...deviceForms(deviceMemory),
  ...hostForms(hostMemory),
  form('Mark', ANY_LAYER_OPCODES.Mark, [], ['label'], withContext(Mark)),
  form('Stack', ANY_LAYER_OPCODES.Stack, [], ['stack', 'frames'], withContext(Stack)),
  form('Observe', ANY_LAYER_OPCODES.Observe, [], ['of', 'values'], withContext(Observe)),
]

/** The form of each opcode; undefined where no kind has it. */
export const FORM_BY_OPCODE: readonly (EventForm | undefined)[] = Array.from({ length: 256 }, (_, opcode) =>
  EVENT_FORMS.find((candidate) => candidate.opcode === opcode),
)

/** The form of each kind. */
export const FORM_BY_KIND: ReadonlyMap<string, EventForm> = new Map(EVENT_FORMS.map((candidate) => [candidate.kind, candidate]))
