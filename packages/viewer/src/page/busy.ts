/** What the page is at, told while somebody waits: a log that is opened, and a question about it that takes long. */
import { computed, signal } from '@preact/signals'

/** One at each place at a time: the newer one takes it over. */
type Place = 'open' | 'beside'

interface Told {
  readonly text: string
  /** Gives it up; null: it goes on to its end. */
  readonly stop: (() => void) | null
}

/** Something that is waited for. */
export interface Job {
  tell(text: string): void
  /** Has no newer one taken its place, and was it not given up? */
  isCurrent(): boolean
  end(): void
}

const told = signal<ReadonlyMap<Place, Told>>(new Map())
const current = new Map<Place, Job>()

/** What is told; null: nothing is waited for. */
export const busy = computed((): Told | null => told.value.get('open') ?? told.value.get('beside') ?? null)

/** Takes a place. @param stop makes it possible to give the work up */
export function begin(place: Place, text: string, stop: (() => void) | null = null): Job {
  const without = (): readonly (readonly [Place, Told])[] => [...told.value].filter(([each]) => each !== place)
  const isCurrent = (): boolean => current.get(place) === job
  const end = (): void => {
    if (!isCurrent()) return
    current.delete(place)
    told.value = new Map(without())
  }
  const giveUp =
    stop &&
    (() => {
      end()
      stop()
    })
  const tell = (line: string): void => {
    if (isCurrent()) told.value = new Map([...without(), [place, { text: line, stop: giveUp }]])
  }
  const job: Job = { tell, isCurrent, end }
  current.set(place, job)
  tell(text)
  return job
}
