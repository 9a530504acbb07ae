const TYPE = 4
const TRAVERSE = 92

/**
 * Tells when a collection begins: it goes through its objects before it changes anything. The types' `tp_traverse` are
 * replaced while no collection runs, and put back as soon as one of them is called.
 */
export class CollectionStart {
  #module
  #onStart
  /** By place of a type's `tp_traverse`: the interpreter's own function, and the one that listens. */
  #functions = new Map()
  #isListening = false

  constructor(module, onStart) {
    this.#module = module
    this.#onStart = onStart
  }

  /** An object was born: a collection may go through those of its type. */
  born(object) {
    const place = (this.#module.HEAP32[(object + TYPE) >> 2] + TRAVERSE) >> 2
    if (this.#functions.has(place)) return
    const own = this.#module.HEAP32[place]
    if (own === 0) return
    const original = this.#module.wasmTable.get(own)
    const listening = this.#module.addFunction((traversed, visit, argument) => {
      this.ignore()
      this.#onStart()
      return original(traversed, visit, argument)
    }, 'iiii')
    this.#functions.set(place, { own, listening })
    if (this.#isListening) this.#module.HEAP32[place] = listening
  }

  listen() {
    if (this.#isListening) return
    this.#isListening = true
    for (const [place, { listening }] of this.#functions) this.#module.HEAP32[place] = listening
  }

  ignore() {
    if (!this.#isListening) return
    this.#isListening = false
    for (const [place, { own }] of this.#functions) this.#module.HEAP32[place] = own
  }
}
