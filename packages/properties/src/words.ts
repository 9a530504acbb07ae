/** Requests as people say them. `{field}` is a field of the request; a part in [brackets] stands only where all its fields are given. */
const SENTENCES: Readonly<Record<string, string>> = {
  Malloc: 'malloc({bytes}) gives block {block} ({domain})[ at {address}]',
  Calloc: 'calloc({count}, {elementBytes}) gives block {block} ({domain})[ at {address}]',
  Realloc: 'realloc(block {block}, {bytes}) gives block {newBlock} ({domain})[ at {address}]',
  Free: 'free(block {block}) ({domain})',
  ArenaMapped: 'the system maps {bytes} bytes at {address}',
  ArenaUnmapped: 'the system unmaps the memory at {address}',
  ReleaseHeap: 'the interpreter of the heap ends',
  DefineType: 'type {type} is {name}, laid out as {layout}',
  CreateObject: 'object {object} of type {type} is made, {bytes} bytes[ and {items} items]',
  ResizeObject: 'object {object} takes {bytes} bytes',
  AddReference: '{holder} refers to object {to}[ at slot {slot}][, its name {name}]',
  DropReference: '{holder} lets go of object {to}[ at slot {slot}]',
  BindName: 'name {name} of scope {scope} is bound to object {object}',
  UnbindName: 'name {name} of scope {scope} is unbound',
  EnterScope: 'scope {scope} is entered',
  LeaveScope: 'scope {scope} is left',
  CreateWeakReference: 'object {weak} is a weak reference to object {object}',
  SetFinalizer: 'object {object} has a finalizer[, which stores it in object {resurrectsInto}]',
  TrackObject: 'the collector tracks object {object}',
  UntrackObject: 'the collector no longer tracks object {object}',
  MakeImmortal: 'object {object} becomes immortal',
  SetCallback: 'the function of weak reference {weak} takes it out of [object {dropsFrom}]',
  ClearWeakReferences: 'the weak references to object {object} are cleared and called',
  Collect: 'gc.collect({generation})',
  SetThresholds: 'gc.set_threshold({thresholds})',
  MakeObject: 'object {object} is made, of kind {type}',
  Hold: '{holder} holds object {to}',
  LetGo: '{holder} lets go of object {to}',
  DeviceOpened: 'device {device} has {capacityBytes} bytes, {contextBytes} of them taken',
  DeviceMalloc: '{bytes} bytes for block {block} on stream {stream}[ at {address}]',
  DeviceFree: 'block {block} of the device is freed',
  RecordStream: 'block {block} is used on stream {stream} too',
  CompleteStreamEvents: 'stream {stream} has done its work',
  EmptyCache: 'empty_cache()',
  Configure: 'settings: {settings}',
  SetMemoryFraction: 'a process may have {fraction} of the device',
  BeginPool: 'memory comes from pool {pool} for stream {stream}',
  EndPool: 'memory comes from pool {pool} no more',
  ReleasePool: 'pool {pool} is released',
  StartProcess: 'process {process} starts',
  EndProcess: 'process {process} ends',
  MapMemory: 'mmap of {bytes} bytes, {backing}, as mapping {mapping}[ of process {process}][ at {address}]',
  MapShared: 'mapping {mapping} shows {bytes} bytes of mapping {of}[ to process {process}]',
  UnmapMemory: 'munmap of {bytes} bytes of mapping {mapping} from {from} on[ by process {process}]',
  RemapMemory: 'mremap of mapping {mapping} to {bytes} bytes[ by process {process}]',
  TouchPages: 'writes to {bytes} bytes of mapping {mapping} from {from} on[ by process {process}]',
  ReadPages: 'reads {bytes} bytes of mapping {mapping} from {from} on[ by process {process}]',
  CopyPages: 'writes to a private copy of {bytes} bytes of mapping {mapping} from {from} on[ by process {process}]',
  ReleasePages: 'madvise gives back {bytes} bytes of mapping {mapping} from {from} on[ by process {process}]',
  ReadFile: '{bytes} bytes of a file are read',
  LibraryMalloc: 'the C library gives {bytes} bytes as block {block}[ to process {process}]',
  LibraryFree: 'the C library takes block {block} back[ from process {process}]',
}

/** A request in words: `malloc(16) gives block 1 (obj)`. One that has no words of its own is told by its fields. */
export function inWords(request: unknown): string {
  const fields = request as Readonly<Record<string, unknown>>
  const kind = typeof fields.kind === 'string' ? fields.kind : 'step'
  const sentence = SENTENCES[kind]
  if (sentence === undefined) return byFields(kind, fields)
  const isGiven = (part: string): boolean => [...part.matchAll(/\{(\w+)\}/g)].every(([, name = '']) => (fields[name] ?? null) !== null)
  const whole = sentence.replaceAll(/\[([^\]]*)\]/g, (_, part: string) => (isGiven(part) ? part : ''))
  return whole.replaceAll(/\{(\w+)\}/g, (_, name: string) => wordOf(name, fields[name === 'holder' ? 'from' : name]))
}

const ADDRESS_FROM = 2 ** 20

function wordOf(field: string, value: unknown): string {
  if (field === 'holder') return typeof value === 'number' ? `object ${value}` : 'something outside'
  if (value === null || value === undefined) return field === 'stream' ? 'any' : 'null'
  if (field === 'address' && typeof value === 'number') return value < ADDRESS_FROM ? String(value) : `0x${value.toString(16)}`
  return typeof value === 'string' ? value : JSON.stringify(value).replaceAll(',', ', ')
}

function byFields(kind: string, fields: Readonly<Record<string, unknown>>): string {
  const name = kind.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  const rest = Object.entries(fields).flatMap(([field, value]) => (field === 'kind' ? [] : [`${field} ${JSON.stringify(value)}`]))
  return rest.length === 0 ? name : `${name}: ${rest.join(', ')}`
}
