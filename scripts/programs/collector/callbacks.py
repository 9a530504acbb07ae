"""Instances in rings that weak references watch: callbacks empty a registry, a WeakSet and a weak dictionary, finalizers save some for good."""
import gc
import weakref

gc.set_threshold(700, 10, 10)

TURNS = 700
BALLAST = 0


class Watched:
    made = 0

    def __init__(self):
        self.next = self
        self.number = Watched.made
        Watched.made += 1

    def __del__(self):
        if self.number % 50 == 0:
            saved.append(self)


def forget(reference):
    del registry[reference]


def ring(length):
    first = Watched()
    last = first
    for _ in range(length - 1):
        one = Watched()
        last.next = one
        last = one
    last.next = first
    return first


ballast = [[number] for number in range(BALLAST)]
saved = []
registry = {}
live = weakref.WeakSet()
values = weakref.WeakValueDictionary()
for turn in range(TURNS):
    held = ring(1 + turn % 3)
    registry[weakref.ref(held, forget)] = turn
    if turn % 2 == 0:
        live.add(held)
    if turn % 5 == 0:
        values[turn] = held
held = None
# Whoever records it sees every finalizer run.
gc.collect()
print(Watched.made)
