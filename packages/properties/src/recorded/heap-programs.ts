/** Object graphs with the layouts, sizes, references and lifetimes of real scripts. */
import type { Layout } from '@reheap/refcount'
import fc, { type Arbitrary } from 'fast-check'
import { HeapAuthor } from '../heap/author.ts'
import { type HeapSetting, heapProfile } from '../heap/profiles.ts'
import type { HeapProgram } from '../heap/programs.ts'
import { inTime, type Sized, sizedOf } from './lives.ts'
import { RECORDED_OBJECTS } from './objects.ts'

interface Birth extends Sized {
  readonly layout: Layout
  /** For each reference, how many births later than the holder its target was made; below 0: earlier. */
  readonly reaches: readonly number[]
}

/** Weak references are made for an object, not by themselves. */
const LAYOUTS = RECORDED_OBJECTS.layouts.filter(({ layout }) => layout !== 'weakref')
/** A dict of a hundred is measured as such, and a program here has no hundred objects. */
const REFERENCES_MAX = 12

const births: Arbitrary<Birth> = fc.oneof(
  ...LAYOUTS.map(({ layout, weight, parts, degrees, reaches }) => ({
    weight,
    arbitrary: fc.tuple(sizedOf(parts), fc.constantFrom(...degrees), fc.array(fc.nat(63), { minLength: 12, maxLength: 12 })).map(
      ([sized, degree, picks]): Birth => ({
        ...sized,
        layout,
        reaches: picks.slice(0, Math.min(degree, REFERENCES_MAX)).map((pick) => reaches[pick % reaches.length] ?? -1),
      }),
    ),
  })),
)

/** Writes births as a program: what is older is held from birth on, what is younger once it is there. */
class Script {
  readonly author: HeapAuthor
  readonly #hasCollector: boolean
  /** Number of each birth's object. */
  readonly #ids = new Map<number, number>()
  /** Births that wait for a younger one, to hold it. */
  readonly #waiting = new Map<number, number[]>()

  constructor(setting: HeapSetting, hasCollector: boolean) {
    this.author = new HeapAuthor(heapProfile(setting), { first: 1, step: 1 })
    this.#hasCollector = hasCollector
  }

  #object(birth: number) {
    return this.author.known.objects.get(this.#ids.get(birth) ?? -1)
  }

  born({ layout, bytes, reaches }: Birth, at: number): void {
    const older = reaches.filter((reach) => reach < 0).flatMap((reach) => this.#object(at + reach) ?? [])
    const object = this.author.create(layout, older, bytes)
    this.#ids.set(at, object.id)
    for (const reach of reaches.filter((reach) => reach >= 0)) this.#waiting.set(at + reach, [...(this.#waiting.get(at + reach) ?? []), at])
    for (const waiting of this.#waiting.get(at) ?? []) {
      const holder = this.#object(waiting)
      if (holder !== undefined && this.author.containers().includes(holder)) this.author.link(holder, object)
    }
    // A script's lines end in a look at the eval breaker, where later versions collect.
    if (this.#hasCollector) this.author.say({ kind: 'CheckEvalBreaker' })
  }

  ended(at: number): void {
    const object = this.#object(at)
    if (object !== undefined && object.outside > 0) this.author.release(object)
  }
}

/** Programs with the graphs of {@link RECORDED_OBJECTS}. @param hasCollector do they speak to the collector? */
export const measuredHeapPrograms = (settings: Arbitrary<HeapSetting>, hasCollector = true, birthsMax = 60): Arbitrary<HeapProgram> =>
  fc.tuple(settings, fc.array(births, { maxLength: birthsMax, size: 'max' })).map(([setting, made]) => {
    const script = new Script(setting, hasCollector)
    inTime(made, { born: (birth, at) => script.born(birth, at), ended: (_, at) => script.ended(at) })
    return { setting, requests: script.author.requests }
  })
