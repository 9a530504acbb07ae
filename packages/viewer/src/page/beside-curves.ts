/** Curves of a log and of what stands beside it, on one axis. */
import type { Curve, Overview } from '../session/messages.ts'

/** Curves that are shown beside where nothing parts: what is held in all. */
const ALWAYS = ['heldBytes', 'reservedBytes', 'residentBytes']

/** Those of another log, over events: each log has times of its own. */
export const besideLog = (log: Overview, curves: readonly Curve[], name: string, events: number): Overview => ({
  ...merged(
    log,
    curves.map((curve) => ({ ...curve, end: events })),
    name,
  ),
  times: null,
  events: Math.max(log.events, events),
})

/**
 * Those of a row of a what-if. The system is simulated in every row, so the log's own curves are those of the first row.
 *
 * @param name of the row
 */
export function besideRow(log: Overview, first: readonly Curve[], row: readonly Curve[], name: string): Overview {
  const rest = log.curves.filter(({ key }) => !first.some((each) => each.key === key))
  const shown = row.filter((curve) => isShown(curve, first))
  return { ...merged({ ...log, curves: [...first, ...rest] }, shown, name), isVaried: true }
}

/** A curve that lies on the log's own tells nothing. */
function isShown({ key, max }: Curve, own: readonly Curve[]): boolean {
  if (ALWAYS.some((each) => key.startsWith(each))) return true
  const under = own.find((each) => each.key === key)
  return under === undefined || under.max.some((value, place) => value !== max[place])
}

const merged = (log: Overview, beside: readonly Curve[], name: string): Overview => ({
  ...log,
  curves: [...log.curves, ...beside.map((curve) => ({ ...curve, label: `${curve.label}, ${name}`, isBeside: true }))],
})
