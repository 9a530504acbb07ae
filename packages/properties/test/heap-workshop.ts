import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { compiled, sourcesOf } from '../../../scripts/tests/workshop.ts'
import type * as Allocator from '../../allocator/src/index.ts'
import type * as CycleGc from '../../cycle-gc/src/index.ts'
import type * as Machine from '../../machine/src/index.ts'
import { collectedHeap, type HeapComposition, type HeapParts, type HeapProfile, type ObjectParts } from '../src/index.ts'

const PACKAGES = ['kernel', 'allocator', 'refcount', 'cycle-gc', 'device-memory', 'host-memory', 'projections', 'machine'] as const
type Package = (typeof PACKAGES)[number]

/** A deliberately wrong rule: one place of one package's sources, written otherwise. */
export interface HeapMutation {
  readonly name: string
  readonly package: Package
  readonly file: string
  /** Occurs exactly once in the file. */
  readonly find: string
  readonly replace: string
}

/** Compositions of one copy of all packages. */
export interface Copy {
  readonly parts: HeapParts & ObjectParts
  readonly heap: HeapComposition<unknown>
  /** Loaded when it is asked for. */
  machine(): Promise<HeapComposition<unknown>>
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** Inside a package that has every dependency of the others; ignored by git. */
const CACHE = join(ROOT, 'refcount/node_modules/.cache')

/** Builds copies of the packages that objects go through, each with a rule written otherwise, and loads them beside the real ones. */
export class HeapWorkshop {
  readonly folder: string
  readonly #sources = new Map(PACKAGES.map((name) => [name, sourcesOf(join(ROOT, name, 'src'))]))
  readonly #compiled: ReadonlyMap<Package, ReadonlyMap<string, string>>

  constructor() {
    mkdirSync(CACHE, { recursive: true })
    this.folder = mkdtempSync(join(CACHE, 'heaps-'))
    writeFileSync(join(this.folder, 'package.json'), '{"type":"module"}\n')
    this.#compiled = new Map(
      [...this.#sources].map(([name, files]) => [name, new Map([...files].map(([file, text]) => [file, compiled(file, text)]))]),
    )
  }

  /** How often the text that a mutation looks for stands in its file. */
  occurrences({ package: name, file, find }: HeapMutation): number {
    return (this.#sources.get(name)?.get(file) ?? '').split(find).length - 1
  }

  /** All packages with one rule written otherwise; null: as they are. */
  async load(mutation: HeapMutation | null): Promise<Copy> {
    const folder = join(this.folder, mutation === null ? 'unchanged' : mutation.name.replaceAll(/[^a-z0-9]+/gi, '-'))
    for (const [name, files] of this.#compiled) {
      mkdirSync(join(folder, name), { recursive: true })
      for (const [file, text] of files) {
        const path = join(folder, name, file.replace(/\.ts$/, '.js'))
        mkdirSync(dirname(path), { recursive: true })
        writeFileSync(path, text)
      }
    }
    if (mutation !== null) {
      const source = this.#sources.get(mutation.package)?.get(mutation.file) ?? ''
      const path = join(folder, mutation.package, mutation.file.replace(/\.ts$/, '.js'))
      writeFileSync(
        path,
        compiled(
          mutation.file,
          source.replace(mutation.find, () => mutation.replace),
        ),
      )
    }
    const load = (name: Package): Promise<unknown> => import(/* @vite-ignore */ pathToFileURL(join(folder, name, 'index.js')).href)
    const allocator = (await load('allocator')) as typeof Allocator
    const collector = (await load('cycle-gc')) as typeof CycleGc
    const parts = { allocator, refcount: await load('refcount'), collector } as HeapParts & ObjectParts
    // The rules of a policy are functions: those of the copy.
    const copied = (profile: HeapProfile): HeapProfile => {
      const { policy } = collector.COLLECTOR_PROFILES.get(profile.collector.name) ?? profile.collector
      return { ...profile, collector: { ...profile.collector, policy } }
    }
    const machine = async (): Promise<HeapComposition<unknown>> => {
      const { machineMechanism, emptyMachine, cpythonProfile, objectsOf, collectorOf, heapOf } = (await load('machine')) as typeof Machine
      const composition: HeapComposition<Machine.MachineState> = {
        name: 'machine',
        parts,
        mechanism: machineMechanism,
        initial: (profile) =>
          emptyMachine({ ...cpythonProfile('3.13'), ...copied(profile), nanosecondsPerVisit: 1 }, allocator.simulatedSystem()),
        objects: objectsOf,
        collector: collectorOf,
        allocator: (state) => heapOf(state),
      }
      return composition as HeapComposition<unknown>
    }
    const real = collectedHeap(parts)
    const heap = { ...real, initial: (profile: HeapProfile) => real.initial(copied(profile)) }
    return { parts, heap: heap as HeapComposition<unknown>, machine }
  }
}
