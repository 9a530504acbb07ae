/** The figures of the naive model: counted page by page. */
import type { ProcessState } from '@reheap/host-memory'
import { anonymous, cellsOf, freePages, type NaiveHost, showing, shownPages } from './naive-state.ts'
import { MAPPINGS, PROCESSES } from './tiny-programs.ts'

/** Figures of the processes and mappings of made programs. @unit bytes */
export interface HostFigures {
  readonly isPressed: boolean
  readonly lives: readonly { readonly state: ProcessState; readonly vmsBytes: number }[]
  /** Null: it is not mapped. */
  readonly places: readonly ({ readonly process: number; readonly start: number; readonly bytes: number } | null)[]
  /** Null: pages had to make room, and which is not foretold. */
  readonly pages: PageFigures | null
}

interface PageFigures {
  readonly freeBytes: number
  readonly cachedBytes: number
  readonly lives: readonly (readonly [anonymousBytes: number, fileBytes: number, sharedBytes: number, peakBytes: number])[]
}

export function naiveFigures(h: NaiveHost): HostFigures {
  const { pageBytes } = h.profile
  return {
    isPressed: h.isPressed,
    lives: PROCESSES.map((process) => ({
      state: h.lives.get(process)?.state ?? 'ended',
      vmsBytes: cellsOf(h, process).size * pageBytes,
    })),
    places: MAPPINGS.map((id) => {
      const mapping = h.mappings.get(id)
      if (mapping === undefined) return null
      return { process: mapping.process, start: mapping.start * pageBytes, bytes: mapping.pages * pageBytes }
    }),
    pages: h.isPressed ? null : countedPages(h),
  }
}

function countedPages(h: NaiveHost): PageFigures {
  const { pageBytes } = h.profile
  return {
    freeBytes: freePages(h) * pageBytes,
    cachedBytes: (h.cache + shownPages(h).size) * pageBytes,
    lives: PROCESSES.map((process) => [
      anonymous(h, process) * pageBytes,
      showing(h, process, 'file') * pageBytes,
      showing(h, process, 'shared') * pageBytes,
      (h.lives.get(process)?.peak ?? 0) * pageBytes,
    ]),
  }
}
