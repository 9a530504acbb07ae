"""The memory of an array: made, filtered through a mask, released. Prints resident and largest size in MB of 2**20 bytes."""

import gc

import numpy as np

try:
    from reheap_recorder import mark
except ImportError:

    def mark(label):
        pass


def sizes():
    with open("/proc/self/status") as status:
        kib = {line.split(":")[0]: line.split()[1] for line in status if line.startswith(("VmRSS", "VmHWM"))}
    return f"{int(kib['VmRSS']) / 1024:.2f} MB, at most {int(kib['VmHWM']) / 1024:.2f} MB"


def show(moment):
    print(f"{moment}: {sizes()}")
    mark(moment)


show("start")
array = np.random.default_rng(1).integers(0, 10000, (400, 500, 600), dtype=np.int32)
show("array")
array[array <= 2800] = 0
show("masked")
array = None
gc.collect()
show("released")
