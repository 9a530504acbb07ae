# Claim 20, before: an object for each point.
class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y


points = [Point(i, i + 1000) for i in range(300)]
print(sum(point.x for point in points))
