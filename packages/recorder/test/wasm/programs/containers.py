import collections
import gc
import heapq
import sys

gc.set_threshold(80, 5, 5)
Point = collections.namedtuple('Point', 'x y')
points = [Point([i], i) for i in range(30)]
queue = collections.deque(points, maxlen=20)
queue.rotate(3)
heap = []
for point in points:
    heapq.heappush(heap, (-point.y, point))
print(len(queue), heap[0][0], sys.getrefcount(points[5]))
groups = collections.defaultdict(list)
for point in points:
    groups[point.y % 4].append(point)
ordered = collections.OrderedDict((k, v) for k, v in sorted(groups.items()))
ordered.move_to_end(0)
print(list(ordered), sys.getrefcount(groups[1]))
a = [[1], [2]]
a[0], a[1] = a[1], a[0]
b = a * 3
b.extend(a)
c = set(map(tuple, b))
d = dict(zip('abc', [[], [], []]))
d['a'], d['b'] = d['b'], d['a']
d.pop('c')
print(len(b), len(c), len(d), sys.getrefcount(a[0]))
hooks = [sys.get_asyncgen_hooks()]  # which the collector does not see
hooked = [hooks]
e = bytearray(b'x') * 100
f = memoryview(e)[10:20]
print(len(f), str(Point(1, 2)))
x = [points, queue, heap]
x.append(x)
del x, points, queue, heap, point, groups, ordered
print(gc.collect() > 0, gc.get_count()[1:])
