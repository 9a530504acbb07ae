"""Does what `program.ts` says, and prints as JSON what a real interpreter answers, in the order of its observations."""
import gc
import json
import sys
import weakref

gc.disable()
seen = []
put = seen.append
numbers = {}


class Node:
    pass


class Ending:
    def __del__(self):
        put("finalizer %d" % numbers[id(self)])


made = Node()
made.a = 0
del made


def called(weak):
    put("weakCallback %d" % numbers[id(weak)])


def observer(phase, info):
    if phase == "stop":
        put("collection " + str(info["generation"]) + " " + str(info["collected"]) + " " + str(info["uncollectable"]))


def count_of_local():
    x = []
    return sys.getrefcount(x)


gc.collect()
gc.collect()
gc.get_objects(generation=0)
before = gc.get_stats()
gc.freeze()
frozen = gc.get_freeze_count()
gc.callbacks.append(observer)

a = Node()
b = Node()
a.a = b
b.a = a
numbers[id(a)] = 1
put("refcount " + str(sys.getrefcount(a)))
put("refcount " + str(sys.getrefcount(b.a)))
put("tracked " + str(gc.is_tracked(a)))
l = []
t = (l,)
d = {}
put("refcount " + str(sys.getrefcount(l)))
put("tracked " + str(gc.is_tracked(t)))
put("tracked " + str(gc.is_tracked(d)))
d[0] = l
put("tracked " + str(gc.is_tracked(d)))
put("refcount " + str(count_of_local()))
w = weakref.ref(a, called)
numbers[id(w)] = 6
e = Ending()
numbers[id(e)] = 7
f = Ending()
numbers[id(f)] = 8
f.me = f
del e
del f
del a
del b
gc.collect(1)
gc.collect(2)
put("tracked " + str(gc.is_tracked(t)))
c = Node()
numbers[id(c)] = 10
c.a = c
g = [t]
numbers[id(g)] = 11
g.append(g)
del c
del g
gc.set_debug(gc.DEBUG_SAVEALL)
gc.collect(2)
gc.set_debug(0)
put("garbage " + " ".join([str(numbers.get(id(kept))) for kept in gc.garbage]))
gc.garbage.clear()
gc.collect(0)
x = []
y = []
counts = gc.get_count()
put("collectorCounts " + " ".join([str(count) for count in counts]))
del counts
after = gc.get_stats()
put("generationStats " + " ".join([str(now[key] - then[key]) for now, then in zip(after, before) for key in ("collections", "collected", "uncollectable")]))
del after
gc.collect(2)
put("generationObjects " + str(len(gc.get_objects(generation=2))))
put("trackedObjects " + str(len(gc.get_objects())))
gc.freeze()
put("frozenObjects " + str(gc.get_freeze_count() - frozen))
print(json.dumps({sys.version.split()[0]: seen}))
