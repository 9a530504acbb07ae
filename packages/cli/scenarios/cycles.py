# Claim 14: objects that refer to each other never reach 0; a collection finds them.
import gc
import sys

gc.disable()


def leak(n):
    for i in range(n):
        left, right = [i], [-i]
        left.append(right)
        right.append(left)


leak(100)
print('collected', gc.collect())
left, right = {}, {}
left['other'], right['other'] = right, left
print('count', sys.getrefcount(left))
print('count', sys.getrefcount(right))
del left
print('count', sys.getrefcount(right))
print('collected', gc.collect())
del right
print('collected', gc.collect())
