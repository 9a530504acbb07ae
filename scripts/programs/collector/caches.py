"""A cache that grows to thousands of entries, which refer to each other in tens, and is renewed part by part."""
import gc

gc.set_threshold(700, 10, 10)

TURNS = 3
BALLAST = 0


class Entry:
    def __init__(self, key, cache):
        self.key = key
        self.cache = cache
        self.neighbours = []


class Cache:
    def __init__(self, limit):
        self.limit = limit
        self.entries = {}

    def add(self, key):
        entry = Entry(key, self)
        near = self.entries.get(key - 1) if key % 10 else None
        if near is not None:
            entry.neighbours.append(near)
            near.neighbours.append(entry)
        self.entries[key] = entry
        if len(self.entries) > self.limit:
            for old in list(self.entries)[: self.limit // 4]:
                del self.entries[old]


ballast = [[number] for number in range(BALLAST)]
caches = []
for generation in range(TURNS):
    cache = Cache(400 + 300 * generation)
    caches.append(cache)
    for key in range(1500):
        cache.add(key)
    if len(caches) > 2:
        caches.pop(0)
