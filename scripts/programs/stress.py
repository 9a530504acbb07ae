"""
A stress of the allocator's own rules: many arenas, emptied pool by pool in varied orders, so that
arenas with equal numbers of free pools, full pools and full arenas all occur.

usage: stress.py [ARENAS]
"""
import sys

ARENAS = int(sys.argv[1]) if len(sys.argv) > 1 else 6
POOL_BYTES = 16384 if sys.version_info >= (3, 10) and sys.maxsize > 2**32 else 4096
POOLS = ARENAS * 64
HEADER = sys.getsizeof(b"")

state = [20260, 1]


def random(below):
    """A small generator of our own: the library's would allocate more than the test."""
    state[0] = (state[0] * 1103515245 + 12345) % 2147483648
    return (state[0] >> 8) % below


def block(size):
    """An object whose block is exactly `size` bytes."""
    return bytes(size - HEADER)


def shuffle(items):
    for place in range(len(items) - 1, 0, -1):
        other = random(place + 1)
        items[place], items[other] = items[other], items[place]


def fill(size, pools):
    """Pools full of blocks of one size: a list of lists, one for each pool, roughly."""
    count = (POOL_BYTES - 48) // size
    return [[block(size) for _ in range(count)] for _ in range(pools)]


def empty_pools(pools, share):
    """Frees whole pools in random order until a share of them is left."""
    shuffle(pools)
    while len(pools) > share:
        blocks = pools.pop()
        shuffle(blocks)
        while blocks:
            blocks.pop()


def holes(pools):
    """Frees one block in each pool, so that it links in front, then fills the hole again."""
    for blocks in pools:
        del blocks[random(len(blocks))]
    for blocks in pools:
        blocks.append(block(512))


big = fill(512, POOLS)
holes(big)
for keep, size in ((POOLS * 2 // 3, 256), (POOLS // 2, 512), (POOLS // 3, 512), (POOLS // 5, 480), (POOLS // 8, 512)):
    empty_pools(big, keep)
    other = fill(size, POOLS // 4)
    empty_pools(other, POOLS // 10)
    big.extend(other)
    del other
empty_pools(big, 3)

# Every size class, and sizes at the edges of what pymalloc serves and of what realloc leaves in place.
mixed = [block(size) for size in range(HEADER + 1, 561) for _ in range(3)]
shuffle(mixed)
del mixed[::2]
for size in (1, 15, 16, 17, 380, 384, 385, 500, 511, 512, 513, 600):
    growing = bytearray(size)
    for step in (1, 2, 5, 9, 40, 130, 400):
        growing.extend(b"x" * step)
    while len(growing) > 8:
        del growing[len(growing) * 3 // 4 :]
del mixed, big
print("stressed", ARENAS)
