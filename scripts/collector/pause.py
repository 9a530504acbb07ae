"""What a full collection takes for each object that it visits, on the interpreter that runs this: prints nanoseconds.

Four heaps of `COUNT` objects: instances in a random graph and lists in a chain, each alive and as garbage. The figure is the
mean of the four, each the median of `ROUNDS`, in the process's own time.
"""

import gc
import random
import sys
import time

COUNT = 200_000
ROUNDS = 5


class Node:
    __slots__ = ("a", "b")


def graph():
    nodes = [Node() for _ in range(COUNT)]
    choose = random.Random(7).randrange
    for node in nodes:
        node.a = nodes[choose(COUNT)]
        node.b = nodes[choose(COUNT)]
    return nodes


def chain():
    first = []
    last = first
    for _ in range(COUNT):
        item = []
        last.append(item)
        last = item
    last.append(first)
    return first


def took():
    start = time.process_time()
    gc.collect()
    return (time.process_time() - start) / COUNT * 1e9


def median(figures):
    return sorted(figures)[len(figures) // 2]


def main():
    gc.disable()
    gc.collect()
    gc.freeze()
    sys.setrecursionlimit(10_000)
    figures = []
    for make in (graph, chain):
        alive = []
        garbage = []
        for _ in range(ROUNDS):
            heap = make()
            gc.collect()
            alive.append(took())
            del heap
            garbage.append(took())
        figures += [median(alive), median(garbage)]
    print(sys.version.split()[0], *[round(figure) for figure in figures], "mean", round(sum(figures) / len(figures)))


main()
