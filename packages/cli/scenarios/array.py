# Claim 24: an array of 400 x 500 x 600 int32, a mask over it, and what is left when it is let go.
import gc
import sys

import numpy as np

recorder = __import__('reheap_recorder') if 'reheap_recorder' in sys.builtin_module_names else None


def tell(label):
    if recorder:
        recorder.mark(label)
    with open('/proc/self/status') as status:
        figures = dict(line.split(':') for line in status if line.startswith('Vm'))
    rss, peak = (int(figures[name].split()[0]) / 1024 for name in ('VmRSS', 'VmHWM'))
    print(f'{label}: {rss:.2f} MB now, {peak:.2f} MB at most', flush=True)


tell('start')
array = np.random.randint(0, 4096, size=(400, 500, 600), dtype=np.int32)
tell('with the array')
array[array <= 2800] = 0
tell('after the mask')
array = None
gc.collect()
tell('released')
