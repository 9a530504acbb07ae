import gc, sys, weakref
class Node:
    def __init__(self, next=None):
        self.next = next
class Slim:
    __slots__ = ('a', 'b', '__weakref__')
class Loud:
    def __del__(self):
        print('del', gc.get_count())
def told(phase, info):
    print(phase, info['generation'], info['collected'], info['uncollectable'], gc.get_count())
gc.callbacks.append(told)
gc.set_threshold(60, 3, 3)
def grow(kept, n):
    for i in range(n):
        node = Node()
        node.next = Node(node)
        kept.append({'node': Node(), 'i': 1000 + i, 'f': i * 0.5})
        if i % 7 == 0:
            kept.pop(0)
    return [kept, n]
def numbers(n):
    for i in range(n):
        yield [i, (i, str(i))]
kept = []
pair = grow(kept, 60)
print(sys.getrefcount(kept), sys.getrefcount(pair), gc.get_count())
slim = Slim(); slim.a = kept; slim.b = slim
weak = weakref.ref(slim, lambda _: print('gone'))
loud = Loud()
lists = list(numbers(30))
print(sys.getrefcount(lists[3]), sys.getrefcount(slim), gc.get_count())
try:
    {}['missing']
except KeyError as error:
    print(sys.getrefcount(error))
kept[2:5] = [slim, slim]
print(sys.getrefcount(slim))
del slim, loud, pair
kept = kept[1:]
print(sys.getrefcount(kept), [len(gc.get_objects(generation=g)) > 0 for g in range(3)])
print(gc.collect(), gc.get_count())
print([{key: value for key, value in one.items() if key.startswith('col')} for one in gc.get_stats()])
