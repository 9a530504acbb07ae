# Objects that know each other, and rings that a collection must find: five million events under `reheap run`.
class Node:
    def __init__(self, number):
        self.number = number
        self.links = []
        self.text = "node %d" % number
kept = {}
for number in range(14000):
    node = Node(number)
    kept[number] = node
    if number > 0:
        node.links.append(kept.get(number // 2, node))
    if number % 7 == 0:
        ring = [Node(-1) for _ in range(3)]
        for each in ring:
            each.links.append(ring)
        del ring
    if number % 5 == 0 and number > 1000:
        kept.pop(number - 997, None)
print(len(kept))
