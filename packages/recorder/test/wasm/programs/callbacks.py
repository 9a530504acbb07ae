import gc
import sys
import weakref


class Node:
    def __init__(self, name):
        self.me = self
        self.name = name

    def __del__(self):
        ended.append(self.name)
        if self.name % 7 == 0:
            saved.append(self)
        if self.name % 11 == 0:
            Node.kept = self


def forget(ref):
    called.append(registry.pop(ref))


ended, saved, called, quiet = [], [], [], []
registry = {}
live = weakref.WeakSet()
values = weakref.WeakValueDictionary()
gc.set_threshold(40, 3, 3)
for i in range(120):
    node = Node(i)
    registry[weakref.ref(node, forget)] = [i]
    live.add(node)
    values[i] = node
    if i % 5 == 0:
        node.seen = weakref.ref(node, quiet.append)
    if i % 10 == 0:
        node.both = [weakref.ref(node, called.append), weakref.ref(node)]
del node
print(gc.collect(), len(live), len(values), len(registry))
print(len(ended), [one.name for one in saved], Node.kept.name, len(called), len(quiet))
print(saved[0].me is saved[0], sys.getrefcount(saved[0]))
saved.clear()
Node.kept = None
print(gc.collect(), len(ended), gc.get_count()[1:])
watched = [Node(i) for i in (1, 2, 7)]
refs = [weakref.ref(one, called.append) for one in watched]
for one in watched:
    one.me = None
del watched, one
print(len(saved), [ref() is None for ref in refs], len(called), gc.get_count()[1:])
print(gc.collect())
