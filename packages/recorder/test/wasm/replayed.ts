import type { LineObserved, ObjectEvent } from '../../src/wasm/object-event.ts'

interface Entry {
  count: number
  outside: number
  readonly references: Map<number, number>
}

/** What stands after a line: the number of objects and the counts of the names that the line changed. */
export interface ReplayedLine {
  readonly observed: LineObserved
  readonly objects: number
  readonly counts: readonly (number | null)[]
}

/** A plain model that replays a log of objects and throws at the first event that makes no sense. */
export function replayed(events: readonly ObjectEvent[]): { lines: ReplayedLine[]; objects: Map<number, Entry> } {
  const objects = new Map<number, Entry>()
  const scopes = new Map<number, Map<number, number>>()
  const lines: ReplayedLine[] = []
  let next = 0
  const alive = (object: number): Entry => {
    const entry = objects.get(object)
    if (entry === undefined) throw new Error(`object ${object} is not alive`)
    return entry
  }
  const scopeOf = (scope: number): Map<number, number> => {
    const names = scopes.get(scope)
    if (names === undefined) throw new Error(`scope ${scope} is not open`)
    return names
  }
  const decrease = (object: number): void => {
    const waiting = [object]
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
      const entry = alive(one)
      entry.count--
      if (entry.count > 0) continue
      objects.delete(one)
      waiting.push(...entry.references.values())
    }
  }
  const apply = (event: ObjectEvent): void => {
    switch (event.kind) {
      case 'CreateObject':
        if (event.object !== next++) throw new Error(`object ${event.object} is not the next`)
        objects.set(event.object, { count: 1, outside: 1, references: new Map() })
        return
      case 'AddReference': {
        alive(event.to).count++
        if (event.from === null) alive(event.to).outside++
        else {
          const { references } = alive(event.from)
          if (event.slot === undefined || references.has(event.slot)) throw new Error(`slot ${event.slot} of ${event.from} is taken`)
          references.set(event.slot, event.to)
        }
        return
      }
      case 'DropReference': {
        if (event.from === null) {
          if (--alive(event.to).outside < 0) throw new Error(`nothing outside holds ${event.to}`)
        } else {
          const { references } = alive(event.from)
          if (references.get(event.slot ?? -1) !== event.to) throw new Error(`${event.from} does not hold ${event.to} there`)
          references.delete(event.slot ?? -1)
        }
        decrease(event.to)
        return
      }
      case 'EnterScope':
        scopes.set(event.scope, new Map())
        return
      case 'LeaveScope': {
        const held = [...scopeOf(event.scope).values()]
        scopes.delete(event.scope)
        for (const object of held) decrease(object)
        return
      }
      case 'BindName': {
        const before = scopeOf(event.scope).get(event.name)
        alive(event.object).count++
        scopeOf(event.scope).set(event.name, event.object)
        if (before !== undefined) decrease(before)
        return
      }
      case 'UnbindName': {
        const before = scopeOf(event.scope).get(event.name)
        if (before === undefined) throw new Error('the name is not bound')
        scopeOf(event.scope).delete(event.name)
        decrease(before)
        return
      }
      case 'ObserveCollection':
        for (const object of event.objects) {
          for (const to of alive(object).references.values()) if (objects.has(to)) alive(to).count--
          objects.delete(object)
        }
        return
      case 'ObserveLine':
        lines.push({
          observed: event,
          objects: objects.size,
          counts: event.names.map(({ object }) => (object === null ? null : (objects.get(object)?.count ?? 0))),
        })
    }
  }
  events.forEach((event, index) => {
    try {
      apply(event)
    } catch (error) {
      throw new Error(`event ${index}: ${(error as Error).message}: ${JSON.stringify(event)}`)
    }
  })
  return { lines, objects }
}
