/** A program as a Python script, and the frame in which a process runs one after the other. */

import { CHAIN_LENGTHS } from './calling.ts'
import { FUNCTIONS } from './codes.ts'
import { THRESHOLDS } from './collecting.ts'
import { CLASSES, type ObjectType, TYPES } from './types.ts'

const PARAMETERS = ['', 'x', 'x, y']

/**
 * What a process runs once: names that programs use, and `run(source)`, which runs one program and returns its lines.
 * What it needs is frozen, so that the generations hold the program's objects only.
 */
export const HARNESS = `
import gc, sys, weakref
from gc import (collect, disable, enable, freeze, get_count, get_freeze_count, get_objects, get_stats, is_tracked,
    set_debug, set_threshold, unfreeze, garbage, callbacks)
from sys import getrefcount
ref = weakref.ref
saveall = gc.DEBUG_SAVEALL
half = 0.5
limits = ${JSON.stringify(THRESHOLDS)}
limits = [tuple(limit) for limit in limits]
loops = {length: range(length) for length in ${JSON.stringify(CHAIN_LENGTHS)}}
names = {}
log = []
append = log.append
deed = 0
${CLASSES.map(classText).join('\n')}
class Key(int):
    pass
def observer(phase, info):
    if phase == "start":
        append(f"start {info['generation']} @{deed}")
    else:
        append(f"stop {info['generation']} {info['collected']} {info['uncollectable']} @{deed}")
def silent(phase, info):
    pass
disable()
unfreeze()
for _ in range(4):
    observer("start", {"generation": 0})
    observer("stop", {"generation": 0, "collected": 0, "uncollectable": 0})
    silent("start", None)
    collect()
log.clear()
def run(source):
    code = compile(source, "program", "exec")
    space = {"kept": [], "_": 0}
    try:
        exec(code, globals(), space)
    finally:
        callbacks.clear()
        disable()
        lines = "\\n".join(log)
        set_debug(0)
        space.clear()
        garbage.clear()
        if source.count("freeze()\\n") > 1:
            unfreeze()
        collect()
        collect()
        names.clear()
        log.clear()
    return lines
`

/** The head of every program: its functions, then an empty heap, empty free lists and the counts at zero. */
const HEAD = `global deed
deed = 0
def called(weak):
    append(f"weak {names[id(weak)]}")
def die(self):
    append(f"del {names[id(self)]}")
def rise(self):
    append(f"del {names[id(self)]}")
    self.g.append(self)
${FUNCTIONS.map(({ name, parameters, body }) => `def ${name}(${PARAMETERS[parameters]}):\n    ${body}`).join('\n')}
${TYPES.map(finalizerText).join('')}collect()
collect()
freeze()
collect()
append(f"frozen {get_freeze_count()}")
callbacks.append(observer)
`

/** A class; its attributes are known to it in their order before it gets a finalizer. */
function classText({ name, layout, attributes, isWeaklyReferable }: ObjectType): string {
  const letters = [...attributes]
  const slots = letters.map((letter) => `"${letter}"`).join(', ')
  if (layout === 'slots') return `class ${name}:\n    __slots__ = (${slots}${isWeaklyReferable ? ', "__weakref__"' : ''})`
  const order = letters.map((letter) => `made.${letter} = 0`)
  return [`class ${name}:\n    def method(self):\n        pass`, `made = ${name}()`, ...order, 'del made'].join('\n')
}

/** Each program has finalizers of its own, whose code was never called before. */
function finalizerText({ name, finalizer }: ObjectType): string {
  return finalizer === 'none' ? '' : `${name}.__del__ = ${finalizer === 'plain' ? 'die' : 'rise'}\n`
}

/** The whole source of a program. */
export function sourceOf(lines: readonly string[]): string {
  return `${HEAD}${lines.join('\n')}\n`
}

/**
 * A program to be run first, whatever it prints: some objects of the runtime are made when a thing is done for the first
 * time in a process.
 */
export const WARM_UP = sourceOf([
  'enable()',
  'set_threshold(*limits[1])',
  'v1 = []',
  'for v0 in (Dying(), Ending(), Rising(), Climbing()):',
  ' names[id(v0)] = 0',
  ' if type(v0) in (Rising, Climbing): v0.g = v1',
  ' v2 = ref(*(v0, called))',
  ' names[id(v2)] = 0',
  'v0 = v1 = v2 = None',
  'v0 = lambda x=[]: None',
  'v0 = Plain().method, [].append, {Bare()}, half + half, repr(ref(*(Slotted(),)))',
  'for _ in loops[200]: v0 = ([v0],)',
  'take(v0), knot(), build(v0)',
  'append(f"{get_stats()!r} {get_count()!r} {len(get_objects(0))!r} {getrefcount(v0)!r} {is_tracked(v0)!r}")',
  'set_debug(saveall)',
  'knot()',
  'unfreeze()',
  'append(f"{collect(0)!r} {collect(1)!r} {collect(2)!r} {len(garbage)!r}")',
  'freeze()',
])

/**
 * What a script printed: the objects of the runtime that were frozen when it began, and the lines of the program.
 *
 * @throws if the first line is not the number of frozen objects
 */
export function readLines(printed: string): { readonly background: number; readonly lines: readonly string[] } {
  const [first = '', ...lines] = printed.split('\n')
  const [, frozen = ''] = /^frozen (\d+)$/.exec(first) ?? []
  if (frozen === '') throw new Error(`a script printed ${JSON.stringify(first)} first`)
  return { background: Number(frozen), lines }
}
