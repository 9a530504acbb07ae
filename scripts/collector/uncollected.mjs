/**
 * Counts, in a real interpreter's memory, the containers that nothing outside of them holds: what a full collection would find now.
 * It reads only: no reference is taken and no Python code runs.
 */
const TYPE = { flags: 84, traverse: 92 }
const HAS_HEADER = 1 << 14

export class Uncollected {
  #module
  #containers = new Set()
  #visit
  #onReference = () => undefined

  constructor(module) {
    this.#module = module
    this.#visit = module.addFunction((object) => {
      this.#onReference(object)
      return 0
    }, 'iii')
  }

  born(address) {
    if ((this.#word(this.#word(address + 4) + TYPE.flags) & HAS_HEADER) !== 0) this.#containers.add(address)
  }

  died(address) {
    this.#containers.delete(address)
  }

  /** Trial deletion among the program's own containers: whatever else holds one of them, holds it from outside. */
  count() {
    const outside = new Map()
    for (const address of this.#containers) {
      if (this.#module._PyObject_GC_IsTracked(address) !== 0) outside.set(address, this.#word(address))
    }
    this.#onReference = (to) => {
      const count = outside.get(to)
      if (count !== undefined) outside.set(to, count - 1)
    }
    for (const address of outside.keys()) this.#traverse(address)
    const waiting = [...outside].filter(([, count]) => count > 0).map(([address]) => address)
    const reached = new Set(waiting)
    this.#onReference = (to) => {
      if (!outside.has(to) || reached.has(to)) return
      reached.add(to)
      waiting.push(to)
    }
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) this.#traverse(next)
    return outside.size - reached.size
  }

  #traverse(address) {
    const traverse = this.#word(this.#word(address + 4) + TYPE.traverse)
    if (traverse !== 0) this.#module.wasmTable.get(traverse)(address, this.#visit, 0)
  }

  #word(address) {
    return this.#module.HEAP32[address >> 2]
  }
}
