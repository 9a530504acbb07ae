/** The collector by definition: sets, and searches for what is reachable. No lists, no order, no trial deletion. */

interface Naive {
  readonly references: number[]
  held: number
  /** 3: frozen. */
  generation: number
  /** Where its finalizer stores it; null: nowhere; undefined: it has none, or it ran. */
  into: number | null | undefined
}

const OLDEST = 2
const FROZEN = 3

export class NaiveCollector {
  readonly objects = new Map<number, Naive>()
  readonly counts = [0, 0, 0]
  readonly collections = [0, 0, 0]
  readonly collected = [0, 0, 0]
  thresholds: readonly number[]
  isEnabled = true
  readonly #collectsInAllocation: boolean
  #isDue = false
  #isCollecting = false
  #total = 0
  #pending = 0

  constructor(thresholds: readonly number[], collectsInAllocation: boolean) {
    this.thresholds = thresholds
    this.#collectsInAllocation = collectsInAllocation
  }

  make(object: number): void {
    this.#count(1)
    if (this.isEnabled && this.thresholds[0] !== 0 && (this.counts[0] ?? 0) > (this.thresholds[0] ?? 0)) {
      if (this.#collectsInAllocation) this.#collectWhatIsDue()
      else this.#isDue = true
    }
    this.objects.set(object, { references: [], held: 1, generation: 0, into: undefined })
  }

  hold(from: number | null, to: number): void {
    if (from === null) this.#object(to).held++
    else this.#object(from).references.push(to)
  }

  /** @returns was there one? */
  letGo(from: number | null, to: number): boolean {
    if (from === null) {
      if (this.#object(to).held === 0) return false
      this.#object(to).held--
    } else {
      const { references } = this.#object(from)
      const at = references.lastIndexOf(to)
      if (at < 0) return false
      references.splice(at, 1)
    }
    this.#bury()
    return true
  }

  checkEvalBreaker(): void {
    const runs = this.#isDue && this.isEnabled && !this.#isCollecting
    this.#isDue = false
    if (runs) this.#collectWhatIsDue()
  }

  collect(generation: number): void {
    for (let age = 0; age <= generation; age++) this.counts[age] = 0
    if (generation < OLDEST) this.counts[generation + 1] = (this.counts[generation + 1] ?? 0) + 1
    const region = new Set([...this.objects].filter(([, { generation: age }]) => age <= generation).map(([id]) => id))
    const garbage = this.#unreachableIn(region)
    const survivors = region.size - garbage.size
    if (generation === OLDEST) [this.#total, this.#pending] = [survivors, 0]
    if (generation === OLDEST - 1) this.#pending += survivors
    for (const id of region) this.#object(id).generation = Math.min(generation + 1, OLDEST)
    this.#isCollecting = true
    for (const id of garbage) this.#finalize(id)
    const cleared = this.#unreachableIn(garbage)
    for (const id of cleared) this.#object(id).references.length = 0
    this.#bury()
    this.#isCollecting = false
    this.collections[generation] = (this.collections[generation] ?? 0) + 1
    this.collected[generation] = (this.collected[generation] ?? 0) + cleared.size
  }

  /** What nothing outside of a full collection's region holds. */
  unreachable(): ReadonlySet<number> {
    return this.#unreachableIn(new Set([...this.objects].filter(([, { generation }]) => generation !== FROZEN).map(([id]) => id)))
  }

  move(from: (generation: number) => boolean, to: number): void {
    for (const object of this.objects.values()) if (from(object.generation)) object.generation = to
  }

  generation(of: number): readonly number[] {
    return [...this.objects].flatMap(([id, { generation }]) => (generation === of ? [id] : [])).sort((a, b) => a - b)
  }

  #object(id: number): Naive {
    return this.objects.get(id) as Naive
  }

  #count(by: number): void {
    this.counts[0] = Math.max(0, (this.counts[0] ?? 0) + by)
  }

  #collectWhatIsDue(): void {
    const isAbove = (generation: number): boolean => (this.counts[generation] ?? 0) > (this.thresholds[generation] ?? 0)
    if (isAbove(2) && this.#pending >= Math.floor(this.#total / 4)) this.collect(2)
    else if (isAbove(1)) this.collect(1)
    else if (isAbove(0)) this.collect(0)
  }

  #unreachableIn(region: ReadonlySet<number>): ReadonlySet<number> {
    const reached = new Set<number>()
    const open: number[] = []
    for (const [id, { references, held }] of this.objects) {
      if (region.has(id) && held > 0) open.push(id)
      if (!region.has(id)) open.push(...references)
    }
    while (open.length > 0) {
      const id = open.pop() as number
      if (!region.has(id) || reached.has(id)) continue
      reached.add(id)
      open.push(...this.#object(id).references)
    }
    return new Set([...region].filter((id) => !reached.has(id)))
  }

  /** Runs the finalizer once; it is a Python function, which looks at the eval breaker first. */
  #finalize(id: number): void {
    const { into } = this.#object(id)
    if (into === undefined) return
    this.#object(id).into = undefined
    this.checkEvalBreaker()
    if (into !== null) this.objects.get(into)?.references.push(id)
  }

  /** Objects that nothing refers to die, one after another; a finalizer may let one live. */
  #bury(): void {
    const isHeld = (id: number): boolean =>
      this.#object(id).held > 0 || [...this.objects.values()].some(({ references }) => references.includes(id))
    for (
      let dead = [...this.objects.keys()].find((id) => !isHeld(id));
      dead !== undefined;
      dead = [...this.objects.keys()].find((id) => !isHeld(id))
    ) {
      if (this.#object(dead).into !== undefined) {
        this.#object(dead).held++
        this.#finalize(dead)
        this.#object(dead).held--
        if (isHeld(dead)) continue
      }
      this.objects.delete(dead)
      this.#count(-1)
    }
  }
}
