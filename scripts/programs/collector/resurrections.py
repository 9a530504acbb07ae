"""Instances with a finalizer, in rings: every hundredth comes back to life once."""
import gc

gc.set_threshold(700, 10, 10)

TURNS = 900
BALLAST = 0


class Counted:
    made = 0
    ended = 0
    most = 0

    def __init__(self):
        self.next = self
        self.number = Counted.made
        Counted.made += 1
        outstanding = Counted.made - Counted.ended
        if outstanding > Counted.most:
            Counted.most = outstanding

    def __del__(self):
        Counted.ended += 1
        if self.number % 100 == 0:
            saved.append(self)


def ring(length):
    first = Counted()
    last = first
    for _ in range(length - 1):
        one = Counted()
        last.next = one
        last = one
    last.next = first
    return first


ballast = [[number] for number in range(BALLAST)]
saved = []
for turn in range(TURNS):
    held = ring(1 + turn % 4)
    if turn % 90 == 89:
        saved.clear()
held = None
print(Counted.most)
