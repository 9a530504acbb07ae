"""Makes many reference cycles beside a heap that stays, and counts how many are not yet collected; prints the maximum.

After the description of python/cpython#142001: its own script is not published with it.
"""
import gc

gc.set_threshold(2000, 10, 10)

LIVE = 2000
CYCLES = 1000


class Cycle:
    made = 0
    ended = 0
    most = 0

    def __init__(self):
        self.itself = self
        self.rows = [[number] for number in range(26)]
        Cycle.made += 1
        outstanding = Cycle.made - Cycle.ended
        if outstanding > Cycle.most:
            Cycle.most = outstanding

    def __del__(self):
        Cycle.ended += 1


kept = [[number] for number in range(LIVE)]
for _ in range(CYCLES):
    Cycle()
print(Cycle.most)
