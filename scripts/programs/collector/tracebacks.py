"""Exceptions that are kept in the very frames that their tracebacks hold."""
import gc

gc.set_threshold(700, 10, 10)

TURNS = 800
BALLAST = 0


class Refused(Exception):
    pass


def refuse(depth, payload):
    if depth == 0:
        raise Refused(payload)
    refuse(depth - 1, [payload])


def attempt(number):
    failure = None
    try:
        refuse(number % 4, {'number': number})
    except Refused as error:
        failure = error
    return failure is not None


ballast = [[number] for number in range(BALLAST)]
failures = []
count = 0
for number in range(TURNS):
    if attempt(number):
        count += 1
    if number % 50 == 0:
        try:
            refuse(2, [number])
        except Refused as error:
            failures.append(error)
failures.clear()
