import gc
import sys


class Tree:
    def __init__(self, depth, parent=None):
        self.parent = parent
        self.children = [Tree(depth - 1, self) for _ in range(2)] if depth else []

    def count(self):
        return 1 + sum(child.count() for child in self.children)


def fib(n, memo):
    if n in memo:
        return memo[n]
    memo[n] = fib(n - 1, memo) + fib(n - 2, memo) if n > 1 else n
    return memo[n]


gc.set_threshold(100, 5, 5)
tree = Tree(6)
print(tree.count(), sys.getrefcount(tree), sys.getrefcount(tree.children[0]))
print(fib(60, {}))
branch = tree.children.pop()
branch.parent = None
print(branch.count(), sys.getrefcount(branch))
del tree
print(gc.collect() > 0)
deep = None
for i in range(500):
    deep = [deep]
print(sys.getrefcount(deep))
deep = None


def walk(n):
    return walk(n - 1) + [n] if n else []


print(len(walk(60)), gc.get_count()[1:])
