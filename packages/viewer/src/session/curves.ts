/** Curves of a log, or of a row beside it. */
import { DEVICE_LAYERS, type DeviceTimeline, TIMELINE_LAYERS, type Timeline } from '@reheap/projections'
import type { Curve } from './messages.ts'

/** Stretches of a curve; finer ones than a screen has pixels, so that zooming shows more. */
export const POINTS = 16_384

const HEAP_LABELS: Readonly<Record<(typeof TIMELINE_LAYERS)[number], string>> = {
  requestedBytes: 'asked for, in pools',
  blockBytes: 'blocks of pools',
  arenaBytes: 'arenas',
  cLibraryBytes: 'C library',
  heldBytes: 'held: arenas + C library',
  objects: 'objects',
  objectBytes: 'objects, bytes',
}

const DEVICE_LABELS: Readonly<Record<(typeof DEVICE_LAYERS)[number], string>> = {
  requestedBytes: 'asked for',
  allocatedBytes: 'allocated',
  activeBytes: 'active',
  reservedBytes: 'reserved',
}

/** Those of an interpreter's layers that are ever more than nothing. */
export function heapCurves(timeline: Timeline, events: number): readonly Curve[] {
  const points = timeline.points(events)
  return TIMELINE_LAYERS.map(
    (key): Curve => ({
      key,
      label: HEAP_LABELS[key],
      unit: key === 'objects' ? 'count' : 'bytes',
      axis: key === 'objects' ? 'count' : 'bytes',
      width: points[0]?.to ?? 1,
      max: Float64Array.from(points, ({ max }) => max[key]),
      last: Float64Array.from(points, ({ last }) => last[key]),
    }),
  ).filter(({ max }) => max.some((value) => value > 0))
}

/** Those of every device. @param isMixed do layers of an interpreter stand there too? */
export const deviceCurves = (timeline: DeviceTimeline, events: number, isMixed = false): readonly Curve[] =>
  timeline.devices().flatMap((device) => {
    const points = timeline.points(device, events)
    const suffix = timeline.devices().length > 1 ? `, device ${device}` : ''
    return DEVICE_LAYERS.map(
      (key): Curve => ({
        key: `${key}${device}`,
        label: `${isMixed ? 'GPU: ' : ''}${DEVICE_LABELS[key]}${suffix}`,
        unit: 'bytes',
        axis: isMixed ? 'gpu' : 'bytes',
        width: points[0]?.to ?? 1,
        max: Float64Array.from(points, ({ max }) => max[key]),
        last: Float64Array.from(points, ({ last }) => last[key]),
      }),
    )
  })
