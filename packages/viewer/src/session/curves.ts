/** Curves of a log, or of a row beside it. */
import { DEVICE_LAYERS, type DeviceTimeline, type LayerCurve, TIMELINE_LAYERS, type Timeline } from '@reheap/projections'
import type { Curve } from './messages.ts'

/** Stretches of a log's curves: one for each thousand events where there are a hundred million. Closer, a window is replayed again. */
export const POINTS = 131_072
/** Those of what stands beside a log: each row of a what-if has its own. */
export const BESIDE_POINTS = 16_384

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

/** A layer with its name. A stretch of one event shows what the event leaves, not what it found: each value is that at the cursor behind it. */
export const curveOf = (described: Pick<Curve, 'key' | 'label' | 'unit' | 'axis'>, layer: LayerCurve): Curve => {
  const { from, width } = layer
  return { ...described, from, width, ...(width === 1 ? ofEvents(layer) : { min: layer.min, max: layer.max }) }
}

/** What an event holds only on its way is kept: it may be the peak. */
function ofEvents({ before, min, max, last }: LayerCurve): Pick<Curve, 'min' | 'max'> {
  const leftOrPassing = (value: number, event: number): number => (value === (event === 0 ? before : last[event - 1]) ? last[event] : value)
  return { min: min.map(leftOrPassing), max: max.map(leftOrPassing) }
}

/** Is it ever more than nothing? */
export const isEverHeld = ({ max }: Curve): boolean => max.some((value) => value > 0)

/** Every layer of an interpreter up to an event. */
export const heapCurves = (timeline: Timeline, events: number): readonly Curve[] =>
  TIMELINE_LAYERS.map((key) => {
    const unit = key === 'objects' ? 'count' : 'bytes'
    return curveOf({ key, label: HEAP_LABELS[key], unit, axis: unit }, timeline.curve(key, events))
  })

/** Those of every device. @param isMixed do layers of an interpreter stand there too? */
export const deviceCurves = (timeline: DeviceTimeline, events: number, isMixed = false): readonly Curve[] =>
  timeline.devices().flatMap((device) => {
    const suffix = timeline.devices().length > 1 ? `, device ${device}` : ''
    return DEVICE_LAYERS.map((key) => {
      const label = `${isMixed ? 'GPU: ' : ''}${DEVICE_LABELS[key]}${suffix}`
      return curveOf({ key: `${key}${device}`, label, unit: 'bytes', axis: isMixed ? 'gpu' : 'bytes' }, timeline.curve(device, key, events))
    })
  })
