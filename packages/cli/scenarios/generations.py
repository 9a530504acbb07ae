# Claim 15: what survives a collection of the youngest is looked at less often.
import gc

gc.disable()
gc.collect()
kept = []
kept.append(kept)
print('collected', gc.collect(0))
kept.append([kept])
print('collected', gc.collect(1))
del kept
print('collected', gc.collect(2))
late = [[]]
late[0].append(late)
print('collected', gc.collect(2))
late = None
print('collected', gc.collect(2))
