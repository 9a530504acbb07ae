import gc
import sys
import weakref


class Thing:
    def __init__(self, name):
        self.name = name


gone = []
gc.set_threshold(90, 4, 4)
things = [Thing(i) for i in range(30)]
refs = [weakref.ref(thing, lambda ref: gone.append(ref)) for thing in things]
plain = [weakref.ref(thing) for thing in things]
print(sum(ref() is not None for ref in refs), plain[0] is weakref.ref(things[0]))
del things[10:]
print(len(gone), sys.getrefcount(things[0]))
values = weakref.WeakValueDictionary()
for thing in things:
    values[thing.name] = thing
keys = weakref.WeakKeyDictionary({thing: [thing.name] for thing in things})
del thing
del things[5:]
print(len(values), len(keys), len(gone))
cyclic = [Thing(i) for i in range(20)]
for one in cyclic:
    one.self = one
watched = weakref.WeakSet(things)
final = weakref.finalize(things[0], print, 'finalized')
del cyclic, one
print(gc.collect() > 0, len(watched))
del things
print(len(gone), gc.get_count()[1:])
