import { DEVICE_LAYERS, PROCESS_LAYERS, RAM_LAYERS, TIMELINE_LAYERS, type TimelineLayer } from '@reheap/projections'
import type { HostTracks } from '../host/host-drawing.ts'
import type { DeviceTrack, TimelineFigure } from './timeline-figure.ts'

const OBJECT_LAYERS: readonly TimelineLayer[] = ['objects', 'objectBytes']

/** A timeline as CSV: one stretch a line, for each layer the largest and the last value; objects only where the log holds some. */
export function timelineCsv({ points, objects, devices, host }: TimelineFigure): string {
  if (devices !== undefined) return deviceCsv(devices)
  const layers = objects === null ? TIMELINE_LAYERS.filter((layer) => !OBJECT_LAYERS.includes(layer)) : TIMELINE_LAYERS
  const waiting = objects === null ? [] : ['uncollectedObjectsMax', 'uncollectedBytesMax']
  const below = host === undefined ? null : hostColumns(host)
  const titles = ['from', 'to', ...layers.flatMap((layer) => [`${layer}Max`, `${layer}Last`]), ...waiting, ...(below?.titles ?? [])]
  const rows = points.map(({ from, to, max, last }, place) => [
    from,
    to,
    ...layers.flatMap((layer) => [max[layer], last[layer]]),
    ...(objects === null ? [] : [objects.uncollected.objectsMax[place], objects.uncollected.bytesMax[place]]),
    ...(below?.cells(place) ?? []),
  ])
  return [titles, ...rows].map((cells) => `${cells.join(',')}\n`).join('')
}

interface Columns {
  readonly titles: readonly string[]
  /** Of one stretch. */
  readonly cells: (place: number) => readonly (number | undefined)[]
}

/** The sizes of each process and the owners of RAM, on the same stretches; those of process 0 go by their plain names. */
function hostColumns({ processes, ram }: HostTracks): Columns {
  const sizes = processes.flatMap(({ process, points }) =>
    PROCESS_LAYERS.map((layer) => ({ name: process === 0 ? layer : `process${process}.${layer}`, points, layer })),
  )
  const shares = RAM_LAYERS.map((layer) => ({ name: `ram.${layer}`, points: ram.points, layer }))
  return {
    titles: [...sizes, ...shares].flatMap(({ name }) => [`${name}Max`, `${name}Last`]),
    cells: (place) => [
      ...sizes.flatMap(({ points, layer }) => [points[place]?.max[layer], points[place]?.last[layer]]),
      ...shares.flatMap(({ points, layer }) => [points[place]?.max[layer], points[place]?.last[layer]]),
    ],
  }
}

/** The same of devices: one stretch of one device a line. */
function deviceCsv(devices: readonly DeviceTrack[]): string {
  const titles = ['device', 'from', 'to', ...DEVICE_LAYERS.flatMap((layer) => [`${layer}Max`, `${layer}Last`])]
  const rows = devices.flatMap(({ device, points }) =>
    points.map(({ from, to, max, last }) => [device, from, to, ...DEVICE_LAYERS.flatMap((layer) => [max[layer], last[layer]])]),
  )
  return [titles, ...rows].map((cells) => `${cells.join(',')}\n`).join('')
}
