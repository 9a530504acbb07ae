/** How the views of objects and collections must read. */
import { formatBytes, formatCount, formatDuration } from '@reheap/kernel'
import type { Shown } from './shown.ts'
import { counted, type Leaks, type Listed, type Near, type Ran, type Stats } from './told.ts'
import { framesOf, type Recorded } from './told-heap.ts'

export const HELD_WORDS: Readonly<Record<string, string>> = {
  name: 'held by a name',
  outside: 'held by C code or a running expression',
  garbage: 'kept in gc.garbage',
  frozen: 'garbage, frozen',
  late: 'garbage that waits for a collection',
  unfindable: 'garbage that no collection finds',
}
const GENERATIONS = ['generation 0', 'generation 1', 'generation 2', 'permanent generation']
/** Neighbours that are drawn on each side. */
const DRAWN_MAX = 12

const signed = (value: number, shown: string): string => (value === 0 ? '' : `${value > 0 ? '+' : '−'}${shown}`)

/** @param before what there was of each type where growth is counted from */
export function typesTold(now: Stats, before: Stats, { by, groups, verdict, late, trigger }: Leaks): Shown {
  const types = now.objects?.types ?? []
  const was = before.objects?.types ?? []
  const gone = was.filter(({ type }) => types.every((each) => each.type !== type)).map(({ type }) => ({ type, objects: 0, bytes: 0 }))
  const all = [...types, ...gone].sort((a, b) => b.bytes - a.bytes || b.objects - a.objects)
  return {
    tables: {
      'types of live objects': all.map(({ type, objects, bytes }) => {
        const { objects: objectsBefore, bytes: bytesBefore } = was.find((each) => each.type === type) ?? { objects: 0, bytes: 0 }
        const late = groups.filter((each) => each.type === type && each.heldBy === 'late').reduce((sum, each) => sum + each.objects, 0)
        return [
          type,
          formatCount(objects),
          formatBytes(bytes),
          signed(objects - objectsBefore, formatCount(Math.abs(objects - objectsBefore))),
          signed(bytes - bytesBefore, formatBytes(Math.abs(bytes - bytesBefore))),
          late === 0 ? '' : formatCount(late),
        ]
      }),
    },
    texts: [
      ...Object.entries(by)
        .filter(([, { objects }]) => objects > 0)
        .map(([heldBy, { objects, bytes }]) => `${formatCount(objects)} ${HELD_WORDS[heldBy]}, ${formatBytes(bytes)}`),
      ...[verdict, ...whyTold(late, trigger)].filter(isFigure),
    ].sort(),
  }
}

/** Why what is late was not freed. */
function whyTold(late: Leaks['late'], { generations, because }: Leaks['trigger']): readonly string[] {
  const lines = late.flatMap(({ objects, bytes }, generation) => {
    if (objects === 0) return []
    const { count = 0, threshold = 0 } = generations[generation] ?? {}
    const amount = `${counted(objects, 'object')}, ${formatBytes(bytes)}`
    return [
      `a collection of generation ${generation} frees ${amount}: its count is ${formatCount(count)}, its threshold ${formatCount(threshold)}`,
    ]
  })
  return lines.length === 0 ? [] : [...lines, ...because.filter((sentence) => !sentence.startsWith('generation '))]
}

/** A list of one type below the types. */
export const listTold = (types: Shown, type: string, listed: readonly Listed[]): Shown => ({
  tables: {
    ...types.tables,
    objects: listed.map(({ object, type: own, count, bytes, generation, heldBy }) => [
      String(object),
      own,
      formatCount(count),
      formatCount(bytes),
      generation === null ? 'untracked' : String(generation),
      HELD_WORDS[heldBy] ?? '',
    ]),
  },
  texts: [...types.texts, `${formatCount(listed.length)} ${type}`].sort(),
})

/** Which event of the recording made an object, and the program's own line. */
export interface Born {
  readonly index: number
  readonly line: string | null
}

/** The recording's own: the last event before `at` that made an object. */
export function bornIn(events: readonly Recorded[], object: number, at: number): Born | null {
  const index = events.findLastIndex((event, place) => place < at && event.kind === 'CreateObject' && event.object === object)
  if (index < 0) return null
  const stack = events[index]?.stack
  const [frame] = stack === undefined ? [] : framesOf(events, stack)
  const [, line = null] = /\((.+)\)$/.exec(frame ?? '') ?? []
  return { index, line }
}

/** One object below such a list. @param born null: it was there before the log begins */
export const nearTold = (list: Shown, near: Near, born: Born | null): Shown => ({
  tables: list.tables,
  texts: [...list.texts, ...textsOf(near, born)].sort(),
})

const short = (text: string): string => (text.length > 26 ? `${text.slice(0, 25)}…` : text)
const isFigure = (text: string): boolean => /\d/.test(text)

function textsOf(near: Near, born: Born | null): readonly string[] {
  const { object, type, count, isImmortal, names, holders, references, heldBy, freedBy } = near
  const isGarbage = ['late', 'frozen', 'unfindable'].includes(heldBy)
  return [
    `object ${object}`,
    `${type}, object ${object}`,
    describe(near),
    ...(born === null ? [] : [`event ${formatCount(born.index)}${born.line === null ? '' : `, ${born.line}`}`]),
    ...(isGarbage ? [freedBy === null ? '' : `No path from a root; a collection of generation ${freedBy} frees it.`] : wayOf(near)),
    `${holders.length} holders, ${names.length} names, ${references.length} references`,
    ...names.flatMap(({ scope, name, isCall }) => [name, isCall ? `a name of call ${scope}` : '']),
    ...sideOf(holders),
    ...sideOf(references),
    short(type),
    isImmortal ? '' : `count ${formatCount(count)}`,
  ].filter(isFigure)
}

const wayOf = ({ object, root, way, heldBy }: Near): readonly string[] => [
  root ?? HELD_WORDS[heldBy] ?? '',
  ...way.flatMap(({ object: own, type: kind, place }) => [
    place === null ? '' : `${place} →`,
    own === null || own === object ? '' : `${kind} ${own}`,
  ]),
]

function describe({ count, outside, bytes, bytesBeside, generation, isImmortal, heldBy, freedBy }: Near): string {
  return [
    isImmortal
      ? 'immortal'
      : `count ${formatCount(count)}${outside === 0 ? '' : `, ${formatCount(outside)} of them from outside of the log's objects`}`,
    `${formatBytes(bytes)}${bytesBeside === 0 ? '' : ` and ${formatBytes(bytesBeside)} beside it`}`,
    generation === null ? 'not tracked by the collector' : `in ${GENERATIONS[generation]}`,
    HELD_WORDS[heldBy],
    ...(freedBy === null ? [] : [`a collection of generation ${freedBy} frees it`]),
  ].join('; ')
}

/** Each neighbour is drawn, and has a label. */
const sideOf = (all: Near['holders']): readonly string[] => [
  ...all.slice(0, DRAWN_MAX).flatMap(({ object, type, place, count }) => {
    const [title, detail] = [`${type} ${object}`, `${place === null ? '' : `${place}, `}count ${formatCount(count)}`]
    return [short(title), detail, `${title} ${detail}`]
  }),
  ...(all.length > DRAWN_MAX ? [`and ${formatCount(all.length - DRAWN_MAX)} more`] : []),
]

export const collectorTold = ({ generations }: NonNullable<Stats['objects']>, ran: readonly Ran[], { trigger }: Leaks): Shown => ({
  tables: {
    generations: generations.map(({ count, threshold, objects, collections, collected }, generation) => [
      String(generation),
      ...[count, threshold, objects, collections, collected].map(formatCount),
    ]),
    ...(ran.length === 0 ? {} : { collections: ran.map(collectionRow) }),
  },
  texts: trigger.because.filter(isFigure).sort(),
})

const collectionRow = (each: Ran): readonly string[] => [
  formatCount(each.index),
  each.isCounted ? String(each.generation) : `${each.generation}, only marks`,
  each.reason === 'request' ? 'gc.collect()' : 'its threshold',
  formatCount(each.visited),
  formatCount(each.collected),
  formatCount(each.uncollectable),
  pauseTold(each),
]

/** An estimate. */
export const pauseTold = ({ pauseNanoseconds }: Ran): string => (pauseNanoseconds === 0 ? '0' : `~${formatDuration(pauseNanoseconds)}`)
