import gc
import sys
gc.set_threshold(50, 3, 3)
import helper
from pack import inner
rows = helper.make(40)
print(len(rows), gc.get_count(), helper.counted(rows))
inner.ring(30)
print(gc.get_count(), gc.get_stats()[0]['collections'])
print(gc.collect() > 0)
