/** What kind of object a type makes, as far as the collector and the free lists care. Its number stands in the log. */
export const OBJECT_LAYOUTS = [
  'plain',
  'float',
  'list',
  'tuple',
  'dict',
  'set',
  'instance',
  'slots',
  'weakref',
  'function',
  'method',
  'builtinMethod',
  'frame',
  'cell',
  'generator',
  'module',
  'type',
  'gcOther',
] as const
export type ObjectLayout = (typeof OBJECT_LAYOUTS)[number]

/** A request of the object layer, or an observation of the interpreter's own figures, in the words of the JSONL log. */
export type ObjectEvent =
  | { readonly kind: 'DefineType'; readonly type: number; readonly layout: number; readonly name: string }
  | { readonly kind: 'CreateObject'; readonly object: number; readonly type: number; readonly bytes: number }
  | { readonly kind: 'AddReference'; readonly from: number | null; readonly to: number; readonly slot?: number }
  | { readonly kind: 'DropReference'; readonly from: number | null; readonly to: number; readonly slot?: number }
  | { readonly kind: 'DefineName'; readonly name: number; readonly text: string }
  | { readonly kind: 'BindName'; readonly scope: number; readonly name: number; readonly object: number }
  | { readonly kind: 'UnbindName'; readonly scope: number; readonly name: number }
  | { readonly kind: 'EnterScope'; readonly scope: number; readonly code?: number }
  | { readonly kind: 'LeaveScope'; readonly scope: number }
  | { readonly kind: 'MakeImmortal'; readonly object: number }
  | CollectionObserved
  | LineObserved

/** The collector ran. Objects that it destroyed have no drops of their own: whoever replays the log runs a collection here. */
export interface CollectionObserved {
  readonly kind: 'ObserveCollection'
  readonly generation: number
  readonly collected: number
  readonly uncollectable: number
  /** Had the youngest count passed its threshold? Else somebody asked for it. */
  readonly reason: 'threshold' | 'request'
  /** Recorded objects that it destroyed, in the order of their deaths. */
  readonly objects: readonly number[]
}

/** A line of the script has ended: all events since the last such event belong to it. */
export interface LineObserved {
  readonly kind: 'ObserveLine'
  /** 0: what came before the first line. */
  readonly line: number
  /** The collector's counts, as `gc.get_count()` gives them. */
  readonly counts: readonly [number, number, number]
  /** Objects born and dead, and bytes asked for and given back, inside the line. */
  readonly born: number
  readonly died: number
  readonly bytesRequested: number
  readonly bytesReleased: number
  /** Names of the script whose binding or reference count changed; null: unbound. */
  readonly names: readonly NameCount[]
}

export interface NameCount {
  readonly scope: number
  readonly name: number
  readonly object: number | null
  /** References to the object, the name's own among them. */
  readonly count: number | null
}

/** Where the events of a recorded script go, in order. */
export interface ObjectEventSink {
  append(event: ObjectEvent): void
}
