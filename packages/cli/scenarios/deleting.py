# Claim 12: `del x` and `x = None` both let go at once; only a cycle waits for the collector.
import gc
import sys


class Loud:
    def __del__(self):
        print('freed')


gc.disable()
x = Loud()
y = x
print('count', sys.getrefcount(x))
del y
print('count', sys.getrefcount(x))
del x
print('after del')
x = Loud()
x = None
print('after None')
ring = []
ring.append(ring)
print('count', sys.getrefcount(ring))
ring = None
print('collected', gc.collect())
