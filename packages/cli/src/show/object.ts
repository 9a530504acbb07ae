import { formatBytes, formatCount } from '@reheap/kernel'
import type { HeldBy, Neighbour, Neighbourhood, WayPoint } from '@reheap/projections'
import { counted, table } from './table.ts'

/** One object for a person: its count and place, the way from a root, then what holds it and what it refers to. @param words why an object lives */
export function objectLines(near: Neighbourhood, words: Readonly<Record<HeldBy, string>>, top: number): readonly string[] {
  const {
    object,
    type,
    count,
    outside,
    bytes,
    bytesBeside,
    generation,
    isImmortal,
    heldBy,
    freedBy,
    root,
    way,
    names,
    holders,
    references,
  } = near
  const told = isImmortal ? 'immortal' : `count ${formatCount(count)}, ${formatCount(outside)} from outside of the log's objects`
  const size = `${formatBytes(bytes)}${bytesBeside === 0 ? '' : ` and ${formatBytes(bytesBeside)} beside it`}`
  const place = generation === null ? 'not tracked by the collector' : `generation ${generation}`
  return [
    `${type}, object ${formatCount(object)}: ${told}; ${size}; ${place}`,
    freedBy === null ? words[heldBy] : `${words[heldBy]}: a collection of generation ${freedBy} frees it`,
    `${root ?? '(no name)'}: ${way.map(stepOf).join(' -> ')}`,
    ...names.map(({ name, scope, isCall }) => `the name ${name} ${isCall ? `of call ${formatCount(scope)}` : 'of the module'} holds it`),
    ...neighbours('held by', holders, top),
    ...neighbours('refers to', references, top),
  ]
}

const stepOf = ({ type, object, slot }: WayPoint): string =>
  `${slot === null ? '' : `[${slot}] `}${type}${object === null ? '' : ` ${formatCount(object)}`}`

function neighbours(title: string, all: readonly Neighbour[], top: number): readonly string[] {
  if (all.length === 0) return []
  const rows = all.slice(0, top).map(({ object, type, slot, count }) => [`${type} ${object}`, formatCount(slot), formatCount(count)])
  return [
    '',
    ...table([{ title, align: 'left' }, { title: 'place' }, { title: 'its count' }], rows),
    ...(all.length > top ? [`... and ${counted(all.length - top, 'more reference')}`] : []),
  ]
}
