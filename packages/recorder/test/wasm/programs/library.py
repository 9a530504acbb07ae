import collections
import gc
import weakref


class Thing:
    pass


gc.set_threshold(60, 3, 3)
things = [Thing() for _ in range(20)]
for thing in things:
    thing.me = thing
known = weakref.WeakSet(things)
by_number = weakref.WeakValueDictionary(enumerate(things))
print(len(known), len(by_number))
del things, thing
print(gc.collect(), len(known), len(by_number), gc.get_count())
queue = collections.deque(([i] for i in range(40)), maxlen=30)
order = collections.OrderedDict((i, [i]) for i in range(40))
groups = collections.defaultdict(list)
for i in range(50):
    groups[i % 7].append([i])
Point = collections.namedtuple('Point', 'x y')
points = [Point(i, [i]) for i in range(40)]
chained = collections.ChainMap(groups, order)
print(len(queue), len(order), len(groups), points[3].x, len(chained))
queue.append(queue)
groups[0].append(groups)
points[0].y.append(points)
chained.me = chained
del queue, order, groups, points, chained
print(gc.collect(), gc.get_count()[1:])
