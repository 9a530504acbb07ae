import gc
import sys


def counter(start):
    count = [start]

    def step(by=1):
        count[0] += by
        return count[0]

    def reset():
        nonlocal count
        count = [start]
        return step

    return step, reset


gc.set_threshold(80, 4, 4)
made = [counter(i * 1000) for i in range(50)]
print(sum(step() for step, _ in made))
for _, reset in made[:20]:
    reset()
print(made[0][0](), sys.getrefcount(made[0][0]))
table = {}
for i in range(60):
    table[i] = lambda i=i, table=table: table[i]
print(len(table), sys.getrefcount(table))
table.clear()


def recursive():
    def inner(n):
        return [inner(n - 1)] if n else []
    return inner(5)


print([recursive() for _ in range(30)][0])
partial = [lambda x=x: x for x in ([], {}, set())]
print([one() for one in partial])
del made, partial
print(gc.collect() > 0, gc.get_count())
