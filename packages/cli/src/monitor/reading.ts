/** One look at memory, simulated or real. Names are those of psutil, sizes are bytes. */
import type { Result } from '../outcome.ts'

/** The machine, as `psutil.virtual_memory()` and `psutil.swap_memory()` have it. */
export interface SystemReading {
  readonly total: number
  /** What could be given to programs without swapping: free memory and most of the caches. */
  readonly available: number
  /** `(total - available) / total`, in per cent with one figure behind the point. */
  readonly percent: number
  /** `total - available`, as psutil 7.2 and `free` have it; up to psutil 7.0 it was `total - free - cached - buffers` (giampaolo/psutil#2604). */
  readonly used: number
  readonly free: number
  readonly buffers: number
  /** Page cache, and what the kernel's own caches can give back. */
  readonly cached: number
  readonly swapTotal: number
  readonly swapUsed: number
  /** Share of the swap space in use, in per cent. */
  readonly swapPercent: number
}

/** A process, as `psutil.Process.memory_info()` has it. */
export interface ProcessReading {
  /** The system's number of a real one, the log's of a simulated one. */
  readonly pid: number
  readonly name: string
  /** Resident. */
  readonly rss: number
  /** Mapped. */
  readonly vms: number
  /** Most that was resident: `VmHWM`, `ru_maxrss`; `peak_wset` on Windows. */
  readonly peak: number
  readonly swap: number
}

/** What one layer of the memory system holds. */
export interface LayerReading {
  readonly name: string
  readonly bytes: number
}

/** A GPU. */
export interface DeviceReading {
  readonly device: number
  readonly total: number
  readonly reserved: number
  readonly allocated: number
}

/** All of it at one moment; what a log or system does not tell is left out. */
export interface Reading {
  /** Where the replay stands; null for a real process. */
  readonly event: number | null
  /** Since the program, or the look at it, began. Null: the log tells no times. @unit seconds */
  readonly seconds: number | null
  readonly system: SystemReading | null
  readonly processes: readonly ProcessReading[]
  readonly layers: readonly LayerReading[]
  readonly devices: readonly DeviceReading[]
}

/** Gives one reading after another. */
export interface Readings {
  /** What is watched. */
  readonly title: string
  /** How far it is; empty: that is not known. */
  status(): string
  /** The next reading; null behind the last. Left: what went wrong. @param elapsed since the last one, while not paused. @unit seconds */
  next(elapsed: number): Promise<Result<Reading | null>>
  /** Does the clock go on? Null: it cannot be stopped. */
  readonly pace: Pace | null
}

/** How fast a replay goes. */
export interface Pace {
  speed: number
  isPaused: boolean
}

/** A part in per cent of a whole, rounded as psutil does. */
export const percentOf = (part: number, whole: number): number => (whole === 0 ? 0 : Math.round((1000 * part) / whole) / 10)
