import gc
import sys

gc.set_threshold(70, 5, 5)
squares = [[i, i * i] for i in range(100)]
table = {str(i): {'value': [i], 'next': None} for i in range(60)}
for name in table:
    table[name]['next'] = table[str((int(name) + 1) % 60)]
unique = {(i % 7, frozenset([i % 3])) for i in range(50)}
nested = [[(x, y) for x in range(5)] for y in range(12)]
print(len(squares), len(table), len(unique), len(nested), sys.getrefcount(table['0']))
flat = [pair for row in nested for pair in row if pair[0] != pair[1]]
flat.sort(key=lambda pair: (-pair[1], pair[0]))
print(flat[0], len(flat))
squares[10:20] = []
squares.insert(0, squares[5])
squares.reverse()
print(sys.getrefcount(squares[-1]), len(squares))
table.clear()
merged = {**{'a': [1]}, **{'b': [2]}}
left, *rest = [[1], [2], [3]]
print(merged, rest, gc.collect() > 0)
del squares, flat, nested, unique
print(gc.get_count()[1:])
