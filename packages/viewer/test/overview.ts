/** What the page knows of a log that has nothing but curves. */
import type { Curve, Overview } from '../src/session/messages.ts'
import { MomentGathering } from '../src/session/moments.ts'

export const overviewOf = (events: number, curves: readonly Curve[]): Overview => ({
  name: 'log',
  layer: 'python',
  devices: [],
  runtime: 'cpython 3.13.0',
  profile: 'cpython-3.13',
  events,
  hasLines: false,
  hasObjects: false,
  notes: [],
  curves,
  times: null,
  moments: new MomentGathering().moments([]),
  collections: [],
})
