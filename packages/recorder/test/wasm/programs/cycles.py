import gc
import sys


class Node:
    def __init__(self, name):
        self.name = name
        self.other = None


def pair(n):
    left, right = Node(n), Node(-n)
    left.other, right.other = right, left
    return left


def ring(n):
    first = last = Node('first')
    for i in range(n):
        node = Node(i)
        last.other = node
        last = node
    last.other = first
    return first


gc.set_threshold(100, 5, 5)
kept = []
for i in range(300):
    one = pair(i)
    if i % 10 == 0:
        kept.append(one)
print(len(kept), sys.getrefcount(kept[0]), sys.getrefcount(kept[0].other))
for i in range(20):
    ring(i * 3)
print(gc.collect(), gc.collect(), gc.get_count())
del kept[::2]
print(gc.collect(0), gc.collect(1), gc.collect(2))
loop = []
loop.append(loop)
print(sys.getrefcount(loop))
del loop
print(gc.collect())
