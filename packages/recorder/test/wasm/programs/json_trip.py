import gc
import json
import sys

gc.set_threshold(150, 5, 5)
record = {'name': 'x', 'tags': ['a', 'b'], 'nested': {'deep': [1, 2.5, None, True]}}
text = json.dumps([dict(record, id=i) for i in range(40)])
print(len(text))
back = json.loads(text)
print(len(back), back[3]['nested']['deep'], sys.getrefcount(back[0]['tags']))
for one in back:
    one['parent'] = back
print(sys.getrefcount(back))
again = json.loads(json.dumps({'items': [str(i) for i in range(30)]}), object_hook=lambda d: list(d.items()))
print(again[0][0], len(again[0][1]))
del back, one
print(gc.collect() > 0, gc.get_count()[1:])
words = 'the quick brown fox jumps over the lazy dog'.split()
counts = {}
for word in words * 5:
    counts[word] = counts.get(word, 0) + 1
print(sorted(counts.items())[:2], ' '.join(words).title()[:9])
