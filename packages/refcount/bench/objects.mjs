/**
 * What objects and counts cost: events a second from a batch, and the memory of ten million live objects.
 *
 *     npx tsc -b packages/refcount && node packages/refcount/bench/objects.mjs [passes]
 *
 * Each program is one batch that starts with no object; times are medians over the passes, each behind one that is not
 * measured, of processor time. "muted" is for the state alone, "facts" writes every fact. The last line is the process's own resident set.
 */
import { Columns, Emit, NO_ID, NOT_GIVEN } from '../../kernel/dist/index.js'
import { cpythonProfile, emptyHeap, LAYOUTS, REQUEST_OPCODES, refcountMechanism } from '../dist/index.js'

const PASSES = Number(process.argv[2] ?? 9)
const OBJECTS_MANY = 10_000_000
const { DefineType, CreateObject, AddReference, DropReference, BindName, EnterScope, LeaveScope } = REQUEST_OPCODES
const typeOf = (layout) => LAYOUTS.indexOf(layout)

/** Rows of a program. Types are numbered as their layouts are. */
class Program {
  rows = new Columns(1 << 16)
  objects = 0
  constructor() {
    LAYOUTS.forEach((_, layout) => {
      this.push(DefineType, layout, layout, 0)
    })
  }
  push(code, tag, id, other, size = 0, address = NOT_GIVEN) {
    this.rows.push(code, 0, tag, id, other, size, address)
  }
  create(layout, items = 0) {
    this.push(CreateObject, items, this.objects, typeOf(layout), 64)
    return this.objects++
  }
  hold(from, to) {
    this.push(AddReference, 0, to, from)
  }
  drop(from, to) {
    this.push(DropReference, 0, to, from)
  }
}

let seed = 1
function below(limit) {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return Math.floor((seed / 2 ** 32) * limit)
}

/** Functions are called, make a few objects, link them, and leave nothing behind. */
function calls(count) {
  const program = new Program()
  for (let scope = 0; scope < count; scope++) {
    program.push(EnterScope, 0, scope, NO_ID)
    const list = program.create('list')
    program.push(BindName, 0, list, scope, 1)
    program.drop(NO_ID, list)
    for (let place = 0; place < 4; place++) {
      const item = program.create(place % 2 === 0 ? 'tuple' : 'instance', 2)
      program.push(BindName, 0, item, scope, 2)
      program.hold(list, item)
      program.drop(NO_ID, item)
    }
    program.push(LeaveScope, 0, scope, 0)
  }
  return program.rows
}

/** A working set of objects that are replaced at random: what dies lies anywhere. */
function churn(count, live) {
  const program = new Program()
  const root = program.create('list')
  const slots = []
  for (let place = 0; place < count; place++) {
    const at = place < live ? place : below(live)
    const made = program.create(['instance', 'dict', 'list', 'slots'][place % 4])
    program.push(AddReference, 0, made, root, 0, at)
    if (slots[at] !== undefined) program.push(DropReference, 0, slots[at], root, 0, at)
    program.drop(NO_ID, made)
    slots[at] = made
    // What it holds is a neighbour's: chains stay short.
    const other = slots[at ^ 1]
    if (other !== undefined && at % 2 === 0) program.hold(made, other)
  }
  return program.rows
}

/** Counts go up and down and nothing dies. */
function counts(count, live) {
  const program = new Program()
  for (let place = 0; place < live; place++) program.create('instance')
  for (let place = 0; place < count; place += 2) {
    const object = below(live)
    program.hold(NO_ID, object)
    program.drop(NO_ID, object)
  }
  return program.rows
}

/** Trees of lists are built and fall. */
function trees(count) {
  const program = new Program()
  for (let tree = 0; tree < count; tree++) {
    const nodes = [program.create('list')]
    for (let node = 1; node < 31; node++) {
      nodes.push(program.create('list'))
      program.hold(nodes[(node - 1) >> 1], nodes[node])
      program.drop(NO_ID, nodes[node])
    }
    program.drop(NO_ID, nodes[0])
  }
  return program.rows
}

const median = (times) => times.sort((a, b) => a - b)[times.length >> 1]

function pass(empty, rows, emit) {
  const draft = refcountMechanism.thaw(empty)
  const start = process.cpuUsage()
  const rejected = refcountMechanism.applyBatch(draft, rows, 0, rows.length, emit)
  const { user, system } = process.cpuUsage(start)
  const took = (user + system) * 1000
  if (rejected >= 0)
    throw new Error(
      `row ${rejected}: ${refcountMechanism.explain(emit.reason, rows.code[rejected], rows.id[rejected], rows.other[rejected]).message}`,
    )
  emit.clear()
  return took
}

function timed(name, version, rows) {
  const empty = emptyHeap(cpythonProfile(version))
  const muted = new Emit({ muted: true })
  const loud = new Emit()
  const times = { muted: [], facts: [] }
  for (let round = 0; round < PASSES; round++) {
    for (const [kind, emit] of [
      ['muted', muted],
      ['facts', loud],
    ]) {
      pass(empty, rows, emit)
      times[kind].push(pass(empty, rows, emit))
    }
  }
  const cells = Object.values(times).map((list) => `${((rows.length * 1e3) / median(list)).toFixed(1)}`.padStart(8))
  console.log(`${name.padEnd(22)} ${version.padEnd(5)} ${String(rows.length).padStart(9)} ${cells.join(' ')}`)
}

/** Ten million live objects with two references each, made in batches that are thrown away. */
function many() {
  const draft = refcountMechanism.thaw(emptyHeap(cpythonProfile('3.13')))
  const emit = new Emit({ muted: true })
  const batch = 100_000
  const start = performance.now()
  let events = 0
  for (let first = 0; first < OBJECTS_MANY; first += batch) {
    const program = new Program()
    program.objects = first
    for (let place = 0; place < batch; place++) {
      const made = program.create(['instance', 'list', 'tuple', 'dict'][place % 4], 2)
      for (let times = 0; times < 2; times++) if (made > 0) program.hold(made, below(made))
    }
    const rejected = refcountMechanism.applyBatch(draft, program.rows, 0, program.rows.length, emit)
    if (rejected >= 0) throw new Error(`row ${rejected}`)
    events += program.rows.length
  }
  const seconds = (performance.now() - start) / 1e3
  const state = refcountMechanism.seal(draft)
  const resident = process.resourceUsage().maxRSS / 1024
  console.log(
    `${OBJECTS_MANY} live objects with 2 references each: ${events} events in ${seconds.toFixed(1)} s, writing them included; the process's resident set was ${resident.toFixed(0)} MiB at most (${state.at} events)`,
  )
}

if (process.argv[2] === 'many') many()
else {
  console.log(
    `${'program'.padEnd(22)} ${'rules'.padEnd(5)} ${'events'.padStart(9)} ${'muted'.padStart(8)} ${'facts'.padStart(8)}  million events a second`,
  )
  const programs = {
    calls: calls(60_000),
    counts: counts(1_000_000, 50_000),
    'churn of 1,000': churn(250_000, 1000),
    'churn of 100,000': churn(250_000, 100_000),
    trees: trees(10_000),
  }
  for (const version of ['3.10', '3.13']) for (const [name, rows] of Object.entries(programs)) timed(name, version, rows)
}
