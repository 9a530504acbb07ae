import { DEVICE_LAYERS, TIMELINE_LAYERS, type TimelineLayer } from '@reheap/projections'
import type { DeviceTrack, TimelineFigure } from './timeline-figure.ts'

const OBJECT_LAYERS: readonly TimelineLayer[] = ['objects', 'objectBytes']

/** A timeline as CSV: one stretch a line, for each layer the largest and the last value; objects only where the log holds some. */
export function timelineCsv({ points, objects, devices }: TimelineFigure): string {
  if (devices !== undefined) return deviceCsv(devices)
  const layers = objects === null ? TIMELINE_LAYERS.filter((layer) => !OBJECT_LAYERS.includes(layer)) : TIMELINE_LAYERS
  const waiting = objects === null ? [] : ['uncollectedObjectsMax', 'uncollectedBytesMax']
  const titles = ['from', 'to', ...layers.flatMap((layer) => [`${layer}Max`, `${layer}Last`]), ...waiting]
  const rows = points.map(({ from, to, max, last }, place) => [
    from,
    to,
    ...layers.flatMap((layer) => [max[layer], last[layer]]),
    ...(objects === null ? [] : [objects.uncollected.objectsMax[place], objects.uncollected.bytesMax[place]]),
  ])
  return [titles, ...rows].map((cells) => `${cells.join(',')}\n`).join('')
}

/** The same of devices: one stretch of one device a line. */
function deviceCsv(devices: readonly DeviceTrack[]): string {
  const titles = ['device', 'from', 'to', ...DEVICE_LAYERS.flatMap((layer) => [`${layer}Max`, `${layer}Last`])]
  const rows = devices.flatMap(({ device, points }) =>
    points.map(({ from, to, max, last }) => [device, from, to, ...DEVICE_LAYERS.flatMap((layer) => [max[layer], last[layer]])]),
  )
  return [titles, ...rows].map((cells) => `${cells.join(',')}\n`).join('')
}
