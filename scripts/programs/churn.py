"""Objects that live briefly: instances, tuples, lists, dictionaries, strings."""


class Point(object):
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def moved(self, by):
        return Point(self.x + by, self.y - by)


def churn(rounds):
    kept = []
    for round in range(rounds):
        points = [Point(i, i * 2) for i in range(60)]
        moved = [point.moved(round) for point in points]
        table = {point.x: (point.y, str(point.x) + "," + str(point.y)) for point in moved}
        text = "".join(value[1] for value in table.values())
        if round % 10 == 0:
            kept.append((round, text[:40], table))
        if len(kept) > 12:
            del kept[::2]
    return len(kept)


print(churn(250))
