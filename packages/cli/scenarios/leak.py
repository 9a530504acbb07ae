# Claim 19: a structure keeps by mistake what nobody needs any more, and a cycle waits for a collector that is off.
import gc

gc.disable()


class Request:
    def __init__(self, number):
        self.number = number
        self.body = [number] * 20


seen = []


def handle(number):
    request = Request(number)
    seen.append(request)


def link():
    parent = Request(-1)
    child = Request(-2)
    parent.child = child
    child.parent = parent


for number in range(40):
    handle(number)
for _ in range(10):
    link()
