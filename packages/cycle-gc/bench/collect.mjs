/**
 * A full collection of a million objects, ours and CPython's on the same graphs, in one run: live, and all garbage, cleared
 * by the counts of @reheap/refcount. Needs both packages built, and a native CPython.
 *
 *     node packages/cycle-gc/bench/collect.mjs [python] [objects] [rounds]
 */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Columns, Emit } from '@reheap/kernel'
import {
  connectTracking,
  emptyHeap,
  heapEditor,
  heapView,
  refcountMechanism,
  cpythonProfile as refcountProfile,
  refcountWording,
} from '../../refcount/dist/index.js'
import { collectorMechanism, collectorPort, collectorProfile, collectorWording, emptyCollector } from '../dist/index.js'

const [python = 'python3', objectsText = '1000000', roundsText = '5'] = process.argv.slice(2)
const OBJECTS = Number(objectsText)
const ROUNDS = Number(roundsText)
const SEED = 20_251_125
const FACTOR = 16_807
const MODULUS = 2_147_483_647
const VERSION = '3.11'
const LIST = 0
const INSTANCE = 1
const CLASS = 2
const KEEPER = 3
const FIRST = 10

/** Two mechanisms on one heap, as the machine composes them. */
class Heap {
  constructor() {
    this.emit = new Emit({ muted: true })
    this.objects = refcountMechanism.thaw(emptyHeap(refcountProfile(VERSION)))
    this.collector = collectorMechanism.thaw(emptyCollector({ ...collectorProfile(VERSION), thresholds: [0, 10, 10] }))
    const moment = { emit: this.emit, cause: 0 }
    this.port = collectorPort(this.collector, heapView(this.objects), heapEditor(this.objects), moment)
    connectTracking(this.objects, this.port)
    this.rows = new Columns(1 << 16)
    this.define(LIST, 'list')
    this.define(INSTANCE, 'instance')
    this.define(CLASS, 'type')
  }

  define(type, layout) {
    this.do({ kind: 'DefineType', type, layout, name: layout })
  }

  do(request) {
    refcountWording.write(request, this.rows)
    if (this.rows.length >= 1 << 15) this.flush()
  }

  make(object, type) {
    this.do({ kind: 'CreateObject', object, type, bytes: 64 })
  }

  refer(from, to) {
    this.do({ kind: 'AddReference', from, to })
  }

  letGo(to) {
    this.do({ kind: 'DropReference', from: null, to })
  }

  flush() {
    this.apply(refcountMechanism, this.objects, this.rows)
    this.rows.clear()
  }

  apply(mechanism, draft, rows) {
    const rejected = mechanism.applyBatch(draft, rows, 0, rows.length, this.emit)
    if (rejected >= 0) throw new Error(`row ${rejected} rejected for reason ${this.emit.reason}`)
  }

  /** Seconds of the processor for one full collection, whatever else the machine does, and what it collected. */
  collect() {
    this.flush()
    const rows = new Columns(1)
    collectorWording.write({ kind: 'Collect', generation: 2 }, rows)
    const before = this.port.stats(2).collected
    const start = process.cpuUsage()
    this.apply(collectorMechanism, this.collector, rows)
    const { user, system } = process.cpuUsage(start)
    return { seconds: (user + system) / 1e6, collected: this.port.stats(2).collected - before }
  }
}

/** What makes a graph, and what makes it garbage: the same as in collect.py. */
const GRAPHS = {
  random: {
    make(heap, count) {
      heap.make(KEEPER, LIST)
      for (let at = 0; at < count; at++) {
        heap.make(FIRST + at, LIST)
        heap.refer(KEEPER, FIRST + at)
        heap.letGo(FIRST + at)
      }
      let state = SEED
      for (let at = 0; at < count; at++) {
        for (let item = 0; item < 2; item++) {
          state = (state * FACTOR) % MODULUS
          heap.refer(FIRST + at, FIRST + (state % count))
        }
      }
    },
    close(heap) {
      heap.refer(KEEPER, KEEPER)
      heap.letGo(KEEPER)
    },
  },
  chain: {
    make(heap, count) {
      heap.make(FIRST, LIST)
      for (let at = 1; at < count; at++) {
        heap.make(FIRST + at, LIST)
        heap.refer(FIRST + at, FIRST + at - 1)
        heap.letGo(FIRST + at - 1)
      }
    },
    close(heap, count) {
      heap.refer(FIRST, FIRST + count - 1)
      heap.letGo(FIRST + count - 1)
    },
  },
  instances: {
    make(heap, count) {
      heap.make(KEEPER, CLASS)
      for (let at = 0; at < count; at++) heap.make(FIRST + at, INSTANCE)
      for (let at = 0; at < count; at++) heap.refer(FIRST + at, KEEPER)
      for (let at = 1; at < count; at++) {
        heap.refer(FIRST + Math.floor((at - 1) / 2), FIRST + at)
        heap.letGo(FIRST + at)
      }
    },
    close(heap, count) {
      heap.refer(FIRST + count - 1, FIRST)
      heap.letGo(FIRST)
    },
  },
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1]

function live(graph, count, rounds) {
  const heap = new Heap()
  graph.make(heap, count)
  heap.collect()
  return Array.from({ length: rounds }, () => heap.collect().seconds)
}

function garbage(graph, count, rounds) {
  return Array.from({ length: rounds }, () => {
    const heap = new Heap()
    graph.make(heap, count)
    graph.close(heap, count)
    const { seconds, collected } = heap.collect()
    if (collected < count) throw new Error(`${collected} of ${count} objects collected`)
    return seconds
  })
}

for (const graph of Object.values(GRAPHS)) {
  live(graph, 20_000, 20)
  garbage(graph, 20_000, 20)
}
const script = fileURLToPath(new URL('collect.py', import.meta.url))
const native = JSON.parse(execFileSync(python, [script, String(OBJECTS), String(ROUNDS)], { encoding: 'utf8' }))
console.log(
  `${OBJECTS.toLocaleString('en')} objects, median of ${ROUNDS}; native: ${execFileSync(python, ['-V'], { encoding: 'utf8' }).trim()}`,
)
console.log('graph               ours ms   native ms   ours/native')
for (const [name, graph] of Object.entries(GRAPHS)) {
  for (const [kind, measure] of Object.entries({ live, garbage })) {
    const ours = median(measure(graph, OBJECTS, ROUNDS))
    const theirs = median(native[`${name} ${kind}`])
    const cells = [(ours * 1000).toFixed(0).padStart(10), (theirs * 1000).toFixed(0).padStart(11), (ours / theirs).toFixed(2).padStart(13)]
    console.log(`${`${name} ${kind}`.padEnd(18)}${cells.join(' ')}`)
  }
}
