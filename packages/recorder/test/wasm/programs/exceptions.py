import gc
import sys


class Trouble(Exception):
    def __init__(self, what):
        super().__init__(what)
        self.what = what


def deep(n, held):
    mine = [n, held]
    if n == 0:
        raise Trouble(mine)
    return deep(n - 1, mine)


gc.set_threshold(60, 3, 3)
caught = []
for i in range(30):
    try:
        deep(i % 8, {'i': i})
    except Trouble as error:
        if i % 6 == 0:
            caught.append(error)
print(len(caught), sys.getrefcount(caught[1].what))
for i in range(20):
    try:
        try:
            {}[i]
        except KeyError as error:
            raise ValueError([error]) from error
    except ValueError as error:
        last = error
print(type(last.__cause__).__name__, sys.getrefcount(last))
try:
    int('x' * 3)
except ValueError as error:
    print(error)
finally:
    print('finally', gc.get_count()[1:])
caught.clear()
del last
print(gc.collect() > 0)
with open('/tmp/reheap-test.txt', 'w') as out:
    out.write('text')
try:
    open('/tmp/no/such')
except OSError as error:
    print(type(error).__name__)
