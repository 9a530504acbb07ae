# Claim 13: allocations call the collector, not the clock; a call by hand looks at everything.
import gc

gc.set_threshold(100, 5, 5)


def ring():
    members = []
    members.append(members)


for _ in range(700):
    ring()
kept = [[i] for i in range(200)]
gc.collect()
