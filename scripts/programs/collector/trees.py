"""Trees whose children know their parents: each is built, looked through and dropped."""
import gc

gc.set_threshold(700, 10, 10)

TURNS = 60
BALLAST = 0


class Branch:
    __slots__ = ('children', 'parent', 'name', '__weakref__')

    def __init__(self, parent, name):
        self.parent = parent
        self.name = name
        self.children = []
        if parent is not None:
            parent.children.append(self)


def grow(depth, fan):
    root = Branch(None, 'root')
    level = [root]
    for _ in range(depth):
        below = []
        for parent in level:
            for number in range(fan):
                below.append(Branch(parent, number))
        level = below
    return root


def size(root):
    waiting = [root]
    total = 0
    while waiting:
        branch = waiting.pop()
        total += 1
        waiting.extend(branch.children)
    return total


ballast = [[number] for number in range(BALLAST)]
forest = {}
total = 0
for turn in range(TURNS):
    tree = grow(3, 2 + turn % 3)
    total += size(tree)
    forest[turn % 4] = tree
del tree
forest.clear()
