import gc
import sys


def countdown(n):
    held = [n]
    while n > 0:
        n -= 1
        held.append((n, held))
        yield held[-1]


def chain(*parts):
    for part in parts:
        yield from part


gc.set_threshold(50, 5, 5)
total = 0
for number, held in chain(countdown(20), countdown(10)):
    total += number
print(total)
paused = [countdown(5) for _ in range(30)]
for one in paused:
    next(one)
print(sys.getrefcount(paused[0]), len(paused))
pairs = tuple((i, [i]) for i in range(40))
print(len(pairs), sum(i for i, _ in pairs))
numbers = tuple(n * 1000 for n in range(25))
print(sum(numbers))
for one in paused[:10]:
    one.close()
del paused
coroutine = (lambda: (yield))()
next(coroutine)
try:
    coroutine.send([1])
except StopIteration:
    pass
def closing():
    kept = []
    try:
        yield kept
    finally:
        kept.append(kept)
        made = [[] for _ in range(20)]


# Dropped in the middle: what is left of the call runs while it ends.
paused = closing()
next(paused)
del paused


async def waiting():
    try:
        await pausing()
    finally:
        made = [[] for _ in range(20)]


class pausing:
    def __await__(self):
        yield self


paused = waiting()
paused.send(None)
del paused
print(gc.collect() >= 0, gc.get_count())
