import gc
import sys

log = []
saved = []


class Loud:
    def __init__(self, name, saves=False):
        self.name = name
        self.saves = saves

    def __del__(self):
        log.append(self.name)
        if self.saves:
            saved.append(self)


gc.set_threshold(60, 4, 4)
for i in range(20):
    one = Loud(i)
print(log[:3], len(log), sys.getrefcount(one))
pair = [Loud('a'), Loud('b')]
pair[0].other, pair[1].other = pair[1], pair[0]
del pair
print(gc.collect(), log[-2:])
back = Loud('back', saves=True)
del back
print(len(saved), sys.getrefcount(saved[0]))
saved.clear()
print(log.count('back'))
cycle = Loud('cycle', saves=True)
cycle.self = cycle
del cycle
print(gc.collect(), len(saved), gc.get_count()[1:])
saved[0].self = None
saved.clear()
print(log.count('cycle'))
many = [Loud(i) for i in range(100)]
for one in many:
    one.ring = many
del many, one
print(gc.collect() >= 100, len(log))
