# Claim 22: the call that sets the collector's thresholds.
import gc

gc.set_threshold(700, 10, 5)
print(gc.get_threshold())
gc.disable()
gc.collect()
for i in range(1000):
    ring = [i]
    ring.append(ring)
print('collected', gc.collect(0))
del ring
print('collected', gc.collect())
gc.enable()
