/** What the command says of a log, and how a figure of it reads. */
import { readFileSync } from 'node:fs'
import { formatCount } from '@reheap/kernel'
import { command } from './browser.ts'

export const counted = (value: number, noun: string): string => `${formatCount(value)} ${noun}${value === 1 ? '' : 's'}`
export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
export const hex = (address: number): string => `0x${address.toString(16)}`

export interface PinnedBlock {
  readonly block: number
  readonly address: number
  readonly bytes: number
  readonly sizeClass: number
}
export interface SizeClass {
  readonly sizeClass: number
  readonly blockBytes: number
  readonly pools: number
  readonly usedBlocks: number
  readonly availableBlocks: number
  readonly wastedBytes: number
}
export interface Generation {
  readonly count: number
  readonly threshold: number
  readonly objects: number
  readonly collections: number
  readonly collected: number
}
export interface TypeTotal {
  readonly type: string
  readonly objects: number
  readonly bytes: number
}
export interface Segment {
  readonly device: number
  readonly address: number
  readonly bytes: number
  readonly stream: number
  readonly type: string
  readonly isExpandable: boolean
  readonly blocks: readonly {
    readonly address: number
    readonly bytes: number
    readonly requestedBytes: number
    readonly state: string
    readonly block: number | null
  }[]
}
/** `reheap explain --segment --json`. */
export interface HeldSegment {
  readonly address: number
  readonly bytes: number
  readonly blocks: readonly {
    readonly address: number
    readonly bytes: number
    readonly requestedBytes: number
    readonly state: string
    readonly born: number | null
    readonly owner: string | null
  }[]
}
export interface DeviceStats {
  readonly device: number
  readonly capacityBytes: number
  readonly memoryStats: Readonly<Record<string, number>>
  readonly fragmentation: { readonly share: number }
  readonly segments: readonly Segment[]
  /** Address space of expandable segments. */
  readonly reservations: readonly { readonly address: number; readonly bytes: number }[]
}

/** `reheap stats --pins --json`; of a device's log only the devices. */
export interface Stats {
  readonly events: number
  readonly profile: string
  readonly allocatorStats: Readonly<Record<string, number>> & { readonly arenas: number; readonly unusedPools: number }
  readonly allocatedBlocks: number
  readonly sizeClasses: readonly SizeClass[]
  readonly fragmentation: { readonly internal: number; readonly external: number }
  readonly pins: readonly {
    readonly address: number
    readonly pools: number
    readonly freePools: number
    readonly liveBytes: number
    readonly blocks: readonly PinnedBlock[]
  }[]
  readonly objects?: { readonly live: number; readonly generations: readonly Generation[]; readonly types: readonly TypeTotal[] }
  readonly devices?: readonly DeviceStats[]
}

export interface Listed {
  readonly object: number
  readonly type: string
  readonly count: number
  readonly bytes: number
  readonly generation: number | null
  readonly heldBy: string
}
interface Reference {
  readonly object: number
  readonly place: string | null
  readonly type: string
  readonly count: number
}
/** `reheap leaks --object --json`. */
export interface Near extends Listed {
  readonly outside: number
  readonly bytesBeside: number
  readonly isImmortal: boolean
  readonly freedBy: number | null
  readonly names: readonly { readonly scope: number; readonly name: string; readonly isCall: boolean }[]
  readonly references: readonly Reference[]
  readonly holders: readonly Reference[]
  readonly root: string | null
  readonly way: readonly { readonly object: number | null; readonly type: string; readonly place: string | null }[]
}
/** `reheap leaks --json`. */
export interface Leaks {
  readonly by: Readonly<Record<string, { readonly objects: number; readonly bytes: number }>>
  readonly groups: readonly (TypeTotal & { readonly heldBy: string })[]
  readonly verdict: string
  readonly late: readonly { readonly objects: number; readonly bytes: number }[]
  readonly trigger: {
    readonly generations: readonly { readonly count: number; readonly threshold: number }[]
    readonly because: readonly string[]
  }
}
/** `reheap trace-request --json`. */
export interface Traced {
  readonly request: Readonly<Record<string, unknown>>
  readonly steps: readonly {
    readonly layer: string
    readonly name: string
    readonly facts: readonly ({ readonly kind: string } & Readonly<Record<string, unknown>>)[]
    readonly place: readonly string[]
  }[]
  readonly pyramid?: Readonly<Record<string, Readonly<Record<string, number>> | null>> & {
    readonly devices: readonly Readonly<Record<string, number>>[]
  }
  readonly devices?: readonly Readonly<Record<string, number>>[]
}
export interface Ran {
  readonly index: number
  readonly generation: number
  readonly reason: string
  readonly visited: number
  readonly collected: number
  readonly uncollectable: number
  readonly pauseNanoseconds: number
  readonly isCounted: boolean
}
/** A fact of a device's memory. */
export interface Fact {
  readonly index: number
  readonly kind: string
  readonly bytes?: number
  readonly address?: number
  readonly stream?: number
  readonly object?: number
}

/** The command about one log; what it said once is kept. */
export class Told {
  readonly log: string
  readonly #said = new Map<string, Promise<Record<string, unknown>>>()

  constructor(log: string) {
    this.log = log
  }

  #say<A>(verb: string, ...options: readonly (string | number)[]): Promise<A> {
    const args = [verb, this.log, ...options.map(String)]
    const key = args.join(' ')
    const said = this.#said.get(key) ?? command(args)
    this.#said.set(key, said)
    return said as Promise<A>
  }

  stats = (at: number): Promise<Stats> => this.#say('stats', '--until', at, '--pins', 1_000_000)
  deviceStats = (at: number): Promise<Stats> => this.#say('stats', '--until', at)
  final = async (at: number): Promise<Readonly<Record<string, number>>> =>
    (await this.#say<{ final: Record<string, number> }>('replay', '--until', at)).final
  leaks = (at: number): Promise<Leaks> => this.#say('leaks', '--at', at, '--top', 1_000_000)
  listed = async (at: number, type: string): Promise<readonly Listed[]> =>
    (await this.#say<{ objects: readonly Listed[] }>('leaks', '--at', at, '--type', type, '--top', 1_000_000)).objects
  near = async (at: number, object: number): Promise<Near> =>
    (await this.#say<{ object: Near }>('leaks', '--at', at, '--object', object)).object
  /** The segment that an address lies in. */
  segment = async (at: number, address: number): Promise<HeldSegment> =>
    (await this.#say<{ segment: HeldSegment }>('explain', '--segment', address, '--at', at - 1)).segment
  traced = (index: number): Promise<Traced> => this.#say('trace-request', '--index', index)
  difference = (from: number, to: number): Promise<Record<string, unknown>> => this.#say('diff', '--since', from, '--until', to)
  timeline = (): Promise<{ marks: readonly { index: number; label: string }[]; objects?: { collections: readonly Ran[] } }> =>
    this.#say('timeline')

  /** Every fact of the log. @param file is written */
  async facts(file: string): Promise<readonly Fact[]> {
    await this.#say('replay', '--facts', file, '--force')
    return readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  }
}
