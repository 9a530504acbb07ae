import gc
import sys

print(gc.isenabled(), gc.get_threshold()[1])
gc.disable()
garbage = 0
for i in range(200):
    a = []
    a.append(a)
print(gc.get_count()[1:])
gc.enable()
gc.set_threshold(30, 2, 2)
for i in range(200):
    a = [i]
    a.append(a)
print(gc.get_count()[1:])
gc.set_threshold(1000)
kept = [{'i': i, 'list': [i]} for i in range(100)]
gc.freeze()
frozen = gc.get_freeze_count() > 0
b = [kept]
b.append(b)
del b
print(frozen, gc.collect())
gc.unfreeze()
for i in range(50):
    kept[i]['self'] = kept[i]
del kept[:50]
print(gc.collect(1), gc.collect(), gc.get_count())
gc.set_threshold(0)
for i in range(1500):
    c = (i, [i])
print(gc.get_count()[1:], gc.collect())
