/** Deeds that speak to the collector, and looks at what it and the objects are like. */
import type { Author } from './author.ts'
import type { Deed } from './deed.ts'
import type { Watched } from './observation.ts'
import type { HeldName } from './placing.ts'
import type { Thing } from './thing.ts'

/** Thresholds that programs set: small ones, so that collections are many. */
export const THRESHOLDS = [
  [5, 2, 2],
  [1, 1, 1],
  [2, 1, 2],
  [3, 2, 1],
  [7, 3, 2],
  [10, 2, 3],
  [4, 1, 1],
  [30, 3, 3],
  [12, 1, 1],
  [0, 5, 5],
  [700, 10, 10],
] as const

type Ask = (author: Author, deed: Deed) => void

/**
 * A line of the script that appends a look to the log. The value is written by `repr`: formatting binds a method in some
 * versions, which is an object of the collector.
 */
function look(author: Author, letter: string, text: string): void {
  author.say(`append(f"${letter} {${text}!r}")`)
}

/** Both calls of a look: that which makes the value, and that which appends the line. */
function looked(author: Author): void {
  author.check()
  author.tell()
  author.check()
}

export function setThresholds(author: Author, pick: number): void {
  const [first, second, third] = THRESHOLDS[pick % THRESHOLDS.length] ?? THRESHOLDS[0]
  author.say(`set_threshold(*limits[${pick % THRESHOLDS.length}])`)
  author.rows.thresholds(first, second, third)
  author.check()
}

export function collect(author: Author, generation: number): void {
  look(author, 'k', `collect(${generation})`)
  author.rows.collect(generation)
  author.observe('collected')
  looked(author)
}

export function watchStats(author: Author): void {
  look(author, 's', 'get_stats()')
  author.observe('stats')
  const list = author.create('list')
  for (let generation = 0; generation < 3; generation++) {
    const dict = author.create('dict')
    author.hold(list, '', dict)
    author.unload(dict)
  }
  author.check()
  author.unload(list)
  author.tell()
  author.check()
}

/** The collector is off meanwhile: the list that is made, and is none of them, holds every object of the generation. */
export function watchObjects(author: Author, generation: number): void {
  const wasEnabled = author.isEnabled
  if (wasEnabled) switchTo(author, false)
  look(author, 'o', `len(get_objects(${generation}))`)
  author.observe('objects', generation)
  const list = author.create('list')
  author.check()
  author.unload(list)
  looked(author)
  if (wasEnabled) switchTo(author, true)
}

function switchTo(author: Author, isEnabled: boolean): void {
  author.say(isEnabled ? 'enable()' : 'disable()')
  author.rows.ask(isEnabled ? 'EnableCollector' : 'DisableCollector')
  author.check()
}

function watchThing(of: Watched, text: (name: string) => string, letter: string, fits: (thing: Thing) => boolean): Ask {
  return (author, { a }) => {
    const names = author.holding(fits)
    const name = names[a % Math.max(1, names.length)]
    if (name !== undefined) watchHeld(author, name, of, letter, text(name.text))
  }
}

function watchHeld(author: Author, { thing }: HeldName, of: Watched, letter: string, text: string): void {
  look(author, letter, text)
  author.load(thing)
  // `repr` looks for signals first, and for a due collection with them, from 3.12 on.
  if (of === 'alive') author.check()
  author.observe(of, thing.id)
  author.unload(thing)
  looked(author)
}

export function watchTracked(author: Author, name: HeldName): void {
  watchHeld(author, name, 'tracked', 't', `is_tracked(${name.text})`)
}

export const COLLECTING = {
  collect: (author, { a }) => collect(author, a % 3),
  setThresholds: (author, { a }) => setThresholds(author, a),
  switchCollector: (author, { a }) => {
    const isEnabled = a % 4 !== 0
    author.isEnabled = isEnabled
    switchTo(author, isEnabled)
  },
  freeze: (author, { a }) => {
    const unfreezes = author.mayUnfreeze && a % 2 === 0
    author.say(unfreezes ? 'unfreeze()' : 'freeze()')
    author.rows.ask(unfreezes ? 'UnfreezeObjects' : 'FreezeObjects')
    author.check()
  },
  saveAll: (author, { a }) => {
    const isOn = a % 3 === 0
    author.say(`set_debug(${isOn ? 'saveall' : 0})`)
    author.rows.saveAll(isOn)
    author.check()
  },
  clearGarbage: (author) => {
    author.say('garbage.clear()')
    author.rows.ask('ClearGarbage')
    author.check()
  },
  switchCallbacks: (author, { a }) => {
    const count = a % 3
    author.say('callbacks.clear()')
    author.rows.callbacks(0)
    author.check()
    for (let added = 0; added < count; added++) {
      author.say(`callbacks.append(${added === 0 ? 'observer' : 'silent'})`)
      author.rows.callbacks(added + 1)
      author.check()
    }
  },
  watchCount: watchThing(
    'refcount',
    (name) => `getrefcount(${name})`,
    'r',
    () => true,
  ),
  watchTracked: watchThing(
    'tracked',
    (name) => `is_tracked(${name})`,
    't',
    () => true,
  ),
  watchAlive: watchThing(
    'alive',
    (name) => `'dead' not in repr(${name})`,
    'a',
    ({ type }) => type.name === 'weakref',
  ),
  watchCounts: (author) => {
    look(author, 'c', 'get_count()')
    author.observe('counts')
    const tuple = author.create('tuple', 3)
    // Made by `PyTuple_New`, which tracks it whatever will be in it.
    author.rows.track(tuple.id)
    author.check()
    author.unload(tuple)
    author.tell()
    author.check()
  },
  watchObjects: (author, { a }) => watchObjects(author, a % 3),
  watchStats,
  watchFrozen: (author, { a }) => {
    look(author, a % 2 === 0 ? 'f' : 'g', a % 2 === 0 ? 'get_freeze_count()' : 'len(garbage)')
    author.observe(a % 2 === 0 ? 'frozen' : 'garbage')
    looked(author)
  },
} as const satisfies Partial<Record<Deed['do'], Ask>>
